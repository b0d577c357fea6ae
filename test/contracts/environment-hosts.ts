import { expect, test } from "vitest";
import { download, failure, plan, request, setUp, type MakeEnvironments } from "./environment-builder.ts";
import { never } from "./sandbox-subject.ts";

/** What every builder owes a plan that names the hosts which its steps may reach. */
export function environmentHostsContract(name: string, make: MakeEnvironments): void {
  test(`${name} lets steps reach no host but those that their plan names`, async () => {
    const { environments, index } = await setUp(make);
    const steps = [{ name: "fetch", script: download(`${index.url}/greet`, "/tmp/x") }];
    const asked = (hosts: readonly string[]) => request([], { plan: plan(steps, { hosts }) });

    const error = await failure(environments.build(asked(["pypi.org"]), never()));

    expect(error.message).toMatch(/fetch: exit 1 \(blocked: index\.corp:\d+ is not in network\.setup/);
    expect(index.asked).toEqual([]);
    await environments.build(asked([`index.corp:${index.port}`]), never());
    expect(index.asked).toEqual(["/greet"]);
  });
}
