import type { Measure, Report } from "../report.ts";

export type CurvePoint = {
  readonly x: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Cases behind the point: pools that hold so many samples. */
  readonly instances: number;
};

/** One arm's line; arms whose points are the same share one. */
export type Line = { readonly arms: readonly string[]; readonly points: readonly CurvePoint[] };

/** Over numbers of samples or turns, or over probabilities, where every point tells something and the best line is known. */
export type Axis = NonNullable<Measure["at"]>["axis"];

export type Curve = {
  readonly name: string;
  readonly axis: Axis;
  readonly unit: Measure["unit"];
  readonly lines: readonly Line[];
};

/** The report's measures that lie on curves, one drawing for each; others than those over probabilities only where a line has two points. */
export function curvesOf({ arms }: Report): readonly Curve[] {
  const placed = arms.flatMap(({ name: arm, measures }) =>
    measures.flatMap((measure) => {
      const { at, value, interval, unit, instances } = measure;
      if (at === undefined || value === null) return [];
      const ends = { low: interval?.low ?? value, high: interval?.high ?? value };
      const point = { x: at.x, value, ...ends, instances };
      return [{ arm, curve: at.curve, axis: at.axis, unit, point }];
    }),
  );
  const names = [...new Set(placed.map(({ curve }) => curve))];
  return names.flatMap((name) => {
    const here = placed.filter(({ curve }) => curve === name);
    const lines = arms.flatMap(({ name: arm }) => {
      const points = here.filter((one) => one.arm === arm).map(({ point }) => point);
      return points.length === 0 ? [] : [{ arms: [arm], points: points.toSorted((a, b) => a.x - b.x) }];
    });
    const [first] = here;
    if (first === undefined) return [];
    const { unit, axis } = first;
    if (axis !== "probability" && lines.every(({ points }) => points.length < 2)) return [];
    return [{ name, axis, unit, lines: merged(lines) }];
  });
}

function merged(lines: readonly Line[]): readonly Line[] {
  const byPoints = new Map<string, Line>();
  for (const line of lines) {
    const key = JSON.stringify(line.points);
    const known = byPoints.get(key);
    byPoints.set(key, known === undefined ? line : { ...known, arms: [...known.arms, ...line.arms] });
  }
  return [...byPoints.values()];
}
