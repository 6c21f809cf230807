import { SpecialTokenError, type Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, it } from "vitest";
import { loadJson, piecesOf } from "./tokenizers.ts";

describe("an explanation", () => {
  const token = {
    single_word: false,
    lstrip: false,
    rstrip: true,
    normalized: false,
    special: false,
  };
  const added = [
    { ...token, id: 1, content: "<s>", special: true },
    { ...token, id: 2, content: "Ab", normalized: true },
  ];
  const load = (): Promise<Tokenizer> =>
    loadJson({
      added_tokens: added,
      normalizer: {
        type: "Sequence",
        normalizers: [
          { type: "NFC" },
          {
            type: "Sequence",
            normalizers: [
              { type: "Lowercase" },
              { type: "Strip", strip_left: true, strip_right: false },
            ],
          },
        ],
      },
      post_processor: { type: "BertProcessing", sep: ["?", 0], cls: ["<s>", 1] },
      model: { type: "WordLevel", unk_token: "?", vocab: { "?": 0, "<s>": 1, c: 3 } },
    });

  it("has added tokens, each normalizer that changed something, and what was put around", async () => {
    const { sections, tokens } = await (
      await load()
    ).explain("C<s> aBC", { specialTokens: "match" });
    const lowercase = (before: string) => ({
      name: "Lowercase",
      before,
      after: before.toLowerCase(),
    });
    const piece = {
      type: "piece",
      text: "c",
      rules: [],
      steps: { type: "lookUps", lookUps: [{ text: "c", id: 3 }] },
    };
    const place = (start: number) => ({
      start,
      end: start + 1,
      tokens: [{ id: 3, token: "c", start, end: start + 1, kind: "token" }],
    });
    expect(sections).toEqual([
      {
        type: "text",
        start: 0,
        end: 1,
        normalizers: [lowercase("C")],
        normalized: "c",
        parts: [{ ...piece, ...place(0) }],
      },
      { type: "addedToken", start: 1, end: 5, text: "<s> ", id: 1, token: "<s>", isSpecial: true },
      {
        type: "text",
        start: 5,
        end: 8,
        normalizers: [lowercase("aBC")],
        normalized: "abc",
        parts: [
          {
            type: "addedToken",
            start: 5,
            end: 7,
            text: "ab",
            id: 2,
            token: "ab",
            isSpecial: false,
          },
          { ...piece, ...place(7) },
        ],
      },
    ]);
    expect(tokens.map(({ id, isAdded }) => [id, isAdded])).toEqual([
      [1, true],
      [3, false],
      [1, false],
      [2, false],
      [3, false],
      [0, true],
    ]);
  });

  it("takes special tokens for text unless asked, or refuses them", async () => {
    const tokenizer = await load();
    const { sections } = await tokenizer.explain("<s>");
    expect(sections.map(({ type }) => type)).toEqual(["text"]);
    const refusing = tokenizer.explain("<s>", { specialTokens: "refuse" });
    await expect(refusing).rejects.toThrow(SpecialTokenError);
  });

  it("leaves out what the post-processor adds if asked", async () => {
    const { tokens } = await (await load()).explain("c", { addSpecialTokens: false });
    expect(tokens).toEqual([{ id: 3, token: "c", start: 0, end: 1, isAdded: false }]);
  });

  it("is plain data", async () => {
    const explanation = await (await load()).explain("C<s> aB é", { specialTokens: "match" });
    expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
  });

  it("of a long piece has all its merges", async () => {
    const vocab = { a: 0, b: 1, ab: 2 };
    const tokenizer = await loadJson({ model: { type: "BPE", vocab, merges: [["a", "b"]] } });
    const [piece] = piecesOf(await tokenizer.explain("ab".repeat(50_000)));
    expect(piece!.tokens.length).toBe(50_000);
    expect(piece!.steps.type === "merges" && piece!.steps.merges.length).toBe(50_000);
  });
});
