import type {
  ExplainedPiece,
  ExplainedSymbol,
  Explanation,
  FoundToken,
  ModelSteps,
  PieceToken,
  ScoredPath,
  TextSection,
} from "orrery-lm/tokenizers";

/** An explanation for people to read: a line for each step, indented under what it is a step of. */
export function explanationText({ sections, tokens }: Explanation): string {
  const lines = sections.flatMap((section) =>
    section.type === "text" ? textLines(section) : [foundLine(section)],
  );
  const added = tokens.flatMap(({ id, token, isAdded }, i) =>
    isAdded ? [`${id} ${quote(token)} as token ${i + 1}`] : [],
  );
  if (added.length > 0) lines.push("the post-processor adds", ...indent(added));
  return lines.join("\n");
}

function foundLine({ start, end, text, id, token, isSpecial }: FoundToken): string {
  const spelled = text === token ? quote(token) : `${quote(text)} as ${quote(token)}`;
  return `${start}-${end} ${isSpecial ? "special" : "added"} token ${spelled}: ${id}`;
}

function textLines({ start, end, normalizers, parts }: TextSection): string[] {
  const steps = normalizers.map(
    ({ name, before, after }) => `${name}: ${quote(before)} → ${quote(after)}`,
  );
  return [
    `${start}-${end} text`,
    ...indent(steps),
    ...indent(
      parts.flatMap((part) => (part.type === "piece" ? pieceLines(part) : foundLine(part))),
    ),
  ];
}

function pieceLines({ start, end, text, rules, steps, tokens }: ExplainedPiece): string[] {
  const by = rules.map(({ name, alternative }) =>
    alternative === null ? name : `${name} /${visible(alternative)}/`,
  );
  const head = `${start}-${end} piece ${quote(text)}${by.length > 0 ? `, by ${by.join(", ")}` : ""}`;
  return [head, ...indent([...stepLines(steps), `= ${tokens.map(tokenText).join("  ")}`])];
}

function stepLines(steps: ModelSteps): string[] {
  switch (steps.type) {
    case "wholeToken":
      return ["is a token as a whole"];
    case "merges":
      return [
        `from ${steps.symbols.map(symbolText).join(" ")}`,
        ...steps.merges.map(
          ({ left, right, result, rank, score }) =>
            `${left} + ${right} → ${result} (${score === null ? `rank ${rank}` : `score ${score}`})`,
        ),
        ...steps.takenApart.map(({ text, parts }) => `${text} is taken apart: ${parts.join(" ")}`),
      ];
    case "longestMatches": {
      const { matches, failure } = steps;
      const found = matches.map(({ text }) => `longest match ${text}`);
      if (failure === null) return found;
      return failure.reason === "noToken"
        ? [...found, `unknown: no token begins ${quote(failure.rest)}`]
        : [`unknown: ${failure.characters} characters, more than ${failure.limit}`];
    }
    case "bestPath":
      return [
        `best ${pathText(steps.best)}`,
        ...(steps.runnerUp === null ? [] : [`next ${pathText(steps.runnerUp)}`]),
      ];
    case "lookUps":
      return [`looks up ${steps.lookUps.map(symbolText).join(" ")}`];
  }
}

function pathText({ symbols, score }: ScoredPath): string {
  const parts = symbols.map((symbol) => `${symbolText(symbol)} ${symbol.score.toFixed(3)}`);
  return `${score.toFixed(3)}: ${parts.join(" + ")}`;
}

function symbolText({ text, id }: ExplainedSymbol): string {
  const spelled = visible(text);
  // A blank would look like one between symbols.
  const shown = /\s/u.test(spelled) ? `"${spelled}"` : spelled;
  return id === null ? `${shown}?` : shown;
}

function tokenText({ id, token, kind }: PieceToken): string {
  return `${id} ${quote(token)}${kind === "token" ? "" : ` (${kind})`}`;
}

function quote(text: string): string {
  return `"${visible(text)}"`;
}

/** Line breaks and other controls would tear the lines apart. */
function visible(text: string): string {
  return text.replaceAll(/\p{Cc}|[\u2028\u2029]/gu, (c) => {
    const known = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[c];
    return known ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
