export { type ByteSource, type OpenByteSource, bytesSource } from "./byte-source.ts";
export { ConfigError, FormatError, ShapeError, isExpectedError } from "./errors.ts";
