#!/usr/bin/env node
/** The `orrery` command. Loads nothing but the command that is asked for. */

import { runCommandLine } from "./command-line.ts";
import { processTerminal } from "./terminal.ts";

process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal());
