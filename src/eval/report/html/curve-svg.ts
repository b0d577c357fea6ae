import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { withVisibleHidden } from "../../../domain/visible-text.ts";
import type { Curve } from "./curves.ts";

/** In pixels. */
const size = { width: 640, height: 300 };

/** A curve with the intervals of its points as one SVG element that needs nothing from elsewhere. */
export async function curveSvg(curve: Curve): Promise<string> {
  const view = new View(parse(compile(specOf(curve)).spec), { renderer: "none" });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** Numbers of samples double from step to step; fewer and fewer pools hold as many, which the ticks tell. */
function overSamples({ name, lines }: Curve) {
  const cases = new Map(lines.flatMap(({ points }) => points.map(({ x, instances }) => [x, instances])));
  const values = [...cases.keys()].sort((a, b) => a - b);
  const scale = values[0] !== undefined && values[0] > 0 ? ({ type: "log", base: 2 } as const) : {};
  const labels = values.map((x) => [x, `${x} (${cases.get(x)})`]);
  const labelExpr = `${JSON.stringify(Object.fromEntries(labels))}[datum.value]`;
  return { x: { title: "k (cases)", scale, axis: { values, labelExpr } }, y: { title: `${name}@k` } };
}

const overTurns = ({ name, lines }: Curve) => ({
  x: {
    title: "turns",
    axis: { values: [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))] },
  },
  y: { title: name },
});

const overProbability = {
  x: { title: "probability that was said", scale: { domain: [0, 1] }, axis: { format: ".0%" } },
  y: { title: "share that is right", scale: { domain: [0, 1] } },
};

function axesOf(curve: Curve) {
  switch (curve.axis) {
    case "k":
      return overSamples(curve);
    case "turn":
      return overTurns(curve);
    case "probability":
      return overProbability;
  }
}

function specOf(curve: Curve): TopLevelSpec {
  const { axis, unit, lines } = curve;
  const values = lines.flatMap(({ arms, points }) => {
    const arm = withVisibleHidden(arms.join(", "));
    return points.map((point) => ({ ...point, arm }));
  });
  const onDiagonal = axis === "probability";
  const { x, y } = axesOf(curve);
  const height = { type: "quantitative", ...y, axis: unit === "share" ? { format: ".0%" } : {} } as const;
  return {
    ...size,
    background: "white",
    data: { values },
    encoding: { x: { field: "x", type: "quantitative", ...x } },
    layer: [
      {
        data: { values: onDiagonal ? [0, 1].map((end) => ({ x: end, value: end })) : [] },
        mark: { type: "line", strokeDash: [4, 4], color: "#8c959f" },
        encoding: { y: { field: "value", ...height } },
      },
      {
        mark: onDiagonal ? { type: "rule", opacity: 0.6 } : { type: "area", opacity: 0.1 },
        encoding: { y: { field: "low", ...height }, y2: { field: "high" }, color },
      },
      {
        mark: onDiagonal ? { type: "point", filled: true, size: 60 } : { type: "line", point: true },
        encoding: { y: { field: "value", ...height }, color },
      },
    ],
  };
}

const color = {
  field: "arm",
  type: "nominal",
  title: null,
  sort: null,
  legend: { labelLimit: 0, symbolOpacity: 1, orient: "bottom", columns: 1 },
} as const;
