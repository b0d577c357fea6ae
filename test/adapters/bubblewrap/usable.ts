import { spawnSync } from "node:child_process";
import { createBubblewrapSandbox } from "../../../src/adapters/bubblewrap/bubblewrap-sandbox.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";

const required = process.env["COPATCHER_REQUIRE_ALL"] === "1";
const walls = ["--unshare-all", "--unshare-user", "--disable-userns", "--ro-bind", "/", "/", "true"];

/** Whether tests are left out here; their title says what they need. */
export const unusable = spawnSync("bwrap", walls, { stdio: "ignore" }).status !== 0 && !required;

export const makeSandbox = (slots = 1, instance = "test") =>
  createBubblewrapSandbox({ instance, slots, logger: createSilentLogger() });
