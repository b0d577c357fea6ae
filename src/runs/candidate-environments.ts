import type { FileChange } from "../domain/edit.ts";
import type { EnvironmentPlan } from "../domain/environment.ts";
import { RepairError } from "../domain/errors.ts";
import type { CandidateEnvironments, CandidatePlace } from "../pipeline/stage-context.ts";
import type {
  BuiltEnvironment,
  EnvironmentBuilder,
  EnvironmentRequest,
} from "../ports/environment-builder.ts";

/** What a run's environment was built from and by. */
export type BuiltFrom = {
  readonly builder: EnvironmentBuilder;
  readonly built: BuiltEnvironment;
  readonly request: EnvironmentRequest;
};

const shared: CandidatePlace = { kind: "shared" };

/** Candidates of an environment that nothing was installed into. */
export const sharedEnvironments: CandidateEnvironments & { close(): Promise<void> } = {
  placeFor: () => Promise.resolve(shared),
  close: () => Promise.resolve(),
};

/** Layers over a run's environment, one per distinct changes that touch its inputs; `close` removes them. */
export function createCandidateEnvironments(
  from: BuiltFrom,
  signal: AbortSignal,
): CandidateEnvironments & { close(): Promise<void> } {
  const { builder, built, request } = from;
  const inputs = new Set(request.plan.inputs);
  const places = new Map<string, Promise<CandidatePlace>>();
  const layers: BuiltEnvironment[] = [];

  async function layOver(changes: readonly FileChange[], touched: string): Promise<CandidatePlace> {
    const files = changes.map(({ path, after }) => ({ path, content: after }));
    try {
      const layer = await builder.layer(built, request, files, signal);
      layers.push(layer);
      return layer.reference === null ? shared : { kind: "layer", reference: layer.reference };
    } catch (error) {
      if (!(error instanceof RepairError) || error.code !== "environment-failed") throw error;
      return unable(
        `it changes ${touched}, and what that asks for cannot be installed without network: ${error.message}`,
      );
    }
  }

  return {
    async placeFor(changes) {
      const touched = changes.map(({ path }) => path).filter((path) => inputs.has(path));
      if (touched.length === 0) return shared;
      const named = touched.join(", ");
      if (rebuildsImage(request.plan)) {
        return unable(
          `it changes ${named}, from which an image is built, and images are not rebuilt for a candidate`,
        );
      }
      const key = JSON.stringify(changes.map(({ path, after }) => [path, after]));
      const place = places.get(key) ?? layOver(changes, named);
      places.set(key, place);
      // an engine that was away for a moment must not cost later candidates of the same shape
      place.catch(() => places.delete(key));
      return place;
    },
    async close() {
      await Promise.allSettled(places.values());
      for (const layer of layers.splice(0)) await builder.discard(layer);
    },
  };
}

const unable = (reason: string): CandidatePlace => ({ kind: "unable", reason });

/** A layer repeats the steps only. */
const rebuildsImage = ({ base }: EnvironmentPlan): boolean => base.kind === "dockerfile";
