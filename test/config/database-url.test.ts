import { expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { passwordsOf } from "../../src/config/database-url.ts";

const refused = (DATABASE_URL: string): string => {
  try {
    readConfig({ DATABASE_URL }, "cli");
  } catch (error) {
    return String(error);
  }
  return "";
};

test.each([
  "postgres://copatcher:secret@db.example.com:5432/copatcher?sslmode=verify-full",
  "postgresql://db/copatcher",
  "postgres:///copatcher?host=/run/postgresql&user=copatcher",
])("takes %s", (DATABASE_URL) => {
  expect(readConfig({ DATABASE_URL }, "cli").databaseUrl).toBe(DATABASE_URL);
});

test.each([
  "mysql://root:hunter2-hunter2@db/copatcher",
  "postgres://copatcher:hunter2-hunter2@db",
  "postgres://copatcher:hunter2-hunter2@db/",
  "postgres://copatcher:hunter2-hunter2%zz@db/copatcher",
  "postgres://copatcher:hunter2-hunter2@db:port/copatcher",
  "host=db password=hunter2-hunter2",
])("refuses %s without repeating it", (url) => {
  const text = refused(url);

  expect(text).toContain("DATABASE_URL must be like postgres://");
  expect(text).not.toContain("hunter2");
});

test("keeps runs in the data directory when nothing is set", () => {
  expect(readConfig({ DATABASE_URL: " " }, "cli").databaseUrl).toBeNull();
});

test("knows a password as it is written and as it is meant", () => {
  expect(passwordsOf("postgres://u:p%40ss@db/x")).toEqual(["p%40ss", "p@ss"]);
  expect(passwordsOf("postgres://u@db/x?password=p%40ss")).toEqual(["p@ss", "p@ss"]);
  expect(passwordsOf("http://proxy:3128")).toEqual([]);
});
