import { expect, test } from "vitest";
import { RepoSettings } from "../../../src/domain/settings.ts";
import { chooseProject, folderOf } from "../../../src/domain/settings/projects.ts";

const projects = [{ path: "services/api/**" }, { path: "services/web/**" }, { path: "services/**" }];
const api = { kind: "one", at: 0, because: "files" };

test.each([
  ["services/web/app.ts", [], { kind: "one", at: 1, because: "path" }],
  ["services/web", ["services/api/a.py"], { kind: "one", at: 1, because: "path" }],
  ["services", [], { kind: "one", at: 2, because: "path" }],
  ["docs", ["services/api/a.py"], { kind: "whole" }],
  [null, ["services/api/a.py", "services/api", "docs/a.md"], api],
  [null, ["services/api/a.py", "services/web/b.ts"], { kind: "several" }],
  [null, ["docs/a.md"], { kind: "whole" }],
  [null, [], { kind: "whole" }],
])("with path=%s and the files %j it is %j", (path, files, choice) => {
  expect(chooseProject(projects, { path, files })).toEqual(choice);
});

test.each([
  [{ projects: [{ environment: {} }] }, "projects.0.path"],
  [{ projects: [{ path: "a/**", tests: { command: 1 } }] }, "projects.0.tests.command"],
  [{ projects: [{ path: "a/**", pr: {} }] }, "projects.0"],
  [{ projects: [{ path: "a/**", environment: { image: "x", dockerfile: "y" } }] }, "projects.0.environment"],
])("%j is refused at %s", (settings, at) => {
  expect(RepoSettings.safeParse(settings).error?.issues[0]?.path.join(".")).toBe(at);
});

test.each([
  ["services/api/**", "services/api"],
  ["services/*/**", null],
  ["services/api/*", null],
  ["**", null],
  ["../other/**", null],
  ["/etc/**", null],
])("%j is the folder %j", (pattern, folder) => {
  expect(folderOf(pattern)).toBe(folder);
});
