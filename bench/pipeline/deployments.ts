import { h100Bf16, h100Fp8, type EngineParameters } from "../../src/simulator/engine/parameters.ts";
import type { RoleModels } from "../../src/simulator/replicas.ts";
import type { ServedModels } from "../../src/simulator/simulation.ts";

/**
 * GPU seconds per issue that the plan of the notes comes to, for one issue and with many at once (null: not in the notes),
 * and the tokens of an issue's answers that it counts with.
 */
type Plan = { readonly one: number; readonly loaded: number | null; readonly tokens: number };

export type Deployment = {
  readonly name: string;
  readonly gpus: number;
  readonly models: ServedModels;
  readonly roles: RoleModels;
  readonly plan: Plan;
};

export type DeploymentName = keyof typeof deployments;

/** The recipes serve with `--scheduling-policy priority`. */
const bf16: EngineParameters = { ...h100Bf16, policy: "priority" };
const fp8: EngineParameters = { ...h100Fp8, policy: "priority" };
const halfGpu: EngineParameters = { ...fp8, kvTokens: 198_000, window: 16_384 };

const oneModelEach = (name: string, engine: EngineParameters, plan: Plan): Deployment => ({
  name,
  gpus: 3,
  models: { "loc-gen": { engine }, "val-assert": { engine }, "val-no-assert": { engine } },
  roles: { "loc-gen": ["loc-gen"], "val-assert": ["val-assert"], "val-no-assert": ["val-no-assert"] },
  plan,
});

/** Three H100 in bf16, one model on each, with the engine changed as given: what the ablation of the notes is about. */
export const onBf16 = (change: Partial<EngineParameters> = {}): Deployment =>
  oneModelEach(
    "3 GPUs bf16, one model each",
    { ...bf16, ...change },
    { one: 478, loaded: null, tokens: 169_000 },
  );

const validators = {
  "val-assert": { engine: halfGpu, gpu: "validators" },
  "val-no-assert": { engine: halfGpu, gpu: "validators" },
} as const;
const locGen = { engine: { ...fp8, maxSequences: 96 } };
const validatorRoles = { "val-assert": ["val-assert"], "val-no-assert": ["val-no-assert"] } as const;

/** Rows of the notes: the table of section 5, memory and sequence limits of section 7. */
export const deployments = {
  bf16: onBf16(),
  "fp8-2+1": {
    name: '3 GPUs fp8 + fp8 KV, "2 + 1"',
    gpus: 3,
    models: { "loc-gen-a": locGen, "loc-gen-b": locGen, ...validators },
    roles: { "loc-gen": ["loc-gen-a", "loc-gen-b"], ...validatorRoles },
    plan: { one: 324, loaded: 161, tokens: 170_000 },
  },
  "one-gpu": {
    name: "one GPU, three fp8 engines",
    gpus: 1,
    models: {
      "loc-gen": { engine: { ...fp8, kvTokens: 190_000, maxSequences: 64 }, gpu: "only" },
      "val-no-assert": {
        engine: { ...fp8, kvTokens: 45_000, window: 16_384, maxSequences: 24 },
        gpu: "only",
      },
      "val-assert": { engine: { ...fp8, kvTokens: 36_000, window: 16_384, maxSequences: 16 }, gpu: "only" },
    },
    roles: { "loc-gen": ["loc-gen"], "val-assert": ["val-assert"], "val-no-assert": ["val-no-assert"] },
    plan: { one: 285, loaded: 218, tokens: 169_000 },
  },
  // Not in the notes; its plan is that of "2 + 1".
  "fp8-3+1": {
    name: '4 GPUs fp8 + fp8 KV, "3 + 1"',
    gpus: 4,
    models: { "loc-gen-a": locGen, "loc-gen-b": locGen, "loc-gen-c": locGen, ...validators },
    roles: { "loc-gen": ["loc-gen-a", "loc-gen-b", "loc-gen-c"], ...validatorRoles },
    plan: { one: 324, loaded: 161, tokens: 170_000 },
  },
} as const satisfies Record<string, Deployment>;
