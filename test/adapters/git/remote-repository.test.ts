import { mkdtemp, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { RepoSource } from "../../../src/ports/workspace.ts";
import { asEntries, makeRepository, type RealRepository } from "../../fixtures/make-repository.ts";
import { serveGit, type GitServer } from "../../fixtures/serve-git.ts";
import { makeGitWorkspace } from "./make-git-workspace.ts";

const signal = new AbortController().signal;
const token = "Basic c2VjcmV0LXRva2Vu";

describe("a repository behind HTTP", () => {
  test("is read with the header that is asked for, anew per command", async () => {
    const { repository, server, source } = await served({ authorization: token });
    const sha = await repository.commit(asEntries({ "a.py": "" }));
    const { workspace } = await makeGitWorkspace();

    const checkout = await workspace.checkout(source, "main", signal);

    expect(checkout.baseSha).toBe(sha);
    expect(new Set(server.authorizations)).toEqual(new Set([token]));
  });

  test("needs no request for a commit that is there already", async () => {
    const { repository, server, source } = await served({});
    const sha = await repository.commit(asEntries({ "a.py": "" }));
    const { workspace, directory } = await makeGitWorkspace();
    await workspace.checkout(source, sha, signal);
    await server.close();

    const checkout = await (await makeGitWorkspace({ directory })).workspace.checkout(source, sha, signal);

    expect(checkout.baseSha).toBe(sha);
  });

  test("is forgotten by its name, whatever its case, also by another process, and nothing else is", async () => {
    const [first, second] = [await served({}), await served({})];
    await first.repository.commit(asEntries({ "marker.py": "" }));
    await second.repository.commit(asEntries({ "a.py": "" }));
    const { workspace, directory } = await makeGitWorkspace();
    const other = { ...second.source, repo: { owner: "other", name: "other" } } as RepoSource;
    await workspace.checkout(first.source, "main", signal);
    await workspace.checkout(other, "main", signal);
    const { repo } = first.source as Extract<RepoSource, { kind: "remote" }>;
    const name = `${repo.owner}/${repo.name}`.toLowerCase();
    const known = await workspace.repositories();

    const removed = await (await makeGitWorkspace({ directory })).workspace.forget(name.toUpperCase());

    expect([...known].sort()).toEqual([name, "other/other"].sort());
    expect([removed, await workspace.repositories()]).toEqual([1, ["other/other"]]);
    const again = await workspace.checkout(first.source, "main", signal);
    expect(await again.read("marker.py")).not.toBeNull();
  });

  test("is read at an older commit from a server of the old protocol", async () => {
    const { repository, source } = await served({ oldProtocol: true });
    const first = await repository.commit(asEntries({ "a.py": "1" }));
    await repository.commit(asEntries({ "a.py": "2" }));
    const { workspace } = await makeGitWorkspace();
    await workspace.checkout(source, "main", signal);

    const checkout = await workspace.checkout(source, first, signal);

    expect(Buffer.from((await checkout.read("a.py")) ?? []).toString()).toBe("1");
  });

  test("never gets the secret into arguments, files or messages", async () => {
    const { repository, source } = await served({ authorization: "Basic other" });
    await repository.commit(asEntries({ "a.py": "" }));
    const spy = await spyOnGit();
    const { directory } = await makeGitWorkspace();
    const { workspace } = await makeGitWorkspace({ directory, host: { PATH: spy.path } });

    const failure: unknown = await workspace
      .checkout(source, "main", signal)
      .catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: "repository-unreadable" });
    const told = JSON.stringify([failure, String(failure)]);
    expect(told).toContain("access was refused");
    expect(told).not.toMatch(/c2VjcmV0|ghs_server_echo/);
    const seen = await spy.seen();
    expect(seen).toContain("ARGUMENT ls-remote");
    expect(
      seen
        .split("\n")
        .filter((line) => line.startsWith("ARGUMENT"))
        .join(),
    ).not.toContain("c2VjcmV0");
    expect(await allText(directory)).not.toContain("c2VjcmV0");
  });

  test("sees nothing of the environment of this process", async () => {
    const { repository, source } = await served({});
    await repository.commit(asEntries({ "a.py": "" }));
    const spy = await spyOnGit();
    process.env["COPATCHER_TEST_CANARY"] = "canary";
    process.env["GIT_CONFIG_PARAMETERS"] = "'core.bare=canary'";
    onTestFinished(() => {
      delete process.env["COPATCHER_TEST_CANARY"];
      delete process.env["GIT_CONFIG_PARAMETERS"];
    });
    const { workspace } = await makeGitWorkspace({ host: { PATH: spy.path } });

    await workspace.checkout(source, "main", signal);

    expect(await spy.seen()).not.toContain("canary");
  });

  test("cannot send the header on to another host by a redirect", async () => {
    const { repository, server } = await served({});
    await repository.commit(asEntries({ "a.py": "" }));
    const redirecting = await serveGit("/nonexistent", { redirectTo: server.url });
    onTestFinished(() => redirecting.close());
    const { workspace } = await makeGitWorkspace();
    const source = remote(`${redirecting.url}/${basename(repository.directory)}`);

    const checkout = workspace.checkout(source, "main", signal);

    await expect(checkout).rejects.toMatchObject({ code: "repository-unreadable" });
    expect(server.authorizations).toEqual([]);
  });

  test.each([
    ["https://user:secret@example.org/r.git", /without credentials/],
    ["ext::sh -c id", /must be http/],
    ["--upload-pack=id", /must be http/],
    ["file:///etc", /must be http/],
  ])("is refused at the address %j", async (url, message) => {
    const { workspace } = await makeGitWorkspace();

    await expect(workspace.checkout(remote(url), "main", signal)).rejects.toThrow(message);
  });

  test("says when the server cannot be reached and when it has no such repository", async () => {
    const { server } = await served({});
    const { workspace } = await makeGitWorkspace();
    const nothing = remote(`${server.url}/nothing.git`);

    await expect(workspace.checkout(nothing, "main", signal)).rejects.toThrow(/no such repository/);
    await server.close();
    await expect(workspace.checkout(nothing, "main", signal)).rejects.toThrow(/cannot be reached/);
  });

  test("counts as away while its server cannot be reached", async () => {
    const { repository, server, source } = await served({});
    await repository.commit(asEntries({ "a.py": "" }));
    const { workspace } = await makeGitWorkspace();
    await server.close();

    const checkout = workspace.checkout(source, "main", signal);

    await expect(checkout).rejects.toMatchObject({ code: "forge-unavailable" });
  });

  test.each([
    { status: 408 },
    { status: 429 },
    { status: 500 },
    { status: 503 },
    "hangs-up",
    "breaks-off",
  ] as const)("counts as away while its server answers like this: %j", async (outage) => {
    const { source } = await served({ outage });
    const { workspace } = await makeGitWorkspace();

    const checkout = workspace.checkout(source, "main", signal);

    await expect(checkout).rejects.toMatchObject({ code: "forge-unavailable" });
  });

  test("is fetched again after a predecessor died in the middle of a fetch", async () => {
    const { repository, source } = await served({});
    await repository.commit(asEntries({ "a.py": "1" }));
    const { workspace, directory } = await makeGitWorkspace();
    await workspace.checkout(source, "main", signal);
    const folder = (await readdir(directory)).find((name) => name !== "gitconfig") ?? "";
    await writeFile(join(directory, folder, "mirror.git", "shallow.lock"), "");
    const sha = await repository.commit(asEntries({ "a.py": "2" }));

    const checkout = await (await makeGitWorkspace({ directory })).workspace.checkout(source, "main", signal);

    expect(checkout.baseSha).toBe(sha);
  });

  test("leaves no half-written archive when the archiving is cancelled", async () => {
    const { repository, source } = await served({});
    await repository.commit(asEntries({ "a.dat": Buffer.alloc(8 * 2 ** 20, 1) }));
    const { workspace, directory } = await makeGitWorkspace();
    const checkout = await workspace.checkout(source, "main", signal);

    await expect(checkout.archive(AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });

    const left = (await readdir(directory, { recursive: true })).filter((name) => name.includes("archives/"));
    expect(left).toEqual([]);
  });
});

const remote = (url: string): RepoSource => ({
  kind: "remote",
  repo: { owner: "o", name: "r" },
  url,
  authorization: () => Promise.resolve(token),
});

async function served(
  options: Parameters<typeof serveGit>[1],
): Promise<{ repository: RealRepository; server: GitServer; source: RepoSource }> {
  const repository = await makeRepository({ bare: true });
  const server = await serveGit(dirname(repository.directory), options);
  onTestFinished(() => server.close());
  return { repository, server, source: remote(`${server.url}/${basename(repository.directory)}`) };
}

/** A `git` first on PATH that writes down its arguments and environment and then runs the real one. */
async function spyOnGit(): Promise<{ path: string; seen(): Promise<string> }> {
  const folder = await mkdtemp(join(tmpdir(), "copatcher-spy-"));
  const log = join(folder, "log");
  const real = "/usr/bin:/bin:/usr/local/bin";
  const script = `#!/bin/sh\nfor a in "$@"; do echo "ARGUMENT $a" >>${log}; done\nenv >>${log}\nPATH=${real} exec git "$@"\n`;
  await writeFile(join(folder, "git"), script, { mode: 0o755 });
  return { path: `${folder}:${real}`, seen: () => readFile(log, "utf8") };
}

async function allText(directory: string): Promise<string> {
  const texts: string[] = [];
  for (const name of await readdir(directory, { recursive: true })) {
    const file = join(directory, name);
    if ((await stat(file)).isFile()) texts.push(await readFile(file, "latin1"));
  }
  return texts.join("\n");
}
