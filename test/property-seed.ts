import { configureGlobal } from "fast-check";

// The same cases everywhere, so that a red CI is about the change; PROPERTY_SEED=<number> looks for others.
configureGlobal({ seed: Number(process.env["PROPERTY_SEED"] ?? 20_250_518) });
