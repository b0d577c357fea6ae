import { expect, test } from "vitest";
import { redact } from "../../src/domain/secrets.ts";
import { growth } from "../fixtures/growth.ts";

const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiIxIn0.abcDEF-_123";
const pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----";

test.each([
  ["an installation token", "ghs_16C7e42F292c6912E7710c838347Ae178B4a"],
  ["an installation token that carries a JWT", `ghs_12345_${jwt}`],
  ["a short token", "ghp_abcd"],
  ["an OAuth token", "gho_16C7e42F292c6912E7710c838347Ae178B4a"],
  ["a fine-grained token", "github_pat_11ABCDEFG0_abcdefghijklmnop"],
  ["a JWT", jwt],
  ["a key of an inference provider", "sk-proj-abcdefghijklmnopqrst"],
  ["a PEM block", pem],
  ["a PEM block with escaped newlines", pem.replaceAll("\n", "\\n")],
])("%s goes", (_, secret) => {
  expect(redact(`before ${secret} after`, [])).toBe("before [redacted] after");
});

test.each([
  ["Authorization: Bearer abcdef123456", "Authorization: [redacted]"],
  ["curl -H 'bearer abcdef123456'", "curl -H 'bearer [redacted]'"],
  ["authorization: token abcdef123456", "authorization: [redacted]"],
  ['{"Authorization":"Basic dXNlcjpwYXNz"}', '{"Authorization":"[redacted]"}'],
  ["https://x-access-token:s3cret@github.com/o/r", "https://[redacted]@github.com/o/r"],
  ["-----BEGIN PRIVATE KEY-----\nMII", "[redacted]"],
])("%j becomes %j", (text, redacted) => {
  expect(redact(text, [])).toBe(redacted);
});

test("given secrets go in every spelling, the longest first", () => {
  const secret = 'pass/word "1"';

  const text = `${secret} | ${encodeURIComponent(secret)} | ${JSON.stringify(secret)} | ${btoa(secret)} | pass/word`;

  expect(redact(text, ["pass/word", secret])).toBe(
    '[redacted] | [redacted] | "[redacted]" | [redacted] | [redacted]',
  );
});

test("ordinary text stays, also next to short or empty secrets", () => {
  const text = "The token parser in src/a.py fails; see https://example.org/a@b and the bearer of news.";

  expect(redact(text, ["", " ", "a", "parse"])).toBe(text);
});

test.each([
  "authorization = request.headers.get('Authorization')",
  "self.authorization: Authorization | None = parse_authorization(value)",
  "Bearer authentication is not supported",
])("%j, code or prose about credentials, stays readable", (text) => {
  expect(redact(text, [])).toBe(text);
});

test.each([
  ["a JWT without an end", "eyJ-"],
  ["JWTs of two parts", "eyJaaaaaaaa.aaaa"],
  ["installation tokens", "ghs_"],
  ["fine-grained tokens", "github_pat_-"],
  ["GitLab's tokens", "glpat-"],
  ["keys of an inference provider", "sk-"],
  ["tokens of Hugging Face", "hf_"],
  ["keys of AWS", "AKIA"],
  ["headers", "authorization:        basic        "],
  ["bearers", `bearer        ${"a".repeat(200)}`],
  ["addresses", `${"a-".repeat(10)}://${"x".repeat(1999)}`],
  ["schemes", "a-"],
  ["PEM blocks without an end", "-----BEGIN "],
  ["PEM blocks", "-----BEGIN -----END -----"],
])("what looks like %s is searched in linear time", (_, unit) => {
  const search = (length: number) => redact(unit.repeat(Math.ceil(length / unit.length)), ["long-secret"]);

  expect(growth(search, 50_000)).toBeLessThan(10);
});
