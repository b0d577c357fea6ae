import { posix } from "node:path";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { z } from "zod";
import type { Checkout } from "../../ports/workspace.ts";

const maxModules = 1000;
const Pom = z.object({
  project: z.object({
    modules: z.object({ module: z.array(z.string()) }),
  }),
});

const parser = new XMLParser({
  processEntities: false,
  parseTagValue: false,
  isArray: (name) => name === "module",
});

/** Folders of what the pom.xml at the root builds: its own ("") and, in turn, the modules that each names. */
export async function mavenModules(checkout: Checkout): Promise<ReadonlySet<string>> {
  const built = new Set([""]);
  for (const folder of built) {
    if (built.size > maxModules) break;
    const text = Buffer.from((await checkout.read(posix.join(folder, "pom.xml"))) ?? []).toString("utf8");
    const pom = XMLValidator.validate(text) === true ? Pom.safeParse(parser.parse(text)) : null;
    for (const module of pom?.data?.project.modules.module ?? []) {
      // Normalised, so that no module is its own: `.` and `a/../a` are nothing new.
      const below = posix.join(folder, module).replace(/\/+$/, "");
      built.add(below === "." ? "" : below);
    }
  }
  return built;
}
