import { describe, expect, test } from "vitest";
import type { FileCopies } from "../../src/ports/file-copies.ts";

export function fileCopiesContract(name: string, makeSubject: () => FileCopies): void {
  const repo = { owner: "Octo", name: "Copies" };
  const place = { installation: 7, repo, path: ".github/copatcher.yml" };
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const textOf = (content: Uint8Array | null | undefined) =>
    content instanceof Uint8Array ? new TextDecoder().decode(content) : content;

  describe(`${name} as FileCopies`, () => {
    test("gives a file as it was kept last, and that there was none", async () => {
      const files = makeSubject();
      const last = async () => textOf(await files.find(place));
      const seen = [await last()];
      for (const content of [bytes("a \u0000 ü"), null, bytes("b")]) {
        await files.keep(place, content);
        seen.push(await last());
      }

      expect(seen).toEqual([undefined, "a \u0000 ü", null, "b"]);
    });

    test("knows a repository in whatever case, and keeps apart what installations and paths are", async () => {
      const files = makeSubject();
      await files.keep(place, bytes("a"));

      const inOtherCase = { owner: "octo", name: "copies" };
      expect(textOf(await files.find({ ...place, repo: inOtherCase }))).toBe("a");
      expect(await files.find({ ...place, installation: 8 })).toBeUndefined();
      expect(await files.find({ ...place, path: ".copatcher.yml" })).toBeUndefined();
    });
  });
}
