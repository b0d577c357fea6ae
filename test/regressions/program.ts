import * as fc from "fast-check";

/** A small program in no language: what every target language can say. */
export type Program = readonly Routine[];
export type Routine = { readonly name: string; readonly body: readonly Statement[] };
export type Statement =
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Value[] }
  | { readonly kind: "set"; readonly name: string; readonly value: Value }
  | {
      readonly kind: "if";
      readonly test: Value;
      readonly inside: readonly Statement[];
      readonly otherwise: readonly Statement[];
    };
export type Value =
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "both"; readonly operator: "+" | "*"; readonly left: Value; readonly right: Value };

const name = fc.constantFrom("a", "b");

const { statement } = fc.letrec<{ value: Value; statement: Statement }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthIdentifier: "value" },
    fc.record({ kind: fc.constant("word" as const), text: fc.constantFrom("a", "b", "1") }),
    fc.record({ kind: fc.constant("text" as const), text: fc.constantFrom("a", "a  b", "# no", "/* no */") }),
    fc.record({
      kind: fc.constant("both" as const),
      operator: fc.constantFrom("+" as const, "*" as const),
      left: tie("value"),
      right: tie("value"),
    }),
  ),
  statement: fc.oneof(
    { maxDepth: 2, depthIdentifier: "statement" },
    fc.record({ kind: fc.constant("call" as const), name, args: fc.array(tie("value"), { maxLength: 2 }) }),
    fc.record({ kind: fc.constant("set" as const), name, value: tie("value") }),
    fc.record({
      kind: fc.constant("if" as const),
      test: tie("value"),
      inside: fc.array(tie("statement"), { minLength: 1, maxLength: 2 }),
      otherwise: fc.array(tie("statement"), { maxLength: 1 }),
    }),
  ),
}));

const routine: fc.Arbitrary<Routine> = fc.record({
  name: fc.constantFrom("f", "g"),
  body: fc.array(statement, { minLength: 1, maxLength: 3 }),
});

/** Of few words, so that two programs are sometimes the same. */
export const program: fc.Arbitrary<Program> = fc.array(routine, { minLength: 1, maxLength: 2 });

/** The program with one of its values or statements changed; the same program when there is nothing to change. */
export function altered(whole: Program, at: number): Program {
  let left = at;
  const value = (one: Value): Value => {
    if (one.kind === "both") return { ...one, left: value(one.left), right: value(one.right) };
    return left-- === 0 ? { kind: "word", text: "changed" } : one;
  };
  const statement = (one: Statement): Statement => {
    switch (one.kind) {
      case "call":
        return { ...one, args: one.args.map(value) };
      case "set":
        return { ...one, value: value(one.value) };
      case "if":
        return {
          ...one,
          test: value(one.test),
          inside: one.inside.map(statement),
          otherwise: one.otherwise.map(statement),
        };
    }
  };
  return whole.map((one) => ({ ...one, body: one.body.map(statement) }));
}
