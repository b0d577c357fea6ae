export type CallRequest = {
  readonly audit: number;
  readonly call: number;
  readonly values: readonly number[];
};

/** What a seccomp program says of a call: a small machine for the kernel's classic BPF. */
export function runFilter(program: Buffer, { audit, call, values }: CallRequest): string {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(call, 0);
  data.writeUInt32LE(audit, 4);
  for (const [index, value] of values.entries()) data.writeUInt32LE(value, 16 + 8 * index);
  let loaded = 0;
  for (let at = 0; at < program.length; at += 8) {
    const operation = program.readUInt16LE(at);
    const constant = program.readUInt32LE(at + 4);
    const jump = (holds: boolean) => {
      at += 8 * program.readUInt8(at + (holds ? 2 : 3));
    };
    if (operation === 0x20) loaded = data.readUInt32LE(constant);
    else if (operation === 0x15) jump(loaded === constant);
    else if (operation === 0x25) jump(loaded > constant);
    else if (operation === 0x35) jump(loaded >= constant);
    else if (operation === 0x45) jump((loaded & constant) !== 0);
    else if (operation === 0x06) return constant === 0x7fff_0000 ? "allowed" : `errno ${constant & 0xffff}`;
    else throw new Error(`unknown operation ${operation}`);
  }
  throw new Error("the program has no end");
}
