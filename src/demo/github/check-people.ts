import type { CheckRuns, EmbeddedAnnotation } from "./check-runs.ts";
import type { Site } from "./route.ts";
import type { ToldBy } from "./told-by.ts";
import type { SentWebhook } from "./webhooks.ts";

export type SeenCheck = {
  readonly id: number;
  readonly name: string;
  readonly headSha: string;
  readonly conclusion: string | null;
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly EmbeddedAnnotation[];
  /** Identifiers of its buttons. */
  readonly actions: readonly string[];
};

/** What people do with checks and branches. Whatever causes a webhook waits for the bot's answer. */
export type CheckPeople = {
  readonly checks: () => readonly SeenCheck[];
  /** Presses a button of a check. */
  readonly pressAction: (check: number, identifier: string, sender: string) => Promise<SentWebhook>;
  readonly rerunCheck: (check: number, sender: string) => Promise<SentWebhook>;
  /** Tells of what was pushed to a branch of the bare repository since `before`. */
  readonly push: (branch: string, before: string, sender: string) => Promise<SentWebhook>;
};

export function checkPeopleOf(site: Site, { tell }: ToldBy, checks: CheckRuns): CheckPeople {
  function shown(id: number): object {
    const check = checks.all().find((one) => one.id === id);
    if (check === undefined) throw new RangeError(`there is no check ${id}`);
    return checks.shown(check);
  }

  return {
    checks: () =>
      checks.all().map(({ id, name, head_sha, conclusion, output, annotations, actions }) => ({
        id,
        name,
        headSha: head_sha,
        conclusion: conclusion ?? null,
        title: output?.title ?? "",
        summary: output?.summary ?? "",
        annotations,
        actions: actions.map(({ identifier }) => identifier),
      })),
    pressAction: async (id, identifier, sender) =>
      tell("check_run", sender, {
        action: "requested_action",
        requested_action: { identifier },
        check_run: shown(id),
      }),
    rerunCheck: async (id, sender) =>
      tell("check_run", sender, { action: "rerequested", check_run: shown(id) }),
    push: async (branch, before, sender) => {
      const after = await site.git.line(["rev-parse", `refs/heads/${branch}`]);
      return tell("push", sender, {
        ref: `refs/heads/${branch}`,
        before,
        after,
        created: false,
        deleted: false,
        forced: false,
        base_ref: null,
        commits: await commitsOf(site, before, after),
        pusher: { name: sender },
      });
    },
  };
}

/** The commits of a push, oldest first, with the paths that each touches. */
async function commitsOf(site: Site, before: string, after: string): Promise<readonly object[]> {
  const shas = (await site.git.line(["rev-list", "--reverse", `${before}..${after}`])).split("\n");
  return Promise.all(
    shas
      .filter((sha) => sha !== "")
      .map(async (sha) => {
        const lines = await site.git.line([
          "diff-tree",
          "-r",
          "--root",
          "--no-commit-id",
          "--name-status",
          sha,
        ]);
        const paths = (letters: string): readonly string[] =>
          lines
            .split("\n")
            .filter((line) => letters.includes(line.charAt(0)) && line !== "")
            .map((line) => line.slice(line.indexOf("\t") + 1));
        return { id: sha, distinct: true, added: paths("A"), removed: paths("D"), modified: paths("MT") };
      }),
  );
}
