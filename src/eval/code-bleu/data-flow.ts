import { freeWords, isFree, type CodeNode } from "./code-tree.ts";
import type { Assigned, Construct, ReadConstruct } from "./construct.ts";

/** One word and where its value comes from, by the words' places. */
export type Edge = {
  readonly name: string;
  readonly place: number;
  readonly relation: "comesFrom" | "computedFrom";
  readonly from: readonly string[];
  readonly fromPlaces: readonly number[];
};

/** Where each name was last set. */
type Scope = Map<string, readonly number[]>;

/** Loops are followed twice, so each level of nesting doubles the work; no function that people write comes near. */
const maxVisits = 200_000;
const maxDepth = 1500;

type Trace = { readonly read: ReadConstruct; readonly edges: Edge[]; visits: number };

/** The edges of a piece of code as CodeBLEU defines them; null when its loops nest too deeply to follow. */
export function dataFlow(root: CodeNode, read: ReadConstruct): readonly Edge[] | null {
  const trace: Trace = { read, edges: [], visits: 0 };
  visit(root, new Map(), trace, 0);
  if (trace.visits > maxVisits) return null;
  const used = new Set(
    trace.edges.flatMap(({ place, fromPlaces }) => (fromPlaces.length > 0 ? [place, ...fromPlaces] : [])),
  );
  return merged(trace.edges.filter(({ place }) => used.has(place)));
}

function visit(node: CodeNode, scope: Scope, trace: Trace, depth: number): void {
  trace.visits += depth > maxDepth ? maxVisits + 1 : 1;
  if (trace.visits > maxVisits) return;
  if (node.word !== null) {
    if (isFree(node)) use(node.word, node.type, scope, trace);
    return;
  }
  const construct = trace.read(node) ?? { kind: "sequence", parts: node.children };
  follow(node, construct, scope, trace, depth + 1);
}

function follow(node: CodeNode, construct: Construct, scope: Scope, trace: Trace, depth: number): void {
  const run = (parts: readonly CodeNode[]): void => {
    for (const part of parts) visit(part, scope, trace, depth);
  };
  switch (construct.kind) {
    case "sequence":
      run(construct.parts);
      return;
    case "define":
      if (construct.value === null) declare(construct.name, scope, trace);
      else {
        run([construct.value]);
        assign({ pairs: [[construct.name, construct.value]], apart: true }, "comesFrom", scope, trace);
      }
      return;
    case "assign":
      run(construct.pairs.map(([, value]) => value));
      assign(construct, "computedFrom", scope, trace);
      return;
    case "update":
      assign({ pairs: [[node, node]], apart: true }, "computedFrom", scope, trace);
      return;
    case "branch":
      branch(construct, scope, trace, depth);
      return;
    case "loop":
      run(construct.first);
      run(construct.again);
      return;
    case "for-each":
      for (let round = 0; round < 2; round += 1) {
        run(construct.pairs.map(([, value]) => value));
        assign(construct, "computedFrom", scope, trace);
        if (construct.body !== null) run([construct.body]);
      }
  }
}

type Word = NonNullable<CodeNode["word"]>;

function use({ text: name, place }: Word, type: string, scope: Scope, trace: Trace): void {
  const known = scope.get(name);
  const from = known === undefined ? [] : [name];
  trace.edges.push({ name, place, relation: "comesFrom", from, fromPlaces: known ?? [] });
  if (known === undefined && type === "identifier") scope.set(name, [place]);
}

function declare(name: CodeNode, scope: Scope, trace: Trace): void {
  for (const { text, place } of freeWords(name)) {
    trace.edges.push({ name: text, place, relation: "comesFrom", from: [], fromPlaces: [] });
    scope.set(text, [place]);
  }
}

function assign({ pairs, apart }: Assigned, relation: Edge["relation"], scope: Scope, trace: Trace): void {
  for (const [target, value] of pairs) {
    const values = freeWords(value);
    const groups = apart ? values.map((word) => [word]) : [values];
    for (const { text: name, place } of freeWords(target)) {
      for (const group of groups) {
        const from = group.map(({ text }) => text);
        trace.edges.push({ name, place, relation, from, fromPlaces: group.map(({ place }) => place) });
      }
      scope.set(name, [place]);
    }
  }
}

function branch(
  { parts, mayBeSkipped }: Extract<Construct, { kind: "branch" }>,
  scope: Scope,
  trace: Trace,
  depth: number,
): void {
  const before = new Map(scope);
  const ends: Scope[] = mayBeSkipped ? [before, scope] : [scope];
  for (const { node, alternative } of parts) {
    const own = alternative ? new Map(before) : scope;
    visit(node, own, trace, depth);
    if (alternative) ends.push(own);
  }
  const places = new Map<string, Set<number>>();
  for (const [name, set] of ends.flatMap((end) => [...end])) {
    const all = places.get(name) ?? new Set();
    for (const place of set) all.add(place);
    places.set(name, all);
  }
  for (const [name, all] of places)
    scope.set(
      name,
      [...all].sort((a, b) => a - b),
    );
}

/** One edge per place, in order; of a place seen more than once all sources, each name once. */
function merged(edges: readonly Edge[]): readonly Edge[] {
  const byPlace = new Map<number, Edge>();
  for (const edge of edges) {
    const known = byPlace.get(edge.place);
    const both = known && {
      ...known,
      from: [...new Set([...known.from, ...edge.from])],
      fromPlaces: [...new Set([...known.fromPlaces, ...edge.fromPlaces])],
    };
    byPlace.set(edge.place, both ?? edge);
  }
  return [...byPlace.values()].sort((a, b) => a.place - b.place);
}
