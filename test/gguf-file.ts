/** A value of the metadata of a GGUF file; numbers become 32-bit integers, or floats where they must. */
export type Value = string | number | boolean | readonly string[] | readonly number[] | Uint8Array;

const [UINT8, INT32, FLOAT32, BOOL, STRING, ARRAY] = [0, 5, 6, 7, 8, 9];

/** The bytes of a GGUF file of version 3 without tensors. */
export function ggufFile(metadata: Readonly<Record<string, Value>>): Uint8Array {
  const out: number[] = [];
  const number = (size: number, write: (view: DataView) => void): void => {
    const bytes = new Uint8Array(size);
    write(new DataView(bytes.buffer));
    for (const byte of bytes) out.push(byte);
  };
  const uint32 = (value: number): void => number(4, (view) => view.setUint32(0, value, true));
  const size = (value: number): void =>
    number(8, (view) => view.setBigUint64(0, BigInt(value), true));
  const string = (text: string): void => {
    const bytes = new TextEncoder().encode(text);
    size(bytes.length);
    for (const byte of bytes) out.push(byte);
  };
  const plain = (value: string | number | boolean, type: number): void => {
    if (typeof value === "string") string(value);
    else if (typeof value === "boolean") out.push(Number(value));
    else if (type === FLOAT32) number(4, (view) => view.setFloat32(0, value, true));
    else number(4, (view) => view.setInt32(0, value, true));
  };
  uint32(0x46554747);
  uint32(3);
  size(0);
  size(Object.keys(metadata).length);
  for (const [key, value] of Object.entries(metadata)) {
    string(key);
    if (typeof value !== "object") {
      uint32(typeOf([value]));
      plain(value, typeOf([value]));
      continue;
    }
    const type = value instanceof Uint8Array ? UINT8! : typeOf(value);
    uint32(ARRAY!);
    uint32(type);
    size(value.length);
    if (value instanceof Uint8Array) for (const byte of value) out.push(byte);
    else for (const item of value) plain(item, type);
  }
  return Uint8Array.from(out);
}

function typeOf(values: readonly (string | number | boolean)[]): number {
  if (typeof values[0] === "string") return STRING!;
  if (typeof values[0] === "boolean") return BOOL!;
  return values.every((value) => Number.isInteger(value)) ? INT32! : FLOAT32!;
}
