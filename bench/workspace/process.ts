import { createGitWorkspace } from "../../src/adapters/git/git-workspace.ts";
import { createSystemClock } from "../../src/adapters/system/clock.ts";
import { classKey } from "../../src/domain/candidate-class.ts";
import { createPython } from "../../src/languages/python/python.ts";
import { rememberReadings } from "../../src/languages/remembered.ts";
import type { Workspace } from "../../src/ports/workspace.ts";
import { quietLogger } from "../sandbox/quiet-logger.ts";
import { timed } from "../sandbox/measure.ts";
import { moduleText } from "../sandbox/trees.ts";
import { beginRun } from "./begin-run.ts";
import { Order, type Beginning, type Normalising, type Reading } from "./orders.ts";
import { readOutlines, type Outline } from "./outlines.ts";

const order = Order.parse(JSON.parse(process.argv[2] ?? ""));
process.send?.(await carryOut(order));

function carryOut(order: Order): Promise<Reading | Beginning | Normalising> {
  if (order.kind === "read") return read(order);
  return order.kind === "begin" ? begin(order) : normalise(order);
}

function workspaceIn(directory: string): Workspace {
  return createGitWorkspace({
    directory,
    maxRepositoryMb: 1024,
    logger: quietLogger,
    clock: createSystemClock(),
  });
}

/** A process that has just started reads one commit, and then the next. */
async function read(order: Extract<Order, { kind: "read" }>): Promise<Reading> {
  const language = await createPython();
  const known = new Map<string, Outline>();
  let outlines: ReadonlyMap<string, Outline> = new Map();
  const workspace = workspaceIn(order.mirrors);
  const source = { kind: "local", directory: order.repository } as const;
  const signal = new AbortController().signal;
  const readCommit = async (sha: string): Promise<void> => {
    outlines = await readOutlines(await workspace.checkout(source, sha, signal), language, known);
  };
  const [first, second] = order.commits;
  const mirrorMs = await timed(() => workspace.checkout(source, second, signal));
  const coldMs = await timed(() => readCommit(first));
  const warmMs = await timed(() => readCommit(second));
  const definitions = [...outlines.values()].reduce((sum, one) => sum + one.structure.definitions.length, 0);
  const memoryMb = process.resourceUsage().maxRSS / 1024;
  return { sources: outlines.size, definitions, mirrorMs, coldMs, warmMs, memoryMb };
}

/** A process that has just started, of a bot that knows the repository, begins a run on it. */
async function begin(order: Extract<Order, { kind: "begin" }>): Promise<Beginning> {
  const language = rememberReadings(await createPython());
  const workspace = workspaceIn(order.mirrors);
  const source = { kind: "local", directory: order.repository } as const;
  const { signal } = new AbortController();
  await workspace.checkout(source, order.commit, signal);
  let definitions = 0;
  const ms = await timed(async () => {
    definitions = await beginRun(await workspace.checkout(source, order.commit, signal), language);
  });
  return { definitions, ms };
}

/** The vote keys of different patches of one file, half of which mean the same as another. */
async function normalise(order: Extract<Order, { kind: "normalise" }>): Promise<Normalising> {
  const language = rememberReadings(await createPython());
  const before = moduleText(0, order.things);
  const patched = Array.from({ length: order.patches }, (_, index) => {
    const meaning = `step in range(${4 + Math.floor(index / 2)})`;
    return `${before.replace("step in range(3)", meaning)}# patch ${index}\n`;
  });
  const keys = new Set<string>();
  const ms = await timed(() => {
    for (const after of patched) {
      keys.add(classKey([{ path: "a.py", before, after }], (_, text) => language.normalForm(text)));
    }
    return Promise.resolve();
  });
  return { patches: order.patches, classes: keys.size, fileBytes: before.length, ms };
}
