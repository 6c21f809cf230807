// Plain JavaScript: a thread of Node 20 cannot load TypeScript.
import { serveCalls } from "#workers";

class ConfigError extends Error {
  name = "ConfigError";
}

serveCalls(({ task, value }) => {
  switch (task) {
    case "double":
      return { reply: 2 * value };
    case "lone surrogate":
      return { reply: [value, value.length] };
    case "transfer": {
      const numbers = Float64Array.from([1, value]);
      return { reply: numbers, transfer: [numbers.buffer] };
    }
    case "refuse":
      throw new ConfigError(`no ${value}`);
    case "break":
      return value.nothing.there;
    case "loop":
      for (;;);
  }
});
