import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { orrery, scratchFolder, smallText } from "./orrery.ts";

const cwd = scratchFolder();
writeFileSync(join(cwd, "text.txt"), smallText);

describe("orrery lab", () => {
  it.each([[["lab"]], [["lab", "list"]]])("%j lists the experiments", async (args) => {
    const { code, stdout, stderr } = await orrery(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("extrapolation");
  });

  it("lists them as JSON", async () => {
    const { stdout } = await orrery(["lab", "--json"]);
    expect(JSON.parse(stdout)).toEqual([
      { name: "extrapolation", question: "which position encoding survives length?" },
      { name: "tokenizers", question: "BPE, WordPiece or Unigram: which needs fewer tokens?" },
    ]);
  });

  it.each<[string, string[], number, RegExp]>([
    ["an experiment that is unknown", ["nothing"], 2, /no experiment nothing/],
    ["an arm that is unknown", ["extrapolation", "--arms", "rope,foo"], 2, /--arms: .*"foo"/],
    [
      "a text that is too short",
      ["extrapolation", "--quick", "--data", "text.txt"],
      1,
      /the last tenth of the text must hold one window of 513 tokens.*give at least 5130 tokens/,
    ],
    ["a missing text", ["extrapolation", "--data", "nowhere.txt"], 1, /no such file: nowhere\.txt/],
  ])("refuses %s and writes nothing", async (_, args, code, message) => {
    const ran = await orrery(["lab", ...args], { cwd });
    expect(ran).toMatchObject({ code, stdout: "" });
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).not.toMatch(/^ {4}at |should not happen/m);
    expect(readdirSync(cwd)).toEqual(["text.txt"]);
  });
});
