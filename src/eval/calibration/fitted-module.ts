import { featureNames, type Calibration } from "../../domain/calibration/calibration.ts";

/** The calibration as the source file that the pipeline reads, src/domain/calibration/fitted.ts, in the house's format. */
export function fittedModule({ intercept, weights, fittedOn, threshold, undecided }: Calibration): string {
  return `import type { Calibration } from "./calibration.ts";

/** Written by \`npm run eval -- calibration DIR... --out\` and reviewed like code; how it is fitted: docs/evaluation.md. */
export const fitted: Calibration = {
  intercept: ${short(intercept)},
  weights: {
${featureNames.map((name) => `    ${name}: ${short(weights[name])},`).join("\n")}
  },
  fittedOn: { cases: ${fittedOn.cases}, repositories: ${fittedOn.repositories} },
  threshold: ${threshold === null ? "null" : short(threshold)},
  undecided:${undecided === null ? " null" : `\n    ${JSON.stringify(undecided)}`},
};
`;
}

/** Nobody can tell more digits apart, and another machine's last ones may differ. */
const short = (value: number): string => String(Number(value.toFixed(4)));
