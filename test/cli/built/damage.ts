/** Damages safetensors files in the ways that disks, downloads and programs do. */

import { readFileSync, writeFileSync } from "node:fs";

interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

type Header = Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;

function read(path: string): Entry[] {
  const file = readFileSync(path);
  const start = 8 + Number(file.readBigUInt64LE(0));
  const header = JSON.parse(String(file.subarray(8, start))) as Header;
  return Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        return { name, dtype, shape, bytes: file.subarray(start + from, start + to) };
      },
    );
}

function write(path: string, entries: readonly Entry[]): void {
  let end = 0;
  const header = Object.fromEntries(
    entries.map(({ name, dtype, shape, bytes }) => {
      const from = end;
      end += bytes.length;
      return [name, { dtype, shape, data_offsets: [from, end] }];
    }),
  );
  const json = JSON.stringify(header);
  const text = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  writeFileSync(path, Buffer.concat([length, text, ...entries.map(({ bytes }) => bytes)]));
}

/** Removes the last bytes of a file. */
export function cutShort(path: string, by: number): void {
  writeFileSync(path, readFileSync(path).subarray(0, -by));
}

/** Removes a tensor. */
export function removeTensor(path: string, tensor: string): void {
  write(
    path,
    read(path).filter(({ name }) => name !== tensor),
  );
}

/** Turns a tensor's shape around; its bytes stay. */
export function reverseShape(path: string, tensor: string): void {
  const turned = (entry: Entry): Entry => ({ ...entry, shape: entry.shape.toReversed() });
  write(
    path,
    read(path).map((entry) => (entry.name === tensor ? turned(entry) : entry)),
  );
}

/** Puts a number in place of one element of a float32 tensor. */
export function putNumber(
  path: string,
  { tensor, index, value }: { tensor: string; index: number; value: number },
): void {
  const entries = read(path);
  const { bytes } = entries.find(({ name }) => name === tensor)!;
  new DataView(bytes.buffer, bytes.byteOffset, bytes.length).setFloat32(4 * index, value, true);
  write(path, entries);
}

/** The names of the tensors. */
export function tensorNames(path: string): string[] {
  return read(path).map(({ name }) => name);
}
