import { RepairError } from "../../domain/errors.ts";
import {
  allowedCalls,
  namespaceFlags,
  noSuchCall,
  personalities,
  socketFamilies,
  unixFamily,
} from "../../driver/system-calls.ts";
import { callTables } from "./call-numbers.ts";
import {
  allow,
  assemble,
  ifAnyBit,
  ifBetween,
  ifEqual,
  ifNotBelow,
  loadArchitecture,
  loadArgument,
  loadNumber,
  refuse,
  unlessEqual,
  type Instruction,
} from "./filter-program.ts";

const notPermitted = 1;
/** Set in the numbers of x32 calls, which have the architecture of 64-bit ones. */
const x32Bit = 0x4000_0000;
/** TIOCSTI and TIOCLINUX type into the terminal that a process shares with whoever started it. */
const typingRequests = [0x5412, 0x541c];

/** What the driver needs besides, to make the walls of the commands. */
const wallCalls: readonly string[] = ["mount", "umount2", "pivot_root", "unshare", "clone"];

/** Their flags lie out of a filter's sight, or an older call does the same: programs fall back when there are none. */
const absentCalls: readonly string[] = [
  "clone3",
  "fsopen",
  "fsconfig",
  "fsmount",
  "fspick",
  "move_mount",
  "open_tree",
  "mount_setattr",
];

const onlyWith = (argument: number, values: readonly number[]): Instruction[] => [
  loadArgument(argument),
  ...values.flatMap((value) => ifEqual(value, [allow])),
  refuse(notPermitted),
];

const checkedCalls: Readonly<Record<string, readonly Instruction[]>> = {
  clone: [loadArgument(0), ...ifAnyBit(namespaceFlags, [refuse(notPermitted)]), allow],
  socket: onlyWith(0, socketFamilies),
  socketpair: onlyWith(0, [unixFamily]),
  personality: onlyWith(0, personalities),
  ioctl: [
    loadArgument(1),
    ...typingRequests.flatMap((request) => ifEqual(request, [refuse(notPermitted)])),
    allow,
  ],
};

/**
 * A seccomp program for bwrap's `--seccomp`: the same list as Docker's profile, with terminal input and odd socket pairs
 * refused as well. The driver's is laxer, since it makes the commands' walls. Throws RepairError `sandbox-unavailable`
 * on an architecture without a table of call numbers.
 */
export function callFilter(subject: "commands" | "driver", architecture: string = process.arch): Buffer {
  const table = callTables[architecture];
  if (table === undefined) {
    const known = Object.keys(callTables).join(" and ");
    throw new RepairError(
      "sandbox-unavailable",
      `There are system call filters for ${known} only, and this machine is ${architecture}: use Docker here.`,
    );
  }
  const free = subject === "driver" ? wallCalls : [];
  const numbersOf = (name: string): number[] => [table.numbers.get(name) ?? []].flat();
  const checked = Object.entries(checkedCalls).filter(([name]) => !free.includes(name));
  const checkedNames = checked.map(([name]) => name);
  const plain = [...allowedCalls, ...free].filter((name) => !checkedNames.includes(name));
  const newest = Math.max(...table.numbers.values());
  return assemble([
    loadArchitecture,
    ...unlessEqual(table.audit, [refuse(notPermitted)]),
    loadNumber,
    ...ifNotBelow(x32Bit, [refuse(notPermitted)]),
    ...ifNotBelow(newest + 1, [refuse(noSuchCall)]),
    ...checked.flatMap(([name, steps]) => numbersOf(name).flatMap((number) => ifEqual(number, steps))),
    ...absentCalls.flatMap(numbersOf).flatMap((number) => ifEqual(number, [refuse(noSuchCall)])),
    ...runs(plain.flatMap(numbersOf)).flatMap(([first, last]) => ifBetween(first, last, [allow])),
    refuse(notPermitted),
  ]);
}

/** First and last of every run of consecutive numbers. */
function runs(numbers: readonly number[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const number of [...new Set(numbers)].sort((one, other) => one - other)) {
    const last = found.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else found.push([number, number]);
  }
  return found;
}
