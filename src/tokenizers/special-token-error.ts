/** A text that was to hold no special token holds one. */
export class SpecialTokenError extends Error {
  override name = "SpecialTokenError" as const;
  readonly token: string;
  /** Where in the text it stands, in UTF-16 units. */
  readonly offset: number;

  constructor(token: string, offset: number) {
    super(
      `the text has the special token ${JSON.stringify(token)} at ${offset}; ` +
        `encode it with specialTokens "text" (as plain text) or "match" (as the token)`,
    );
    this.token = token;
    this.offset = offset;
  }
}
