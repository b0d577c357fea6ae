import { expect, test } from "vitest";
import { gitError } from "../../../src/adapters/git/git-failure.ts";
import type { RepoSource } from "../../../src/ports/workspace.ts";

const signal = new AbortController().signal;
const repo = { owner: "octo", name: "parcels" };
const url = "https://github.com/octo/parcels.git";
const remote: RepoSource = { kind: "remote", repo, url, authorization: null };
const local: RepoSource = { kind: "local", directory: "/repositories/parcels" };
const codeOf = (source: RepoSource, text: string): string =>
  gitError(source, new Error(text), signal, null).code;
const unable = `fatal: unable to access '${url}/': `;

test.each([
  `${unable}Could not resolve host: github.com`,
  `${unable}Failed to connect to github.com port 443 after 130000 ms: Couldn't connect to server`,
  `${unable}Recv failure: Connection reset by peer`,
  `${unable}Operation too slow. Less than 1000 bytes/sec transferred the last 60 seconds`,
  `${unable}The requested URL returned error: 502`,
  "error: RPC failed; HTTP 504 curl 22 The requested URL returned error: 504\nfatal: expected 'packfile'",
  "error: RPC failed; curl 92 HTTP/2 stream 5 was not closed cleanly: CANCEL (err 8)\nfatal: early EOF\nfatal: fetch-pack: invalid index-pack output",
  "fetch-pack: unexpected disconnect while reading sideband packet\nfatal: early EOF\nfatal: index-pack failed",
])("an outage is told from what does not pass, for remote sources only: %s", (text) => {
  expect([codeOf(remote, text), codeOf(local, text)]).toEqual(["forge-unavailable", "repository-unreadable"]);
});

test.each([
  "error: RPC failed; HTTP 403 curl 22 The requested URL returned error: 403\nfatal: the remote end hung up unexpectedly",
  "fatal: repository 'https://github.com/octo/parcels.git/' not found",
  "fatal: write error: No space left on device\nfatal: early EOF\nfatal: index-pack failed",
  "error: unable to read sha1 file of a.py",
])("what does not pass is not waited for: %s", (text) => {
  expect(codeOf(remote, text)).toBe("repository-unreadable");
});
