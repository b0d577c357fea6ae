import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as shared from "../workplace.ts";

const required = process.env["COPATCHER_REQUIRE_ALL"] === "1";
export const withoutGo = !required && spawnSync("go", ["version"]).status !== 0;

/** With the go of this machine. */
export const makeWorkplace = (files: Readonly<Record<string, string>>): shared.Workplace =>
  shared.makeWorkplace(files, { GOCACHE: join(tmpdir(), "copatcher-go-test-cache") });
