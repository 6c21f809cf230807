export { blobSource } from "./blob-source.ts";
export { type ByteSource, type OpenByteSource, bytesSource } from "./byte-source.ts";
export { compareCodePoints } from "./compare-code-points.ts";
export {
  ConfigError,
  FormatError,
  OtherSettingsError,
  ShapeError,
  isExpectedError,
} from "./errors.ts";
export { toHalves } from "./half-precision.ts";
export { nearest, suggestion } from "./nearest.ts";
export { isHubPlace } from "./hub/hub-place.ts";
export { type FourWords, philox4x32 } from "./philox.ts";
export type { Progress } from "./progress.ts";
export { ProtobufReader } from "./protobuf-reader.ts";
export { ProtobufWriter } from "./protobuf.ts";
export { RandomStream, random } from "./random.ts";
export { digamma, erf } from "./special-functions.ts";
export { type DecodeUtf8Options, decodeUtf8, firstInvalidByte } from "./utf8.ts";
