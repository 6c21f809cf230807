import { type LineFigure, lineFigure, palette } from "orrery-lm/lab";
import { describe, expect, it } from "vitest";

const figure: LineFigure = {
  title: "Loss & length",
  description: 'of "a" <and> b',
  x: { label: "length", scale: "log2", ticks: [1, 2, 4], suffix: "×" },
  y: { label: "nats per token" },
  rules: [{ x: 1, label: "training <length>" }],
  series: [
    {
      name: "a <b>",
      points: [
        { x: 1, y: 2, low: 1.9, high: 2.1 },
        { x: 2, y: 3, low: 2.7, high: 3.3 },
        { x: 4, y: 4, low: 3.1, high: 4.9 },
      ],
    },
    { name: "short", points: [{ x: 1, y: 2 }], slot: 4 },
    {
      name: "dashed",
      isDashed: true,
      points: [
        { x: 1, y: 2 },
        { x: 4, y: 3.98 },
      ],
    },
  ],
};

const svg = await lineFigure(figure);

/** The opening tags of the SVG's elements of this name. */
const tags = (source: string, name: string): string[] =>
  source.match(new RegExp(`<${name}\\b[^>]*>`, "g")) ?? [];

describe("lineFigure", () => {
  it("is one SVG with a text alternative", () => {
    expect(tags(svg, "svg")).toHaveLength(1);
    expect(svg).toMatch(
      /^<svg role="img" aria-label="Loss &amp; length\. of &quot;a&quot; &lt;and&gt; b"/,
    );
    expect(svg).toMatch(/<\/svg>$/);
  });

  it("escapes all text", () => {
    expect(svg).toContain("a &lt;b&gt;");
    expect(svg).toContain("training &lt;length&gt;");
    expect(svg).not.toMatch(/<b>|<length>|<and>/);
  });

  it("gives the same bytes for the same figure", async () => {
    expect(await lineFigure(figure)).toBe(svg);
  });

  it("colors by slot, the same in every figure, with a color for paper to fall back to", () => {
    const colors = [0, 4, 2].map((slot) => `var(--series-${slot}, ${palette[slot]!.light})`);
    for (const color of colors) expect(svg).toContain(`fill="${color}"`);
    expect(svg).not.toContain("var(--series-1,");
  });

  it("draws a band only where there is an interval, and dashes only where asked", () => {
    expect(tags(svg, "g").filter((tag) => tag.includes('aria-label="area"'))).toHaveLength(1);
    expect(tags(svg, "g").filter((tag) => tag.includes('stroke-dasharray="5 4"'))).toHaveLength(1);
  });

  it("writes ticks with their suffix", () => {
    for (const tick of ["1×", "2×", "4×"]) expect(svg).toContain(`>${tick}</text>`);
  });

  it("names lines at their ends when wide, and leaves the names to the legend when narrow", async () => {
    expect(svg).toContain(">dashed</text>");
    expect(svg).toContain(">short, ends here</text>");
    const narrow = await lineFigure(figure, { width: 370 });
    expect(narrow).not.toContain(">dashed</text>");
    expect(narrow).toContain('width="370"');
  });

  it("keeps names apart that end at almost the same height", async () => {
    const crowded: LineFigure = {
      ...figure,
      series: ["p", "q", "r", "s"].map((name, i) => ({
        name: `line ${name}`,
        points: [
          { x: 1, y: i },
          { x: 4, y: 5 + i / 1000 },
        ],
      })),
    };
    const drawn = await lineFigure(crowded);
    const heights = ["p", "q", "r", "s"].map((name) => {
      const [, dy, y] = new RegExp(
        `translate\\([\\d.]+,([-\\d.]+)\\)"[^>]*><text[^>]*translate\\([\\d.]+,([\\d.]+)\\)"[^>]*>line ${name}<`,
      ).exec(drawn)!;
      return Number(dy) + Number(y);
    });
    const gaps = heights.slice(1).map((height, i) => heights[i]! - height);
    for (const gap of gaps) expect(gap).toBeGreaterThan(14.9);
  });

  it("draws a figure without points", async () => {
    const empty = { ...figure, rules: [], series: [{ name: "nothing", points: [] }] };
    expect(await lineFigure(empty)).toContain("<svg");
  });
});

describe("palette", () => {
  const linear = (hex: string): number[] =>
    [1, 3, 5].map((at) => {
      const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const luminance = (hex: string): number => dot([0.2126, 0.7152, 0.0722], linear(hex));
  /** WCAG 2.2, "contrast ratio". */
  const contrast = (a: string, b: string): number => {
    const [low, high] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
    return (high! + 0.05) / (low! + 0.05);
  };
  /** CIE L*a*b* of linear sRGB, D65. */
  const lab = (rgb: readonly number[]): number[] => {
    const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
    const x = f(dot([0.4124, 0.3576, 0.1805], rgb) / 0.9505);
    const y = f(dot([0.2126, 0.7152, 0.0722], rgb));
    const z = f(dot([0.0193, 0.1192, 0.9505], rgb) / 1.089);
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  };
  // Machado, Oliveira & Fernandes 2009, table 1, severity 1.0, on linear sRGB.
  const eyes = {
    usual: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    protanopia: [
      [0.152286, 1.052583, -0.204868],
      [0.114503, 0.786281, 0.099216],
      [-0.003882, -0.048116, 1.051998],
    ],
    deuteranopia: [
      [0.367322, 0.860646, -0.227968],
      [0.280085, 0.672501, 0.047413],
      [-0.01182, 0.04294, 0.968881],
    ],
  };

  it.each(palette.map((color, slot) => ({ slot, ...color })))(
    "slot $slot stands out from paper and from the dark screen",
    ({ light, dark }) => {
      expect(contrast(light, "#fdfcfa")).toBeGreaterThanOrEqual(3);
      expect(contrast(dark, "#161513")).toBeGreaterThanOrEqual(3);
    },
  );

  describe.each(["light", "dark"] as const)("%s", (ground) => {
    it.each(Object.entries(eyes))("the first five stay apart with %s vision", (_, matrix) => {
      const seen = palette
        .slice(0, 5)
        .map((color) => lab(matrix.map((row) => Math.max(0, dot(row, linear(color[ground]))))));
      const distances = seen.flatMap((a, i) =>
        seen.slice(i + 1).map((b) => Math.hypot(...a.map((value, k) => value - b[k]!))),
      );
      // In units of L*a*b*, of which 2.3 are just noticeable.
      expect(Math.min(...distances)).toBeGreaterThan(15);
    });
  });
});
