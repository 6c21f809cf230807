import { loadModel } from "orrery-lm/models";
import { Tokenizer } from "orrery-lm/tokenizers";
import { evaluate, type Evaluation } from "orrery-lm/training";
import { UsageError, defineCommand, wholeNumber } from "../command.ts";
import { readText } from "../read-text.ts";
import { runtimeOf, runtimeOptions } from "../runtime-option.ts";

interface Row {
  length: number;
  stride: number;
  windows: "apart" | "sliding";
  loss: number;
  bitsPerByte: number;
  tokens: number;
  perPosition?: (number | null)[];
}

/** `orrery eval` */
export default defineCommand({
  usage: "eval DIR [FILE] --length L[,L ...]",
  summary: "Measure how well a model predicts a text when it may look back over given lengths.",
  options: {
    length: {
      type: "string",
      value: "L",
      default: "128",
      help: "tokens read at once; several as 128,256,512",
    },
    stride: {
      type: "string",
      value: "N",
      help: "tokens between sliding windows (default: a quarter of the length)",
    },
    tokens: { type: "string", value: "N", default: "65536", help: "tokens to score at most" },
    "per-position": { type: "boolean", default: false, help: "the loss at each position too" },
    json: { type: "boolean", default: false, help: "print JSON" },
    lossy: { type: "boolean", default: false, help: "replace bytes that are not UTF-8" },
    ...runtimeOptions,
  },
  example: "orrery eval runs/novel held-out.txt --length 128,256,1024",

  async run({ json, lossy, ...values }, [folder, file, ...rest]) {
    if (folder === undefined || rest.length > 0)
      throw new UsageError("expected the folder of a model, and a text file or standard input");
    const lengths = values.length.split(",").map((part) => wholeNumber("length", part, 1));
    const maxTokens = wholeNumber("tokens", values.tokens, 1);
    const tokenizer = await Tokenizer.load(folder);
    const text = await readText(file, lossy);
    const model = await loadModel(folder, { runtime: await runtimeOf(values) });
    const tokens = tokenizer.encode(text, { addSpecialTokens: false });
    const bytesPerToken = new TextEncoder().encode(text).length / tokens.length;
    const rows: Row[] = [];
    for (const length of lengths) {
      const stride =
        values.stride === undefined
          ? Math.max(1, Math.floor(length / 4))
          : wholeNumber("stride", values.stride, 1);
      for (const [windows, step] of [
        ["apart", length],
        ["sliding", stride],
      ] as const) {
        // oxlint-disable-next-line no-await-in-loop
        const result = await evaluate(model, tokens, { length, stride: step, maxTokens });
        rows.push(
          rowOf({ length, stride: step, windows }, result, {
            bytesPerToken,
            isFull: values["per-position"],
          }),
        );
      }
    }
    if (json) process.stdout.write(`${JSON.stringify(rows)}\n`);
    else process.stdout.write(tableOf(rows));
  },
});

function rowOf(
  cut: Pick<Row, "length" | "stride" | "windows">,
  { loss, tokens, perPosition }: Evaluation,
  { bytesPerToken, isFull }: { bytesPerToken: number; isFull: boolean },
): Row {
  const row = { ...cut, loss, bitsPerByte: loss / Math.LN2 / bytesPerToken, tokens };
  if (!isFull) return row;
  return {
    ...row,
    perPosition: Array.from(perPosition, (value) => (Number.isNaN(value) ? null : value)),
  };
}

function tableOf(rows: readonly Row[]): string {
  const lines = ["  length  windows   stride   nats/token   bits/byte   tokens scored"];
  for (const { length, windows, stride, loss, bitsPerByte, tokens, perPosition } of rows) {
    lines.push(
      `${String(length).padStart(8)}  ${windows.padEnd(8)} ${String(stride).padStart(7)}   ${loss.toFixed(4).padStart(10)}   ${bitsPerByte.toFixed(4).padStart(9)}   ${String(tokens).padStart(13)}`,
    );
    if (perPosition)
      lines.push(
        `          by position: ${perPosition.map((value) => value?.toFixed(2) ?? "–").join(" ")}`,
      );
  }
  return `${lines.join("\n")}\n`;
}
