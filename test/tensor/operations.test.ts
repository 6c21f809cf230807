import * as tensor from "orrery-lm/tensor";
import { expect, it } from "vitest";
import { describeOperations } from "../contracts/operation.ts";
import { operationCases } from "./operation-cases.ts";

for (const [kind, cases] of Object.entries(operationCases)) describeOperations(kind, cases);

/** Exported functions that make no value, or that make programs of programs. */
const others = [
  "addDimensions",
  "bindDimension",
  "captureValues",
  "compile",
  "gradients",
  "interpret",
  "multiplyDimensions",
  "parameter",
  "portsOf",
  "resolveDimension",
  "sizeOf",
  "subtractDimensions",
  "topologicalOrder",
  "vectorJacobian",
];

it("has a case for every exported operation", () => {
  const covered = new Set<string>(
    Object.values(operationCases)
      .flat()
      .map(({ of }) => of),
  );
  const exported = Object.entries(tensor).filter(([, value]) => typeof value === "function");
  const missing = exported.map(([name]) => name).filter((name) => !covered.has(name));
  expect(missing.sort()).toEqual(others);
});
