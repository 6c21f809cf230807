import { suggestion } from "orrery-lm/base";
import { defineCommand } from "../command.ts";
import { registry } from "../registry.ts";
import { jsonOption } from "../shared-options.ts";
import { write } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

const GROUP = "lab ";

/** Lists the experiments. */
export default defineCommand({
  description: "Lists the experiments. `orrery lab NAME` runs one.",
  operands: { usage: "[list]", min: 0, max: 1 },
  options: jsonOption,
  examples: ["orrery lab", "orrery lab extrapolation --quick"],
  run: async ({ values, operands, terminal: { stdout } }) => {
    const experiments = Object.entries(registry)
      .filter(([name]) => name.startsWith(GROUP))
      .map(([name, { summary }]) => ({ name: name.slice(GROUP.length), question: summary }));
    const [word = "list"] = operands;
    if (word !== "list") {
      const known = experiments.map(({ name }) => name);
      throw new UsageError(`there is no experiment ${word}${suggestion(word, known)}`);
    }
    await write(
      stdout,
      values.json
        ? `${JSON.stringify(experiments)}\n`
        : experiments
            .map(({ name, question }) => `${name}  ${question}\n    orrery lab ${name} --quick\n`)
            .join(""),
    );
    return 0;
  },
});
