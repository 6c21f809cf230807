import { ConfigError } from "orrery-lm/base";

/** A command line that cannot be understood: the command ends with exit code 2. */
export class UsageError extends Error {
  override name = "UsageError" as const;
}

/**
 * Checks settings that come from options.
 *
 * @throws {UsageError} in place of a ConfigError.
 */
export function checkUsage<Result>(check: () => Result): Result {
  try {
    return check();
  } catch (cause) {
    if (cause instanceof ConfigError) throw new UsageError(cause.message, { cause });
    throw cause;
  }
}
