import { expect, test } from "vitest";
import { compareEditions, editionLine, editionOf } from "../../src/domain/edition.ts";

const marker = "<!-- m -->";
const edition = { run: "0199-a.b_c", attempt: 12, fence: 3 };
const line = editionLine(edition);

test("is read from where it is written", () => {
  expect(editionOf(marker, `${marker}\n${line}\ntext`)).toEqual(edition);
  expect(editionOf(marker, `${marker}\r\n${line}\r\ntext`)).toEqual(edition);
});

test.each([
  ["further down", `${marker}\ntext\n${line}`],
  ["beside other words", `${marker}\n${line} text`],
  ["below another marker", `<!-- n -->\n${line}`],
  ["with numbers beyond all counting", `${marker}\n${line.replace("12", "1".repeat(400))}`],
  ["in nothing", ""],
])("is not read %s", (_title, body) => {
  expect(editionOf(marker, body)).toBeNull();
});

test("a run's id cannot end the hidden line", () => {
  expect(() => editionLine({ ...edition, run: "x --><b>" })).toThrow(RangeError);
});

test("later attempts are newer, then later claims; none is oldest", () => {
  const order = [
    null,
    { run: "a", attempt: 1, fence: 9 },
    { run: "b", attempt: 2, fence: 0 },
    { run: "b", attempt: 2, fence: 1 },
  ];

  expect(order.toReversed().toSorted(compareEditions)).toEqual(order);
  expect(compareEditions(edition, { ...edition })).toBe(0);
});

test("a run of a count that began again is not older than what the earlier count left", () => {
  const id = (time: number) => `${time.toString(36).padStart(9, "0")}0123456789`;
  const before = { run: id(Date.UTC(2026, 0, 1)), attempt: 5, fence: 2 };
  const afterwards = { run: id(Date.UTC(2026, 0, 2)), attempt: 1, fence: 0 };

  expect(compareEditions(before, afterwards)).toBe(0);
  expect(compareEditions({ ...before, attempt: 1 }, afterwards)).toBe(0);
  expect(compareEditions(before, { ...afterwards, attempt: 6 })).toBeLessThan(0);
});

test("the count decides between runs whose times hardly differ", () => {
  const id = (time: number) => `${time.toString(36).padStart(9, "0")}0123456789`;
  const now = Date.UTC(2026, 0, 1);
  const newer = { run: id(now - 5_000), attempt: 2, fence: 0 };

  expect(compareEditions(newer, { run: id(now), attempt: 1, fence: 4 })).toBeGreaterThan(0);
});
