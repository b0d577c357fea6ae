import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { variables } from "../../src/config/variables.ts";
import { composeFile, flagValue, pathOf, textOf, type Service } from "./recipe-files.ts";

const { services, networks } = composeFile("compose.yml");
const all = Object.entries(services).map(([name, service]) => ({ name, ...service }));
const lasting = all.filter(({ restart }) => restart !== "no");
const engines = all.filter(({ deploy }) => deploy !== undefined);

const aliasesOf = ({ networks: joined }: Service): readonly string[] =>
  Array.isArray(joined) ? [] : Object.values(joined).flatMap((network) => network?.aliases ?? []);

const networksOf = ({ networks: joined }: Service): readonly string[] =>
  Array.isArray(joined) ? joined : Object.keys(joined);

const placeOf = ({ profiles, deploy }: Service): string =>
  [...profiles, deploy?.resources.reservations.devices[0].device_ids[0]].join(" ");

/** Engines of one profile on one GPU, in the order of the file. */
const sharing = [...new Set(engines.map(placeOf))].map((place) =>
  engines.filter((engine) => placeOf(engine) === place),
);

test("there is a profile for each recipe, and nothing starts without one", () => {
  expect([...new Set(all.flatMap(({ profiles }) => profiles))].sort()).toEqual(
    ["bot", "development", "fetch", "one-gpu", "postgres", "three-gpus"].sort(),
  );
  expect(all.filter(({ profiles }) => profiles.length === 0)).toEqual([]);
});

test("what is published is published on the loopback address only", () => {
  const ports = all.flatMap(({ ports: published }) => published);

  expect(ports).not.toEqual([]);
  expect(ports.filter((port) => !/^127\.0\.0\.1:[\d-]+:[\d-]+$/.test(port))).toEqual([]);
});

test("engines have neither a published port nor a way out", () => {
  expect(engines.filter(({ ports }) => ports.length > 0)).toEqual([]);
  for (const engine of [...engines, ...all.filter(({ name }) => name === "development")])
    expect(networksOf(engine).map((network) => networks[network]?.internal)).toEqual([true]);
});

test("every lasting service is asked for its health and comes back by itself", () => {
  expect(lasting.filter(({ healthcheck }) => healthcheck === undefined)).toEqual([]);
  expect(lasting.map(({ restart }) => restart)).toEqual(lasting.map(() => "unless-stopped"));
});

test("images have a tag that a variable can change, none is the latest", () => {
  const images = all.flatMap(({ image }) => image ?? []);

  expect(images.filter((image) => !/:\$\{[A-Z]+_TAG:-[\w.-]+\}$/.test(image))).toEqual([]);
  expect(images.filter((image) => image.includes("latest"))).toEqual([]);
});

test("no key or password stands in a file", () => {
  const secret = all.flatMap(({ environment }) =>
    Object.entries(environment).filter(([name]) => /KEY$|PASSWORD$|SECRET$|TOKEN$/.test(name)),
  );

  expect(
    secret.map(([, value]) => value).filter((value) => !/^\$\{[A-Z_]+:[?-][^}]*\}$/.test(value)),
  ).toEqual([]);
  expect(textOf("deploy/env.example").match(/^[A-Z_]*(KEY|SECRET|PASSWORD)=.+$/gm)).toBeNull();
});

test("engines of one GPU ask for 95 % of it at most", () => {
  const shares = sharing.map((group) =>
    group.reduce((sum, { command }) => sum + Number(flagValue(command, "--gpu-memory-utilization")), 0),
  );

  expect(sharing.map((group) => group.length)).toEqual([3, 1, 1, 2]);
  expect(Math.max(...shares)).toBeLessThanOrEqual(0.95);
});

test("engines of one GPU start one after another, by health, after a reboot too", () => {
  for (const group of sharing)
    for (const [place, { depends_on, environment }] of group.entries()) {
      const before = group[place - 1];
      expect(depends_on).toEqual(
        before === undefined ? {} : { [before.name]: { condition: "service_healthy" } },
      );
      const [alias] = before === undefined ? [] : aliasesOf(before);
      expect(environment["START_AFTER"]).toBe(
        alias === undefined ? undefined : `http://${alias}:8000/health`,
      );
    }
});

test("engines serve the names that the bot asks for, where the gateway looks for them", () => {
  const asked = variables
    .filter(({ name }) => /^COPATCHER_.*_MODEL$/.test(name))
    .map(({ fallback }) => fallback);
  const served = engines.map(({ command }) => flagValue(command, "--served-model-name"));
  const gateway = [...textOf("deploy/gateway.conf.template").matchAll(/^ {2}80\d\d ([a-z0-9-]+);$/gm)];

  expect([...new Set(served)].sort()).toEqual([...asked].sort());
  for (const recipe of ["one-gpu", "three-gpus"]) {
    const names = engines.filter(({ profiles }) => profiles.includes(recipe)).flatMap(aliasesOf);
    expect(names).toEqual(expect.arrayContaining(asked));
    expect(gateway.map(([, name]) => name)).toEqual(expect.arrayContaining(names));
  }
});

test("the override for adapters starts the same engine with more flags", () => {
  const { services: overriding } = composeFile("deploy/compose.adapters.yml");

  for (const [name, { command }] of Object.entries(overriding))
    expect(command).toEqual(expect.arrayContaining(services[name]?.command ?? ["no such service"]));
});

const files = ["compose.yml", "deploy/compose.adapters.yml", "deploy/env.example", "docs/inference.md"];

test("every variable of the bot that the recipes name is one", () => {
  const known = new Set(variables.map(({ name }) => name));
  const named = files.flatMap((file) => textOf(file).match(/\bCOPATCHER_[A-Z_]+[A-Z]\b/g) ?? []);

  expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([]);
});

test("the example of .env has only variables that the recipes or the bot read", () => {
  const bot = variables.map(({ name }) => name);
  const recipes = [
    ...`${textOf("compose.yml")}${textOf("deploy/compose.adapters.yml")}`.matchAll(/\$\{([A-Z0-9_]+)/g),
  ].map(([, name]) => name);
  const set = [...textOf("deploy/env.example").matchAll(/^(?:# )?([A-Z0-9_]+)=/gm)].map(([, name]) => name);

  expect(set).toContain("COPATCHER_INFERENCE_KEY");
  expect(set.filter((name) => !bot.includes(name ?? "") && !recipes.includes(name))).toEqual([]);
});

test("docker compose, where it is installed, accepts every profile", () => {
  const compose = (...words: string[]) =>
    spawnSync("docker", ["compose", ...words], { env: { ...process.env, COPATCHER_INFERENCE_KEY: "k" } });
  const isInstalled = compose("version").status === 0;
  const refused = ["one-gpu", "three-gpus", "development", "postgres", "fetch"].filter(
    (profile) =>
      isInstalled &&
      compose("--file", pathOf("compose.yml"), "--profile", profile, "config", "--quiet").status !== 0,
  );

  expect(refused).toEqual([]);
});
