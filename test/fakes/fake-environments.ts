import type {
  EnvironmentRequest,
  BuildFile,
  EnvironmentBuilder,
} from "../../src/ports/environment-builder.ts";
import { RepairError } from "../../src/domain/errors.ts";

export type FakeEnvironments = EnvironmentBuilder & {
  readonly builds: readonly EnvironmentRequest[];
  readonly layers: readonly (readonly BuildFile[])[];
  /** References of layers that were not discarded. */
  readonly kept: ReadonlySet<string>;
};

type Faults = {
  /** The step of this name fails in a build. */
  readonly failingStep?: string;
  /** Layers fail. */
  readonly failingLayers?: boolean;
};

/** Builds nothing: it names environments, says the names of the steps in the log, and fails where it is told to. */
export function createFakeEnvironments(faults: Faults = {}): FakeEnvironments {
  const builds: EnvironmentRequest[] = [];
  const layers: (readonly BuildFile[])[] = [];
  const kept = new Set<string>();
  const failure = (step: string): RepairError =>
    new RepairError("environment-failed", `${step} failed: exit 1`, {
      data: {
        step,
        status: "exit 1",
        tail: "No matching distribution\n```\n@everyone",
        logFile: "/data/b.log",
      },
    });
  return {
    builds,
    layers,
    kept,
    async build(request, signal) {
      if (signal.aborted) throw new RepairError("cancelled", "the build was cancelled");
      const cached = builds.some(({ plan }) => JSON.stringify(plan) === JSON.stringify(request.plan));
      builds.push(request);
      for (const { name } of request.plan.steps) {
        for (const piece of ["a line\n[copatcher] st", `ep: ${name}\nmore`, "\n"]) request.log(piece);
        if (name === faults.failingStep) throw failure(name);
      }
      return {
        reference: "env-1",
        key: "0123456789abcdef",
        cached,
        seconds: cached ? 0 : 7,
        logFile: "/data/b.log",
      };
    },
    async layer(base, _request, files) {
      layers.push(files);
      if (faults.failingLayers === true) throw failure("pip install -r requirements.txt");
      const reference = `${base.reference}-layer-${layers.length}`;
      kept.add(reference);
      return { ...base, reference };
    },
    async discard({ reference }) {
      if (reference !== null) kept.delete(reference);
    },
  };
}
