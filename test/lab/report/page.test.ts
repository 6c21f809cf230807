import { type Report, type Table, renderReport, renderTable } from "orrery-lm/lab";
import { describe, expect, it } from "vitest";

const nasty = `<script>alert("1")</script> & 'x' </style>`;
const escaped =
  "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39; &lt;/style&gt;";

const report: Report = {
  title: `t ${nasty}`,
  question: `q ${nasty}`,
  answer: `a ${nasty}`,
  facts: [[`n ${nasty}`, `v ${nasty}`]],
  sections: [
    {
      heading: `h ${nasty}`,
      blocks: [
        { type: "text", text: `p ${nasty}` },
        { type: "code", code: `c ${nasty}` },
        { type: "samples", samples: [{ title: `s ${nasty}`, text: `w ${nasty}` }] },
        {
          type: "table",
          table: {
            caption: `k ${nasty}`,
            columns: [{ label: `l ${nasty}`, group: `g ${nasty}` }],
            rows: [{ cells: [`b ${nasty}`] }],
          },
          note: `o ${nasty}`,
        },
        {
          type: "figure",
          caption: `f ${nasty}`,
          digits: 2,
          figure: {
            title: `i ${nasty}`,
            description: `d ${nasty}`,
            x: { label: `x ${nasty}` },
            y: { label: `y ${nasty}` },
            rules: [{ x: 1, label: `r ${nasty}` }],
            series: [
              {
                name: `e ${nasty}`,
                points: [
                  { x: 1, y: 2, low: 1.5, high: 2.5 },
                  { x: 2, y: 3 },
                ],
              },
            ],
          },
        },
      ],
    },
  ],
  footer: `z ${nasty}`,
};

const html = await renderReport(report);

describe("renderReport", () => {
  it("escapes every text", () => {
    expect(html).not.toContain("<script");
    expect(html.match(/<\/style>/g)).toHaveLength(3); // The page's own and one in each drawing.
    for (const letter of "tqanvhpcswklgbofidez") expect(html).toContain(`${letter} ${escaped}`);
  });

  it("needs nothing from elsewhere", () => {
    expect(html).not.toMatch(/<(script|link|img|iframe|object)\b|\bsrc=|href=|url\(|@import/i);
    const addresses = html.match(/https?:\/\/[^"\s<]+/g) ?? [];
    expect(addresses.filter((address) => !address.startsWith("http://www.w3.org/"))).toEqual([]);
  });

  it("closes every element that it opens", () => {
    const open: string[] = [];
    const wrong: string[] = [];
    for (const [tag, slash, name] of html.matchAll(/<(\/?)([a-z]\w*)\b[^>]*>/gi)) {
      if (name === "meta" || tag.endsWith("/>")) continue;
      if (slash === "") open.push(name!);
      else if (open.pop() !== name) wrong.push(tag);
    }
    expect(wrong).toEqual([]);
    expect(open).toEqual([]);
  });

  it("has each figure for wide and for narrow screens, and its numbers", () => {
    expect(html.match(/<svg /g)).toHaveLength(2);
    expect(html).toMatch(/<div class="wide"><svg [^>]*><style>[^]*<div class="narrow"><svg /);
    expect(html).toMatch(/<details><summary>The numbers<\/summary>[^]*>2\.00 ± 0\.50<[^]*>3\.00</);
  });

  it("is for phones, for dark screens and for paper", () => {
    expect(html).toContain('name="viewport" content="width=device-width, initial-scale=1"');
    expect(html).toContain("prefers-color-scheme: dark");
    expect(html).toContain("@media print");
    expect(html).toContain('<html lang="en">');
  });
});

describe("renderTable", () => {
  const table: Table = {
    columns: [
      { label: "arm" },
      { label: "1×", isNumeric: true, group: "one way" },
      { label: "8×", isNumeric: true, group: "one way" },
      { label: "1×", isNumeric: true, group: "other way" },
    ],
    rows: [
      { cells: ["RoPE", "1.00", "2.00", "3.00"], slot: 3 },
      { cells: ["aside", "1.00", "2.00", "3.00"], isAside: true },
    ],
  };

  it("spans groups over their columns", () => {
    expect(renderTable(table)).toContain(
      '<tr><td colspan="1"></td><th scope="colgroup" class="group" colspan="2">one way</th>' +
        '<th scope="colgroup" class="group" colspan="1">other way</th></tr>',
    );
  });

  it("puts numbers to the right, and names rows by their first cell", () => {
    const source = renderTable(table);
    expect(source).toMatch(
      /<th scope="row"><span class="swatch"[^>]*series-3[^>]*><\/span>RoPE<\/th>/,
    );
    expect(source).toContain('<td class="number first">1.00</td><td class="number">2.00</td>');
    expect(source).toContain('<tr class="aside"><th scope="row">aside</th>');
  });
});
