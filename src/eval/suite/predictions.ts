/** What was picked for an instance; a null patch is no pick. */
export type Prediction = { readonly instance: string; readonly patch: string | null };

/** Predictions as the SWE-bench harness takes them, one JSON object a line; no pick is an empty patch there. */
export const predictionLines = (model: string, predictions: readonly Prediction[]): string =>
  predictions
    .map(({ instance, patch }) =>
      JSON.stringify({ instance_id: instance, model_name_or_path: model, model_patch: patch ?? "" }),
    )
    .map((line) => `${line}\n`)
    .join("");
