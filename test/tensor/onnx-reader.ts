/** Reads just enough of an ONNX file to say which operators it has. */

interface Field {
  number: number;
  bytes: Uint8Array;
}

function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const kind = key & 7;
    if (kind === 0) varint();
    else {
      const length = kind === 2 ? varint() : kind === 5 ? 4 : 8;
      yield { number: key >> 3, bytes: bytes.subarray(at, at + length) };
      at += length;
    }
  }
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A node: operator, domain and how many outputs it has. */
export interface ReadNode {
  operator: string;
  domain: string;
  outputs: number;
}

function* nodesOf(graph: Uint8Array): Generator<ReadNode> {
  for (const { number, bytes } of fieldsOf(graph)) {
    if (number !== 1) continue;
    const fields = [...fieldsOf(bytes)];
    yield {
      operator: text(fields.find((field) => field.number === 4)!.bytes),
      domain: text(fields.find((field) => field.number === 7)?.bytes ?? new Uint8Array()),
      outputs: fields.filter((field) => field.number === 2).length,
    };
    for (const attribute of fields.filter((field) => field.number === 5)) {
      for (const part of fieldsOf(attribute.bytes))
        if (part.number === 6) yield* nodesOf(part.bytes);
    }
  }
}

/** Every node of a model, those in the bodies of loops included. */
export function readNodes(model: Uint8Array): ReadNode[] {
  const graph = [...fieldsOf(model)].find(({ number }) => number === 7)!;
  return [...nodesOf(graph.bytes)];
}
