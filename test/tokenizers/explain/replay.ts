import type { ExplainedPiece, Explanation, FoundToken, Tokenizer } from "orrery-lm/tokenizers";

type MergeSteps = Extract<ExplainedPiece["steps"], { readonly type: "merges" }>;
type Id = number | null;

/** What is wrong with an explanation; nothing if it leads to the ids of the tokenizer. */
export function faultsOf(tokenizer: Tokenizer, explanation: Explanation): string[] {
  const faults: string[] = [];
  const expect = (what: string, got: unknown, expected: unknown): void => {
    if (JSON.stringify(got) !== JSON.stringify(expected)) {
      faults.push(`${what}: got ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`);
    }
  };
  const { text, sections, tokens } = explanation;
  let end = 0;
  for (const section of sections) {
    expect("the start of a section", section.start, end);
    end = section.end;
  }
  expect("the end of the last section", end, text.length);
  const parts = sections.flatMap((section): readonly (FoundToken | ExplainedPiece)[] =>
    section.type === "text" ? section.parts : [section],
  );
  const ids = parts.flatMap((part) =>
    part.type === "piece" ? part.tokens.map(({ id }) => id) : [part.id],
  );
  const ofText = tokens.filter(({ isAdded }) => !isAdded);
  expect(
    "the tokens of the parts",
    ids,
    ofText.map(({ id }) => id),
  );
  for (const section of sections) {
    if (section.type !== "text") continue;
    for (const { start, end: itsEnd } of section.parts) {
      const isInside = section.start <= start && start <= itsEnd && itsEnd <= section.end;
      expect(`a part ${start} to ${itsEnd}`, isInside, true);
    }
  }
  for (const part of parts) {
    if (part.type === "piece")
      expect(`steps of ${JSON.stringify(part)}`, ...outcomes(tokenizer, part));
  }
  return faults;
}

/** What the steps of a piece lead to, and its tokens, comparable to each other. */
function outcomes(
  tokenizer: Tokenizer,
  { steps, text, tokens }: ExplainedPiece,
): readonly [got: readonly Id[], expected: readonly Id[]] {
  const ids = tokens.map(({ id }) => id);
  switch (steps.type) {
    case "wholeToken":
      return [tokens.length === 1 && tokens[0]!.kind === "token" ? ids : [], ids];
    case "longestMatches":
      return steps.failure === null
        ? [steps.matches.map(({ id }) => id), ids]
        : [tokens.filter(({ kind }) => kind !== "unknown").map(({ id }) => id), []];
    case "bestPath":
      checkCover(text, steps.best.symbols);
      if (steps.runnerUp !== null) checkCover(text, steps.runnerUp.symbols);
      return withFallback(tokenizer, steps.best.symbols, tokens);
    case "lookUps":
      checkCover(text, steps.lookUps);
      return withFallback(tokenizer, steps.lookUps, tokens);
    case "merges": {
      const row = replay(tokenizer, steps);
      // SentencePiece falls back to bytes or to the unknown token at the end, others at the start.
      return row.some(({ id }) => id === null)
        ? withFallback(tokenizer, row, tokens)
        : [row.map(({ id }) => id), ids];
    }
  }
}

function checkCover(text: string, symbols: readonly { readonly text: string }[]): void {
  const joined = symbols.map((symbol) => symbol.text).join("");
  if (joined !== text) throw new Error(`${JSON.stringify(joined)} is not ${JSON.stringify(text)}`);
}

/** Makes the merges one after the other, without looking for any. */
function replay(
  tokenizer: Tokenizer,
  { symbols, merges, takenApart }: MergeSteps,
): readonly { readonly text: string; readonly id: Id }[] {
  const row: ({ text: string; id: Id } | undefined)[] = symbols.map((symbol) => ({ ...symbol }));
  for (const { left, right, result, id, at } of merges) {
    let other = at + 1;
    while (row[other] === undefined && other < row.length) other++;
    if (row[at]?.text !== left || row[other]?.text !== right) {
      throw new Error(`${left} and ${right} do not stand at ${at}`);
    }
    row[at] = { text: result, id };
    row[other] = undefined;
  }
  let left = row.filter((symbol) => symbol !== undefined);
  for (const { text, parts } of takenApart) {
    const place = left.findIndex((symbol) => symbol.text === text);
    const apart = parts.map((part) => ({ text: part, id: tokenizer.tokenToId(part) ?? null }));
    left = left.toSpliced(place, 1, ...apart);
  }
  return left;
}

/** Neighbors that are unknown count as one, whatever became of them. */
function withFallback(
  tokenizer: Tokenizer,
  symbols: readonly { readonly id: Id }[],
  tokens: ExplainedPiece["tokens"],
): readonly [Id[], Id[]] {
  // The unknown token itself may stand in the text, "<unk>", and joins unknown neighbors.
  const isUnknown = (id: Id): boolean => id === null || id === tokenizer.unknownId;
  const known = symbols.map(({ id }) => (isUnknown(id) ? null : id));
  const got = tokenizer.unknownId === undefined ? known.filter((id) => id !== null) : known;
  const expected = tokens.map(({ id, kind }) => (kind !== "token" || isUnknown(id) ? null : id));
  return [joinNulls(got), joinNulls(expected)];
}

function joinNulls(ids: readonly Id[]): Id[] {
  return ids.filter((id, i) => id !== null || i === 0 || ids[i - 1] !== null);
}
