import { createHash } from "node:crypto";

/** A number in [0, 1) that depends on its key alone, so neither on time nor on the order of requests. */
export function draw(key: readonly (string | number)[]): number {
  const digest = createHash("sha256").update(JSON.stringify(key)).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

/** A draw from the normal distribution with mean 0 and deviation 1. */
export function drawNormal(key: readonly (string | number)[]): number {
  const radius = Math.sqrt(-2 * Math.log(1 - draw([...key, "radius"])));
  return radius * Math.cos(2 * Math.PI * draw([...key, "angle"]));
}
