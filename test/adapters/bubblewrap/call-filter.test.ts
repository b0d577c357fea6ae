import { describe, expect, test } from "vitest";
import { callFilter } from "../../../src/adapters/bubblewrap/call-filter.ts";
import { runFilter } from "./run-filter.ts";

const x64 = 0xc000_003e;
const arm64 = 0xc000_00b7;
const allowed = "allowed";
const refused = "errno 1";
const absent = "errno 38";

/** Numbers by hand, so that a wrong table is noticed. */
const calls = {
  x64: { audit: x64, read: 0, socket: 41, clone: 56, ptrace: 101, clone3: 435, mount: 165, personality: 135 },
  arm64: {
    audit: arm64,
    read: 63,
    socket: 198,
    clone: 220,
    ptrace: 117,
    clone3: 435,
    mount: 40,
    personality: 92,
  },
} as const;

describe.each(["x64", "arm64"] as const)("the system call filter of %s", (architecture) => {
  const { audit, ...number } = calls[architecture];
  const commands = callFilter("commands", architecture);
  const ask = (call: number, ...values: number[]) => runFilter(commands, { audit, call, values });

  test("allows what is on the list and refuses what is not", () => {
    expect([ask(number.read), ask(number.ptrace), ask(number.mount)]).toEqual([allowed, refused, refused]);
  });

  test("refuses the calls of another architecture as a whole", () => {
    expect(runFilter(commands, { audit: 0x4000_0003, call: number.read, values: [] })).toBe(refused);
  });

  test("lets clone make threads and processes but no name spaces", () => {
    expect([ask(number.clone, 0x003d_0f00), ask(number.clone, 17)]).toEqual([allowed, allowed]);
    expect(
      [0x1000_0000, 0x2000_0000, 0x0002_0000, 0x4000_0000].map((flag) => ask(number.clone, flag)),
    ).toEqual(Array(4).fill(refused));
  });

  test("allows the usual socket families only", () => {
    expect([1, 2, 10, 16].map((family) => ask(number.socket, family))).toEqual(Array(4).fill(allowed));
    expect([17, 38, 40, 0].map((family) => ask(number.socket, family))).toEqual(Array(4).fill(refused));
  });

  test("says that calls with hidden flags and calls of newer kernels do not exist", () => {
    expect([ask(number.clone3), ask(700)]).toEqual([absent, absent]);
  });

  test("allows no change of personality but the harmless ones", () => {
    expect([0, 0xffff_ffff, 0x0040_0000].map((value) => ask(number.personality, value))).toEqual([
      allowed,
      allowed,
      refused,
    ]);
  });

  test("lets the driver make walls", () => {
    const driver = callFilter("driver", architecture);
    const request = { audit, call: number.mount, values: [] };

    expect(runFilter(driver, request)).toBe(allowed);
    expect(runFilter(driver, { ...request, call: number.ptrace })).toBe(refused);
  });
});

test("refuses x32 calls, which have the architecture of 64-bit ones", () => {
  const filter = callFilter("commands", "x64");

  expect(runFilter(filter, { audit: x64, call: 0x4000_0000, values: [] })).toBe(refused);
});

test("refuses to make a filter for an architecture that it does not know", () => {
  expect(() => callFilter("commands", "riscv64")).toThrow(/x64 and arm64 only.*riscv64/);
});
