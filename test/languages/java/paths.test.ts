import { expect, test } from "vitest";
import { shadowReason } from "../../../src/languages/java/guard.ts";
import { className, isJavaSource, isTestClass, isTestPath } from "../../../src/languages/java/paths.ts";

test.each([
  "src/test/java/shop/RatesTest.java",
  "core/src/test/java/shop/Support.java",
  "core/src/test/resources/rates.csv",
  "src/it/java/shop/ServerIT.java",
  "src/integrationTest/java/shop/Server.java",
  "src/testFixtures/java/shop/Sample.java",
  "test/shop/Anything.java",
  "src/shop/RatesTest.java",
  "shop/TestRates.java",
])("counts %s to the tests", (path) => {
  expect(isTestPath(path)).toBe(true);
});

test.each([
  "src/main/java/shop/Rates.java",
  "src/main/java/shop/testing/RatesTest.java",
  "src/latest/Rates.java",
  "src/main/java/shop/Contest.java",
  "shop/Latest.java",
  "shop/test/Support.java",
])("counts %s to the sources", (path) => {
  expect(isTestPath(path)).toBe(false);
});

test("runs test classes, but no integration tests and no helpers", () => {
  const paths = ["RatesTest", "TestRates", "RatesTests", "RatesTestCase", "RatesIT", "Support", "Attest"];

  expect(paths.filter((name) => isTestClass(`src/test/java/${name}.java`))).toEqual(paths.slice(0, 4));
});

test.each([
  ["target/generated-sources/antlr/Parser.java", false],
  ["core/build/generated/Parser.java", false],
  ["src/main/java/org/shop/build/Target.java", true],
  ["generated/src/main/java/Parser.java", false],
  ["build.java", true],
])("takes %s for a source: %s", (path, expected) => {
  expect(isJavaSource(path)).toBe(expected);
});

test.each([
  ["core/src/main/java/shop/Rates.java", "shop.Rates"],
  ["src/shop/Rates.java", "shop.Rates"],
  ["Rates.java", "Rates"],
])("knows the class of %s", (path, name) => {
  expect(className(path)).toBe(name);
});

test.each([
  "src/main/java/org/junit/Assert.java",
  "core/src/main/java/java/util/List.java",
  "src/javax/annotation/Nonnull.java",
  "org/opentest4j/AssertionFailedError.java",
  "src/main/resources/META-INF/services/org.junit.platform.launcher.TestExecutionListener",
  "META-INF/services/java.nio.file.spi.FileSystemProvider",
])("refuses the new file %s", (path) => {
  expect(shadowReason(path)).not.toBeNull();
});

test.each([
  "src/main/java/org/shop/junit/Assert.java",
  "src/main/java/shop/java/util/List.java",
  "src/main/resources/META-INF/services/org.shop.Plugin",
  "src/main/resources/java/template.txt",
])("allows the new file %s", (path) => {
  expect(shadowReason(path)).toBeNull();
});
