/** What a command of the command line is: its options, its help, and what it does. */

import type { Terminal } from "./terminal.ts";

interface Described {
  readonly help: string;
  /** The heading under which help shows it. @default "Options" */
  readonly group?: string;
}

/** An option that takes a value; `value` is how help calls it. */
interface Valued extends Described {
  readonly value: string;
}

/** One option. */
export type OptionSpec =
  | (Described & { readonly type: "flag" })
  | (Valued & { readonly type: "text"; readonly isRequired?: true })
  /** May be given several times. */
  | (Valued & { readonly type: "texts" })
  | (Valued & { readonly type: "whole"; readonly min?: number; readonly isRequired?: true })
  | (Valued & { readonly type: "number" })
  | (Described & { readonly type: "choice"; readonly choices: readonly string[] });

/** Options by their long names, in the order of the help text. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

type GivenValue<Spec> = Spec extends { readonly type: "whole" | "number" }
  ? number
  : Spec extends { readonly type: "choice"; readonly choices: readonly (infer Choice)[] }
    ? Choice
    : string;

type OptionValue<Spec> = Spec extends { readonly type: "flag" }
  ? boolean
  : Spec extends { readonly type: "texts" }
    ? readonly string[]
    : Spec extends { readonly isRequired: true }
      ? GivenValue<Spec>
      : GivenValue<Spec> | undefined;

/** What was given for each option; undefined where nothing was. */
export type OptionValues<Specs> = { readonly [Name in keyof Specs]: OptionValue<Specs[Name]> };

/** What a command is told. */
export interface Invocation<Values> {
  readonly values: Values;
  /** The arguments that are no options. */
  readonly operands: readonly string[];
  readonly terminal: Terminal;
}

/** The arguments that are no options. */
export interface OperandSpec {
  /** As help writes them: `[FILE…|-]`. */
  readonly usage: string;
  readonly min: number;
  readonly max: number;
}

/** A command with its options in detail; see {@link defineCommand}. */
export interface CommandDefinition<Specs extends OptionSpecs> {
  /** What it does, in some lines. */
  readonly description: string;
  readonly operands: OperandSpec;
  readonly options: Specs;
  /** Command lines that work, for the help text. */
  readonly examples: readonly string[];
  /** Does the work and gives the exit code: 0, or 1 if it could not be finished. */
  readonly run: (invocation: Invocation<OptionValues<Specs>>) => Promise<number>;
}

/** A command whose options have been checked against their specification. */
export interface Command extends Omit<CommandDefinition<OptionSpecs>, "run"> {
  readonly run: (invocation: Invocation<Readonly<Record<string, unknown>>>) => Promise<number>;
}

/** Gives `run` the types of the options, which the parser keeps. */
export function defineCommand<const Specs extends OptionSpecs>(
  definition: CommandDefinition<Specs>,
): Command {
  return {
    ...definition,
    run: ({ values, ...rest }) =>
      definition.run({ ...rest, values: values as OptionValues<Specs> }),
  };
}
