import { expect, test } from "vitest";
import { ownLabel } from "../../../src/adapters/bubblewrap/own-label.ts";

const starts = new Map([
  [process.pid, "500"],
  [77, "300"],
]);
const labelOf = (instance: string) => ownLabel(instance, (pid) => starts.get(pid) ?? null);
const prefix = labelOf("one").own.replace(/\d+-\d+$/, "");

test.each([
  ["this process", labelOf("one").own, false],
  ["another live process", `${prefix}77-300`, false],
  ["a process that has ended", `${prefix}78-300`, true],
  ["an ended process whose number came back", `${prefix}77-200`, true],
  ["an ended process whose number is now this one's", `${prefix}${process.pid}-200`, true],
  ["another installation", labelOf("two").own.replace(/\d+-\d+$/, "78-300"), false],
])("knows what %s made", (_, name, left) => {
  expect(labelOf("one").isLeft(`${name}-job`)).toBe(left);
});
