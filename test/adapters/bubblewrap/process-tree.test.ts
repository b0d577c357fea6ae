import { expect, test } from "vitest";
import { createProcessTree } from "../../../src/adapters/bubblewrap/process-tree.ts";

function treeOf(parents: Map<number, number>) {
  const asked: number[] = [];
  const tree = createProcessTree((pid) => {
    asked.push(pid);
    return parents.get(pid) ?? null;
  });
  return { tree, asked, update: (...roots: number[]) => tree.update([...parents.keys()], roots) };
}

test("finds all descendants, whatever the order of their numbers", () => {
  const { tree, update } = treeOf(
    new Map([
      [1, 0],
      [5, 1],
      [10, 5],
      [7, 10],
      [6, 7],
      [20, 1],
      [21, 20],
    ]),
  );

  update(10, 20);

  expect([...tree.members(10)].sort((one, other) => one - other)).toEqual([6, 7, 10]);
  expect(tree.members(20)).toEqual([20, 21]);
});

test("keeps a descendant whose parent has ended", () => {
  const parents = new Map([
    [1, 0],
    [10, 1],
    [11, 10],
    [12, 11],
  ]);
  const { tree, update } = treeOf(parents);
  update(10);

  parents.delete(11);
  parents.set(12, 10);
  update(10);

  expect(tree.members(10)).toEqual([10, 12]);
});

test("asks about a process once", () => {
  const { update, asked } = treeOf(
    new Map([
      [1, 0],
      [2, 1],
      [10, 1],
      [11, 10],
    ]),
  );

  update(10);
  update(10);

  expect(asked).toEqual([1, 2, 11]);
});

test("finds those of a root that is new but whose processes are not", () => {
  const { tree, update } = treeOf(
    new Map([
      [1, 0],
      [10, 1],
      [11, 10],
      [20, 1],
      [21, 20],
    ]),
  );
  update(10);

  update(10, 20);

  expect(tree.members(20)).toEqual([20, 21]);
});

test("forgets the processes of a root that is gone", () => {
  const { tree, update } = treeOf(
    new Map([
      [1, 0],
      [10, 1],
      [11, 10],
    ]),
  );
  update(10);

  update();

  expect(tree.members(10)).toEqual([]);
});
