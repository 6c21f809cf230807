/**
 * Keys of config.json and their spelling in TypeScript. The two functions are each other's exact
 * inverse, so that anyone can search for either spelling.
 */
import { ConfigError } from "orrery-lm/base";

/**
 * Turns `num_key_value_heads` into `numKeyValueHeads`: each underscore before a small letter goes,
 * and the letter grows. Other underscores stay (`rotary_2d` ↔ `rotary_2d`).
 * @throws {ConfigError} if the key has a capital letter of A to Z, which could not be told apart.
 */
export function camelCase(key: string): string {
  if (/[A-Z]/.test(key)) {
    throw new ConfigError(`config.json: ${key}: expected a key in snake_case, got a capital`);
  }
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Turns `numKeyValueHeads` into `num_key_value_heads`.
 * @throws {ConfigError} if the name has an underscore before a small letter, as camelCase never has.
 */
export function snakeCase(name: string): string {
  if (/_[a-z]/.test(name)) {
    throw new ConfigError(`config: ${name}: expected a name in camelCase, got snake_case`);
  }
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
