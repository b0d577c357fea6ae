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

function specOf({ name, unit, lines }: Curve): TopLevelSpec {
  const values = lines.flatMap(({ arms, points }) => {
    const arm = withVisibleHidden(arms.join(", "));
    return points.map((point) => ({ ...point, arm }));
  });
  const xs = [...new Set(values.map(({ x }) => x))].sort((a, b) => a - b);
  const format = unit === "share" ? { format: ".0%" } : {};
  return {
    ...size,
    background: "white",
    data: { values },
    encoding: {
      x: {
        field: "x",
        type: "quantitative",
        title: "k",
        scale: xs[0] !== undefined && xs[0] > 0 ? { type: "log", base: 2 } : {},
        axis: { values: xs, format: "d" },
      },
      color: {
        field: "arm",
        type: "nominal",
        title: null,
        sort: null,
        legend: { labelLimit: 300, symbolOpacity: 1 },
      },
    },
    layer: [
      {
        mark: { type: "area", opacity: 0.1 },
        encoding: {
          y: { field: "low", type: "quantitative", title: `${name}@k`, axis: format },
          y2: { field: "high" },
        },
      },
      {
        mark: { type: "line", point: true },
        encoding: { y: { field: "value", type: "quantitative", title: `${name}@k`, axis: format } },
      },
    ],
  };
}
