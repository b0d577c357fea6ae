import { expect, test } from "vitest";
import { ownLabel } from "../../../src/adapters/bubblewrap/own-label.ts";
import type { Machine } from "../../../src/driver/process-identity.ts";

const starts = new Map([
  [process.pid, "500"],
  [77, "300"],
]);
const machine: Machine = {
  host: "aaaaaaaa",
  hostIsSure: true,
  boot: "bbbbbbbb",
  space: "4026531836",
  startOf: (pid) => starts.get(pid) ?? null,
};
const labelOf = (instance: string) => ownLabel(instance, machine);
const made = (by: string, instance = "one", space = machine.space) =>
  labelOf(instance).own.replace(/\d+-\d+-\d+-(\w+-\w+)$/, `${by}-${space}-$1`);

test.each([
  ["this process", labelOf("one").own, false],
  ["another live process", made("77-300"), false],
  ["a process that has ended", made("78-300"), true],
  ["an ended process whose number came back", made("77-200"), true],
  ["an ended process whose number is now this one's", made(`${process.pid}-200`), true],
  ["a process of another container, which cannot be seen from here", made("78-300", "one", "1"), false],
  ["another installation", made("78-300", "two"), false],
])("knows what %s made", (_, name, left) => {
  expect(labelOf("one").isLeft(`${name}-job`)).toBe(left);
});
