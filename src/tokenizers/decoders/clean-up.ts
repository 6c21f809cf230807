const REPLACEMENTS = [
  [" .", "."],
  [" ?", "?"],
  [" !", "!"],
  [" ,", ","],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" do not", " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
] as const;

/**
 * Takes away the blanks that cutting put before English punctuation and contractions, one rule after
 * the other. `WordPiece` and `CTC` apply it to each token, not to the whole text, and it makes
 * "don't" of every "do not".
 */
export function cleanUp(token: string): string {
  return REPLACEMENTS.reduce((text, [from, to]) => text.replaceAll(from, to), token);
}
