import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, test } from "vitest";

test("every proof that docs/peers.md names is there, and every yes has one", async () => {
  const text = await readFile(new URL("../docs/peers.md", import.meta.url), "utf8");
  const rows = text.split("\n").filter((line) => /^\| (?!Feature|-)/.test(line));
  const missing: string[] = [];
  for (const row of rows) {
    const [, feature = "", offer = "", proof = ""] = row.split("|").map((cell) => cell.trim());
    let folder = "";
    const named = [...proof.matchAll(/`([^`]+)`/g)].map(([, path = ""]) => {
      const whole = path.includes("/") ? path : `${folder}/${path}`;
      folder = dirname(whole);
      return whole;
    });
    if (offer.startsWith("yes") && named.length === 0) missing.push(feature);
    missing.push(...named.filter((path) => !existsSync(new URL(`../${path}`, import.meta.url))));
  }

  expect(rows.length).toBeGreaterThan(30);
  expect(missing).toEqual([]);
});
