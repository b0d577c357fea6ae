import type { Site } from "./route.ts";
import type { ToldBy } from "./told-by.ts";
import type { SentWebhook } from "./webhooks.ts";

/** What people do with whole issues that emulate cannot; waits for the bot's answer. */
export type IssuePeople = {
  /** Says that the issue went to another repository, which is not served; here it stays. */
  readonly transferIssue: (issue: number, sender: string) => Promise<SentWebhook>;
};

export const issuePeopleOf = (site: Site, { look, tell }: ToldBy): IssuePeople => ({
  async transferIssue(number, sender) {
    const issue = await look(`/repos/${site.owner}/${site.name}/issues/${number}`);
    const new_repository = { name: "elsewhere", full_name: `${site.owner}/elsewhere` };
    const changes = { new_issue: { ...issue, number: 1 }, new_repository };
    return tell("issues", sender, { action: "transferred", issue, changes });
  },
});
