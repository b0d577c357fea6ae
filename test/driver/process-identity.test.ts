import { expect, test } from "vitest";
import { fateOf, identityOf, thisMachine, type Machine } from "../../src/driver/process-identity.ts";

const starts = new Map([
  [50, "500"],
  [77, "300"],
]);
const machine: Machine = {
  host: "aaaaaaaa",
  hostIsSure: true,
  boot: "bbbbbbbb",
  space: "4026531836",
  startOf: (pid) => starts.get(pid) ?? null,
};
const made = (pid: number, start: string, other: Partial<Machine> = {}) =>
  identityOf(pid, { ...machine, ...other, startOf: () => start });

test.each([
  ["that lives", made(77, "300"), "lives"],
  ["that has ended", made(78, "300"), "gone"],
  ["whose number came back", made(77, "200"), "gone"],
  ["from before the machine started anew", made(77, "300", { boot: "cccccccc" }), "gone"],
  ["of another machine", made(78, "300", { host: "dddddddd" }), "unknown"],
  ["of another process name space", made(78, "300", { space: "1" }), "unknown"],
  ["that is not named at all", "77", "unknown"],
])("tells the fate of a process %s", (_, identity, fate) => {
  expect(fateOf(`prefix-${identity}.suffix`, machine)).toBe(fate);
});

test("takes no process for gone because another boot is seen, where hosts may share their name", () => {
  expect(fateOf(made(77, "300", { boot: "cccccccc" }), { ...machine, hostIsSure: false })).toBe("unknown");
});

test("knows this very process as alive", () => {
  expect(fateOf(identityOf(process.pid))).toBe("lives");
  expect(thisMachine().space).toMatch(/^\d+$/);
});
