import { z } from "zod";
import { roles, type Role } from "../domain/transcript.ts";
import { adapterNames } from "./adapter-names.ts";
import { address } from "./address.ts";
import { shown, whole } from "./variable-schema.ts";

/** Where one role's model is served, at least once. */
export type RoleConfig = {
  readonly urls: readonly [string, ...string[]];
  readonly model: string;
  /** Names of the adapters that single repositories have instead, by `owner/name` in small letters. */
  readonly adapters: ReadonlyMap<string, string>;
  readonly key: string | null;
  /** What its chat template is told; null says nothing. */
  readonly think: boolean | null;
};

export type InferenceConfig = {
  readonly roles: Readonly<Record<Role, RoleConfig>>;
  readonly systemPrompt: string;
  /** Sequences that one server works on at a time. */
  readonly concurrency: number;
  /** For a router in front of several servers. */
  readonly affinityHeader: string | null;
};

/** One address or several with commas between, each once. */
const addresses = z
  .string()
  .transform((value) =>
    value
      .split(",")
      .map((one) => one.trim())
      .filter((one) => one !== ""),
  )
  .pipe(z.array(address).min(1, "must name an address"))
  .transform((urls): readonly string[] => [...new Set(urls)]);

const roleAddresses = (role: string) =>
  shown(addresses.optional(), {
    meaning: `Addresses of the ${role} model, when they differ`,
    example: "http://gpu-1:8000/v1,http://gpu-2:8000/v1",
  });

const roleKey = (role: string) =>
  shown(z.string().optional(), {
    meaning: `API key for the ${role} model, when it differs`,
    example: "sk-other",
  });

const modelName = (role: string, fallback: string) =>
  shown(z.string().prefault(fallback), {
    meaning: `Name under which the server serves the ${role} model; an adapter's name where it is one`,
    example: fallback,
    fallback,
  });

const roleAdapters = (role: string) =>
  shown(adapterNames.optional(), {
    meaning: `Adapters that single repositories have instead of the ${role} model, owner/name=adapter with commas between`,
    example: "octo/parcels=octo--parcels@3f9c21d07a44",
  });

const thinks = (role: string) =>
  shown(z.enum(["true", "false"], { error: "must be true or false" }).optional(), {
    meaning: `Whether the ${role} model shall think, where its chat template has the switch (enable_thinking)`,
    example: "false",
    fallback: "nothing is said",
  });

/** Of the headers that a request has anyway. */
const ownHeaders =
  /^(authorization|host|cookie|accept.*|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|user-agent)$/i;

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/, "must be a header's name: letters, digits and hyphens")
  .refine((name) => !ownHeaders.test(name), "must not be a header that requests have anyway");

export const inferenceVariables = {
  COPATCHER_INFERENCE_URL: shown(addresses.optional(), {
    meaning:
      "OpenAI-compatible address that serves the three models, or several that do, commas between; the server needs it",
    example: "http://127.0.0.1:8000/v1",
  }),
  COPATCHER_LOC_GEN_URL: roleAddresses("localization and generation"),
  COPATCHER_VAL_ASSERT_URL: roleAddresses("asserting validation"),
  COPATCHER_VAL_NO_ASSERT_URL: roleAddresses("printing validation and judge"),
  COPATCHER_INFERENCE_KEY: shown(z.string().optional(), {
    meaning: "API key of the inference server, when it wants one",
    example: "sk-local",
  }),
  COPATCHER_LOC_GEN_KEY: roleKey("localization and generation"),
  COPATCHER_VAL_ASSERT_KEY: roleKey("asserting validation"),
  COPATCHER_VAL_NO_ASSERT_KEY: roleKey("printing validation and judge"),
  COPATCHER_LOC_GEN_MODEL: modelName("localization and generation", "loc-gen"),
  COPATCHER_VAL_ASSERT_MODEL: modelName("asserting validation", "val-assert"),
  COPATCHER_VAL_NO_ASSERT_MODEL: modelName("printing validation and judge", "val-no-assert"),
  COPATCHER_LOC_GEN_ADAPTERS: roleAdapters("localization and generation"),
  COPATCHER_VAL_ASSERT_ADAPTERS: roleAdapters("asserting validation"),
  COPATCHER_VAL_NO_ASSERT_ADAPTERS: roleAdapters("printing validation and judge"),
  COPATCHER_LOC_GEN_THINK: thinks("localization and generation"),
  COPATCHER_VAL_ASSERT_THINK: thinks("asserting validation"),
  COPATCHER_VAL_NO_ASSERT_THINK: thinks("printing validation and judge"),
  COPATCHER_SYSTEM_PROMPT: shown(z.string().prefault("You are a helpful assistant."), {
    meaning: "System message before every prompt; must be the one the models were trained with",
    example: '"You are a helpful assistant."',
    fallback: "You are a helpful assistant.",
  }),
  COPATCHER_INFERENCE_CONCURRENCY: shown(whole(1, 1024).prefault("64"), {
    meaning:
      "Sequences in flight per server (a group of n counts n); the server's own limit is the best value",
    example: "96",
    fallback: "64",
  }),
  COPATCHER_AFFINITY_HEADER: shown(headerName.optional(), {
    meaning:
      "Header with run, stage and first sample, by which a router in front of several servers keeps prefixes together",
    example: "x-smg-routing-key",
    fallback: "none",
  }),
} satisfies Readonly<Record<string, z.ZodType>>;

type Values = z.infer<z.ZodObject<typeof inferenceVariables>>;

const prefixes = {
  "loc-gen": "COPATCHER_LOC_GEN",
  "val-assert": "COPATCHER_VAL_ASSERT",
  "val-no-assert": "COPATCHER_VAL_NO_ASSERT",
} as const satisfies Record<Role, string>;

/** The roles' own address variables. */
export const addressVariables: readonly string[] = roles.map((role) => `${prefixes[role]}_URL`);

/** Null when some role has no address. */
export function inferenceOf(values: Values): InferenceConfig | null {
  const configOf = (role: Role): RoleConfig | null => {
    const prefix = prefixes[role];
    const [first, ...others] = values[`${prefix}_URL`] ?? values.COPATCHER_INFERENCE_URL ?? [];
    if (first === undefined) return null;
    const key = values[`${prefix}_KEY`] ?? values.COPATCHER_INFERENCE_KEY ?? null;
    const said = values[`${prefix}_THINK`];
    const think = said === undefined ? null : said === "true";
    const adapters = values[`${prefix}_ADAPTERS`] ?? new Map<string, string>();
    return { urls: [first, ...others], model: values[`${prefix}_MODEL`], adapters, key, think };
  };
  const [locGen, valAssert, valNoAssert] = [
    configOf("loc-gen"),
    configOf("val-assert"),
    configOf("val-no-assert"),
  ];
  if (locGen === null || valAssert === null || valNoAssert === null) return null;
  return {
    roles: { "loc-gen": locGen, "val-assert": valAssert, "val-no-assert": valNoAssert },
    systemPrompt: values.COPATCHER_SYSTEM_PROMPT,
    concurrency: values.COPATCHER_INFERENCE_CONCURRENCY,
    affinityHeader: values.COPATCHER_AFFINITY_HEADER ?? null,
  };
}
