import { fateOf } from "../../driver/process-identity.ts";
import type { Labels } from "./container-config.ts";

/** Carries the identity of the process that made a thing. */
export const processLabel = "copatcher.process";

/** A container, a volume or an image on the engine. */
export type LabelledThing = {
  readonly labels: Labels;
  readonly createdMs: number;
  readonly running: boolean;
};

/** Our containers end by themselves before that, and with them whatever uses a volume, in milliseconds. */
const unknownFor = 24 * 60 * 60_000;

/**
 * Whether the process that made it has ended for sure. Of another machine's or another container's process nothing is
 * known here: what it made counts as left when it does not run and is older than a day.
 */
export function isLeft({ labels, createdMs, running }: LabelledThing, nowMs: number = Date.now()): boolean {
  const fate = fateOf(labels[processLabel] ?? "");
  if (fate !== "unknown") return fate === "gone";
  return !running && nowMs - createdMs > unknownFor;
}
