/** Pieces of the GGUF format (v3, little-endian), as far as the scripted model needs them. */

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const uint64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const string = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  return Buffer.concat([uint64(bytes.length), bytes]);
};
const float = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
};

/** A value of the header. */
export type Field =
  | { readonly uint32: number }
  | { readonly float32: number }
  | { readonly bool: boolean }
  | { readonly string: string }
  | { readonly strings: readonly string[] }
  | { readonly int32s: readonly number[] };

export type Tensor = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
};

const alignment = 32;
const aligned = (size: number): number => Math.ceil(size / alignment) * alignment;
const padded = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc(aligned(bytes.length) - bytes.length)]);

/** A file with these header fields and F32 tensors. */
export function ggufFile(fields: Readonly<Record<string, Field>>, tensors: readonly Tensor[]): Buffer {
  const entries = Object.entries(fields).map(([name, field]) =>
    Buffer.concat([string(name), fieldBytes(field)]),
  );
  let offset = 0;
  const infos = tensors.map(({ name, shape, values }) => {
    const at = offset;
    offset += aligned(values.byteLength);
    const type = uint32(0);
    return Buffer.concat([string(name), uint32(shape.length), ...shape.map(uint64), type, uint64(at)]);
  });
  const counts = [uint32(3), uint64(tensors.length), uint64(entries.length)];
  const header = Buffer.concat([Buffer.from("GGUF"), ...counts, ...entries, ...infos]);
  return Buffer.concat([padded(header), ...tensors.map(({ values }) => padded(Buffer.from(values.buffer)))]);
}

function fieldBytes(field: Field): Buffer {
  if ("uint32" in field) return Buffer.concat([uint32(4), uint32(field.uint32)]);
  if ("float32" in field) return Buffer.concat([uint32(6), float(field.float32)]);
  if ("bool" in field) return Buffer.concat([uint32(7), Buffer.from([field.bool ? 1 : 0])]);
  if ("string" in field) return Buffer.concat([uint32(8), string(field.string)]);
  const isText = "strings" in field;
  const items = isText ? field.strings.map(string) : field.int32s.map(uint32);
  return Buffer.concat([uint32(9), uint32(isText ? 8 : 5), uint64(items.length), ...items]);
}
