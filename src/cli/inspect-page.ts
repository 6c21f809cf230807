/** A model explained on a page with a picture. */

import { renderReport, stackPicture } from "orrery-lm/lab";
import type { ModelInspection } from "orrery-lm/models";
import { blockLines, blockTitle, costText, frameLines, inspectionText } from "./inspect-text.ts";

/** One HTML file that needs no network. */
export function inspectionPage(name: string, model: ModelInspection): Promise<string> {
  const { parameters, kind, modelType, questions, assumptions, notes } = model;
  const [before, behind] = frameLines(model);
  const picture = stackPicture([
    { title: "logits", lines: behind },
    ...model.blocks
      .map((block) => ({ title: blockTitle(block), lines: blockLines(block).reverse() }))
      .reverse(),
    { title: "token ids", lines: ["embedding", ...before].reverse() },
  ]);
  const list = (lines: readonly string[]): string =>
    lines.length > 0 ? lines.join("\n") : "nothing";
  return renderReport({
    title: name,
    question: `What is in this ${modelType}?`,
    answer: inspectionText(model).split("\n")[0]!,
    facts: [
      ["kind", kind],
      ["parameters", parameters.total.toLocaleString("en")],
      ["questions", questions.join(", ")],
    ],
    sections: [
      {
        heading: "Parts",
        blocks: [
          { type: "picture", svg: picture, caption: "Computed from the bottom to the top." },
        ],
      },
      { heading: "What a token costs", blocks: [{ type: "code", code: costText(model) }] },
      {
        heading: "Parameters",
        blocks: [
          {
            type: "code",
            code: Object.entries(parameters.byPart)
              .map(([part, count]) => `${part}: ${count.toLocaleString("en")}`)
              .join("\n"),
          },
        ],
      },
      { heading: "Assumed", blocks: [{ type: "code", code: list(assumptions) }] },
      { heading: "Without effect", blocks: [{ type: "code", code: list(notes) }] },
    ],
    footer: "Made by orrery inspect.",
  });
}
