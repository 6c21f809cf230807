import { ConfigError } from "orrery-lm/base";

/**
 * For callers without types: what is not known must not mean anything.
 * @throws {ConfigError} if a value is none of the choices.
 */
export function checkChoice(name: string, value: unknown, choices: readonly string[]): void {
  if (choices.some((choice) => choice === value)) return;
  const expected = choices.map((choice) => JSON.stringify(choice)).join(", ");
  throw new ConfigError(`${name}: expected one of ${expected}, got ${describeValue(value)}`);
}

function describeValue(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : `a ${typeof value}`;
}
