/**
 * The errors that Orrery throws on purpose. Each message says where, what was expected, what came
 * and, where it is known, the likely remedy; the same facts stand in the fields.
 * The command line prints the message of these and the stack of anything else.
 */

/** A tensor of the wrong shape reached `where`. */
export class ShapeError extends Error {
  override name = "ShapeError" as const;
  readonly expected: readonly (string | number)[];
  readonly actual: readonly (string | number)[];

  constructor(
    where: string,
    expected: readonly (string | number)[],
    actual: readonly (string | number)[],
  ) {
    super(`${where}: expected shape [${expected.join(", ")}], got [${actual.join(", ")}]`);
    this.expected = expected;
    this.actual = actual;
  }
}

/** A setting, option or argument that cannot work, alone or with the others. */
export class ConfigError extends Error {
  override name = "ConfigError" as const;
}

/** What lies on disk was made with other settings than those that are asked for now. */
export class OtherSettingsError extends ConfigError {}

/** Bytes that are not what their format promises. */
export class FormatError extends Error {
  override name = "FormatError" as const;
  readonly format: string;
  /** Where in the file the trouble begins, in bytes, where it is known. */
  readonly offset: number | undefined;

  constructor(format: string, message: string, options: { offset?: number; cause?: unknown } = {}) {
    const place = options.offset === undefined ? "" : ` (byte ${options.offset})`;
    super(`${format}: ${message}${place}`, { cause: options.cause });
    this.format = format;
    this.offset = options.offset;
  }
}

/** True for the errors that are the user's to fix and whose message says how. */
export function isExpectedError(error: unknown): error is Error {
  return (
    error instanceof ShapeError || error instanceof ConfigError || error instanceof FormatError
  );
}
