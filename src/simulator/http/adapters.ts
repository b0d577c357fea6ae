import { z } from "zod";
import type { Simulation } from "../simulation.ts";
import type { HttpAnswer } from "./answer-parts.ts";
import type { Dialect } from "./dialect.ts";

const Adapter = z.looseObject({ lora_name: z.string().min(1), base_model_name: z.string().nullish() });

/** Loads and unloads LoRA adapters as vLLM does; null for any other path. */
export function answerAdapters(
  simulation: Simulation,
  dialect: Dialect,
  path: string,
  body: unknown,
): HttpAnswer | null {
  const isLoad = path === "/v1/load_lora_adapter";
  if (!isLoad && path !== "/v1/unload_lora_adapter") return null;
  const parsed = Adapter.safeParse(body);
  if (!parsed.success) return dialect.badRequest(parsed.error.message);
  const { lora_name: name, base_model_name: base } = parsed.data;
  if (!isLoad) {
    if (!simulation.unloadAdapter(name)) return dialect.unknownModel(name);
    return { status: 200, body: `Success: LoRA adapter '${name}' removed successfully.` };
  }
  if (simulation.engine(name) !== null) {
    return dialect.badRequest(`The lora adapter '${name}' has already been loaded.`);
  }
  const on = base ?? simulation.modelNames()[0] ?? "";
  if (!simulation.loadAdapter(name, on)) return dialect.unknownModel(on);
  return { status: 200, body: `Success: LoRA adapter '${name}' added successfully.` };
}
