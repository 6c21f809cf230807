import { listFolder } from "#files";
import { ShapeError, isExpectedError } from "orrery-lm/base";

/** Gives the messages of two errors: the second one only the browser's twin of `#files` throws. */
export async function run(shape: number[]): Promise<unknown> {
  const refusal: unknown = await listFolder("shelf").catch((error: unknown) => error);
  return {
    shape: new ShapeError("page", shape, []).message,
    refusal: isExpectedError(refusal) ? refusal.message : String(refusal),
  };
}
