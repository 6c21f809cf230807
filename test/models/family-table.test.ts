import { readFileSync } from "node:fs";
import { modelFamilies } from "orrery-lm/models";
import { expect, it } from "vitest";
import { familyColumns } from "./family-table.ts";

const page = readFileSync(new URL("../../docs/families.md", import.meta.url), "utf8");
const [header, , ...rows] = page
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

it("docs/families.md has the families that are known, in their order", () => {
  expect(header).toEqual(familyColumns);
  expect([...new Set(rows.map(([family]) => family))]).toEqual(modelFamilies);
});

it("has no logits that are further from the reference than its bound", () => {
  const errors = rows.map((row) => [row[1], Number(row[3])] as const);
  const known = errors.filter(([, error]) => !Number.isNaN(error));
  expect(known.length).toBeGreaterThan(10);
  expect(known.filter(([, error]) => error > 1e-3)).toEqual([]);
});
