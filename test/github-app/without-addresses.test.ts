import { expect, test } from "vitest";
import { labeled, pullRequestClosed } from "../../bench/webhooks/payloads.ts";
import { relevance } from "../../src/github-app/events.ts";
import { withoutAddresses } from "../../src/github-app/without-addresses.ts";

test("addresses and opaque ids go, everything else stays", () => {
  const payload = {
    action: "labeled",
    issue: { url: "https://x", html_url: "https://y", node_id: "I_1", id: 1, body: "see html_url" },
    labels: [{ name: "a", url: "https://z" }, null, 3],
  };

  expect(withoutAddresses(payload)).toEqual({
    action: "labeled",
    issue: { id: 1, body: "see html_url" },
    labels: [{ name: "a" }, null, 3],
  });
});

test("a name that means something to JavaScript is a name like any other", () => {
  const kept = withoutAddresses(JSON.parse('{"__proto__":{"polluted":true},"a":1}'));

  expect(Object.getPrototypeOf(kept)).toBe(Object.prototype);
  expect(JSON.stringify(kept)).toBe('{"__proto__":{"polluted":true},"a":1}');
});

test.each([labeled(1, "copatcher"), pullRequestClosed(1)])(
  "what is left is understood, and small",
  (sample) => {
    const kept = Object(withoutAddresses(sample.payload));

    expect(relevance(sample.event, kept)).toBe("ours");
    expect(JSON.stringify(kept).length).toBeLessThan(JSON.stringify(sample.payload).length * 0.4);
  },
);
