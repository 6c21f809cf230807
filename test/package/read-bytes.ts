// What a stranger writes: this file is compiled, run and bundled outside the repository.
import { bytesSource } from "orrery-lm/base";

const source = bytesSource(Uint8Array.of(1, 2, 3, 4));
const slice: Uint8Array = await source.slice(1, 3);
const refusal: unknown = await source.slice(3, 9).catch((error: unknown) => error);

export const result: unknown = { slice: [...slice], refused: refusal instanceof RangeError };
