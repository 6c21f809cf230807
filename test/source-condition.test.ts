import * as files from "#files";
import { ShapeError } from "orrery-lm/base";
import { expect, it } from "vitest";
import { ShapeError as SourceShapeError } from "../src/base/errors.ts";
import * as sourceFiles from "../src/base/files.node.ts";

// Were these resolved to dist/, every test would judge the last build instead of the source.
it("resolves the package's own name to the source", () => {
  expect(ShapeError).toBe(SourceShapeError);
});

it("resolves #imports to the source", () => {
  expect(files.readFileBytes).toBe(sourceFiles.readFileBytes);
});
