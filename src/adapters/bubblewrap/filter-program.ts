/** One instruction of the kernel's classic BPF, see its filter.h: operation, jumps when true and false, constant. */
export type Instruction = readonly [operation: number, whenTrue: number, whenFalse: number, constant: number];

const loadWord = 0x20;
const jumpEqual = 0x15;
const jumpGreater = 0x25;
const jumpNotBelow = 0x35;
const jumpAnyBit = 0x45;
const giveBack = 0x06;

const allowed = 0x7fff_0000;
const failing = 0x0005_0000;

const offsets = { number: 0, architecture: 4, arguments: 16 };

export const loadNumber: Instruction = [loadWord, 0, 0, offsets.number];
export const loadArchitecture: Instruction = [loadWord, 0, 0, offsets.architecture];
/** Low half of an argument; the kernel ignores the high half of those that are looked at. Little-endian machines only. */
export const loadArgument = (index: number): Instruction => [loadWord, 0, 0, offsets.arguments + 8 * index];

export const allow: Instruction = [giveBack, 0, 0, allowed];
/** The call does nothing and returns `errno`. */
export const refuse = (errno: number): Instruction => [giveBack, 0, 0, failing | errno];

type Steps = readonly Instruction[];

export const ifEqual = (value: number, steps: Steps): Steps => [
  [jumpEqual, 0, steps.length, value],
  ...steps,
];
export const unlessEqual = (value: number, steps: Steps): Steps => [
  [jumpEqual, steps.length, 0, value],
  ...steps,
];
export const ifNotBelow = (value: number, steps: Steps): Steps => [
  [jumpNotBelow, 0, steps.length, value],
  ...steps,
];
export const ifAnyBit = (bits: number, steps: Steps): Steps => [
  [jumpAnyBit, 0, steps.length, bits],
  ...steps,
];
export const ifBetween = (first: number, last: number, steps: Steps): Steps => [
  [jumpNotBelow, 0, steps.length + 1, first],
  [jumpGreater, steps.length, 0, last],
  ...steps,
];

/** The bytes that the kernel takes. */
export function assemble(steps: Steps): Buffer {
  const bytes = Buffer.alloc(steps.length * 8);
  for (const [index, [operation, whenTrue, whenFalse, constant]] of steps.entries()) {
    bytes.writeUInt16LE(operation, index * 8);
    bytes.writeUInt8(whenTrue, index * 8 + 2);
    bytes.writeUInt8(whenFalse, index * 8 + 3);
    bytes.writeUInt32LE(constant, index * 8 + 4);
  }
  return bytes;
}
