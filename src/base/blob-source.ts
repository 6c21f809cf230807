import { type ByteSource, checkRange } from "./byte-source.ts";
import { ConfigError } from "./errors.ts";

/**
 * Presents a `Blob`, such as a `File` that someone chose or dropped, as a source: what is asked for is
 * read, and the rest stays where it is.
 * @throws {ConfigError} from `slice` if the file has been changed or removed since it was chosen.
 */
export function blobSource(blob: Blob): ByteSource {
  const { size } = blob;
  return {
    size,
    slice: async (start, end) => {
      checkRange(start, end, size);
      try {
        return new Uint8Array(await blob.slice(start, end).arrayBuffer());
      } catch (cause) {
        const name = "name" in blob ? String(blob.name) : "the file";
        throw new ConfigError(
          `${name}: bytes [${start}, ${end}) cannot be read (${(cause as Error).message}); was it changed or removed since it was chosen? Choose it again`,
          { cause },
        );
      }
    },
  };
}
