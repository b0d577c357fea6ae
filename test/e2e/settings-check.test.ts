import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBotWorld, type BotWorld } from "../fixtures/bot-world.ts";
import { asEntries, type TreeFile } from "../fixtures/make-repository.ts";

const base = { "README.md": "# Rates\n", ".github/copatcher.yml": "limits:\n  minutes: 30\n" };

let world: BotWorld;
beforeAll(async () => {
  world = await makeBotWorld(asEntries(base));
});
afterAll(() => world.close());

/** Opens a pull request whose branch holds these files; gives the commit and what the webhook was answered. */
async function propose(branch: string, files: Readonly<Record<string, TreeFile>>) {
  await world.repository.git("branch", branch, "main");
  const sha = await world.repository.commit(asEntries(files), branch);
  const { status } = await world.github.openPullRequest(branch, "main", branch, "wanda");
  return { sha, status };
}
const checkOf = (sha: string) => world.github.checks().filter(({ headSha }) => headSha === sha);

test("a pull request that touches no settings gets no check", async () => {
  const { sha, status } = await propose("plain", { ...base, "README.md": "# Interest rates\n" });

  expect(status).toBe(200);
  expect(checkOf(sha)).toEqual([]);
});

test("valid settings get a success with what they would change", async () => {
  const files = { ...base, ".github/copatcher.yml": "limits:\n  minutes: 45\npr:\n  mode: draft\n" };
  const { sha } = await propose("valid", files);

  expect(checkOf(sha)).toMatchObject([
    { name: "copatcher / config", conclusion: "success", title: "Valid", annotations: [] },
  ]);
  const summary = checkOf(sha)[0]?.summary ?? "";
  expect(summary).toContain("| `limits.minutes` | `30` | `45` | repository |");
  expect(summary).toContain('| `pr.mode` | `"auto"` | `"draft"` | repository |');
  expect(summary).not.toContain("`enabled`");
});

test("settings that are removed say what holds instead", async () => {
  const { sha } = await propose("removed", { "README.md": "# Rates\n" });

  expect(checkOf(sha)).toMatchObject([{ conclusion: "success" }]);
  expect(checkOf(sha)[0]?.summary).toContain("| `limits.minutes` | `30` |");
});

test.each<[string, TreeFile, object]>([
  [
    "a wrong type",
    "limits:\n  minutes: soon\n",
    { start_line: 2, start_column: 12, annotation_level: "failure" },
  ],
  ["a key twice", "enabled: true\nenabled: false\n", { start_line: 2, annotation_level: "failure" }],
  ["no YAML", "limits: [1\n", { annotation_level: "failure" }],
  ["no text", new Uint8Array([0xff, 0xfe, 0x61, 0x00]), { start_line: 1, annotation_level: "failure" }],
  ["a word", "enabled\n", { start_line: 1, annotation_level: "failure" }],
  [
    "two bases",
    "environment: {image: 'a:1', dockerfile: b}\n",
    { start_line: 1, start_column: 14, annotation_level: "failure" },
  ],
  [
    "a bot that is none",
    "permissions:\n  bots: [renovate]\n",
    { start_line: 2, annotation_level: "failure" },
  ],
  ["a list", "- enabled\n", { start_line: 1, annotation_level: "failure" }],
  ["an alias", "a: &a 1\nenabled: *a\n", { start_line: 2, annotation_level: "failure" }],
  ["an alias bomb", "a: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]\n", { start_line: 2, annotation_level: "failure" }],
  ["two documents", "enabled: true\n---\nenabled: false\n", { start_line: 2, annotation_level: "failure" }],
  ["a deep nest", `${"[".repeat(3_000)}\n`, { annotation_level: "failure" }],
  ["settings of elsewhere", "_extends: other/repo\n", { start_line: 1, annotation_level: "failure" }],
  ["33 kilobytes", `# ${"x".repeat(33_000)}\n`, { start_line: 1, annotation_level: "failure" }],
  ["more than GitHub gives", `# ${"x".repeat(1_100_000)}\n`, { start_line: 1, annotation_level: "failure" }],
])("%s is an error at its line", async (name, text, annotation) => {
  const files = { ...base, ".github/copatcher.yml": text };
  const { sha, status } = await propose(name.replaceAll(" ", "-"), files);

  expect(status).toBe(200);
  const [check] = checkOf(sha);
  expect(check).toMatchObject({ conclusion: "failure" });
  expect(check?.annotations[0]).toMatchObject({ path: ".github/copatcher.yml", ...annotation });
});

test("an empty file is valid", async () => {
  const { sha } = await propose("empty", { ...base, ".github/copatcher.yml": "" });

  expect(checkOf(sha)).toMatchObject([{ conclusion: "success", annotations: [] }]);
});

test("an unknown key is a warning with the nearest name, and text that hides is shown", async () => {
  const text = 'limits:\n  minuts: 3\n"@maria\u202e": 1\n';
  const { sha } = await propose("unknown", { ...base, ".github/copatcher.yml": text });

  const [check] = checkOf(sha);
  expect(check).toMatchObject({ conclusion: "success", title: "Valid, 2 warnings" });
  expect(check?.annotations.map(({ message }) => message)).toEqual([
    "limits.minuts: is no setting and is left out; did you mean limits.minutes?",
    expect.stringContaining("@maria<U+202E>"),
  ]);
  expect(check?.summary).not.toContain("\u202e");
});

test("a second file that nobody reads is pointed out", async () => {
  const { sha } = await propose("second", { ...base, ".copatcher.yml": "enabled: false\n" });

  expect(checkOf(sha)[0]?.annotations).toMatchObject([
    { path: ".copatcher.yml", annotation_level: "warning", message: expect.stringContaining("not read") },
  ]);
});

test("a delivery that comes again, and a reopened pull request, add nothing", async () => {
  const { sha } = await propose("again", { ...base, ".github/copatcher.yml": "limits: 3\n" });
  const [sent] = world.github
    .webhooks()
    .filter(({ event }) => event === "pull_request")
    .slice(-1);
  if (sent === undefined) throw new RangeError("a webhook was sent");

  await world.github.redeliver(sent);
  const reopened = { ...sent, id: "another-delivery", payload: { ...sent.payload, action: "reopened" } };
  await world.github.redeliver(reopened);

  expect(checkOf(sha)).toHaveLength(1);
  expect(checkOf(sha)[0]?.annotations).toHaveLength(1);
});

test("settings of a pull request are used for nothing", async () => {
  await propose("disabling", { ...base, ".github/copatcher.yml": "enabled: false\n" });
  const issue = await world.github.openIssue("Bug", "It breaks", "rita");

  await world.github.addLabel(issue, "copatcher", "wanda");

  expect(await world.runs.recent(10)).toHaveLength(1);
});
