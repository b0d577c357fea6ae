import type { Measure, Report } from "../report.ts";

export type CurvePoint = {
  readonly x: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
};

/** One arm's line; arms whose points are the same share one. */
export type Line = { readonly arms: readonly string[]; readonly points: readonly CurvePoint[] };

export type Curve = {
  readonly name: string;
  readonly unit: Measure["unit"];
  readonly lines: readonly Line[];
};

/** The report's measures that lie on curves, as one drawing for each curve with at least two points on some line. */
export function curvesOf({ arms }: Report): readonly Curve[] {
  const placed = arms.flatMap(({ name: arm, measures }) =>
    measures.flatMap((measure) => {
      const { at, value, interval, unit } = measure;
      if (at === undefined || value === null) return [];
      const point = { x: at.x, value, low: interval?.low ?? value, high: interval?.high ?? value };
      return [{ arm, curve: at.curve, unit, point }];
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
    if (first === undefined || lines.every(({ points }) => points.length < 2)) return [];
    return [{ name, unit: first.unit, lines: merged(lines) }];
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
