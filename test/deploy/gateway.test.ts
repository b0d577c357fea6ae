import { expect, test } from "vitest";
import { textOf } from "./recipe-files.ts";

const template = textOf("deploy/gateway.conf.template");
const [, door = ""] = template.split("listen 8001;");
const locations = [...door.matchAll(/location ([^{]+) \{\n([\s\S]*?)\n {2}\}/g)].map(
  ([, path = "", body = ""]) => ({
    path,
    body,
  }),
);
const passed = locations.filter(({ body }) => body.includes("proxy_pass"));

test("the gateway passes on what the bot asks for and nothing else", () => {
  expect(passed.map(({ path }) => path)).toEqual([
    "= /health",
    "= /v1/models",
    "= /v1/chat/completions",
    "= /tokenize",
    "= /metrics",
  ]);
  expect(locations.find(({ path }) => path === "/")?.body).toContain("return 404");
});

test("everything but the health needs the key", () => {
  for (const { path, body } of passed) expect(body.includes("$knows_key = 0")).toBe(path !== "= /health");
});

test("what is passed on goes to the path that was compared, not to the one that was written", () => {
  for (const { path, body } of passed) expect(body).toContain(`http://$engine:8000${path.slice(2)};`);
});

test("the key is compared as a whole and with regard to case", () => {
  expect(template).toContain('"~^Bearer ${COPATCHER_INFERENCE_KEY}$" 1;');
});

test.each(["proxy_buffering off", "proxy_ignore_client_abort off", "proxy_next_upstream off"])(
  "the gateway has %s",
  (setting) => {
    expect(door).toContain(`${setting};`);
  },
);
