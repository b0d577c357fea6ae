import { expect, test } from "vitest";
import { isProtected } from "../../../src/domain/repo-path.ts";
import { isTestModule, isTestPath, moduleName } from "../../../src/languages/python/paths.ts";
import { pythonProtectedPaths } from "../../../src/languages/python/policy.ts";

test.each([
  "tests/test_app.py",
  "tests/helpers.py",
  "tests/data/sample.json",
  "test/app.py",
  "src/shop/tests/support.py",
  "conftest.py",
  "shop/conftest.py",
  "shop/test_rates.py",
  "shop/rates_test.py",
  "polls/tests.py",
  "unit_tests/app.py",
  "test.py",
  "test/testRates.py",
])("counts %s to the tests", (path) => {
  expect(isTestPath(path)).toBe(true);
});

test.each([
  "src/flask/testing.py",
  "django/test/client.py",
  "django/test/__init__.py",
  "numpy/testing/utils.py",
  "sympy/testing/runtests.py",
  "shop/contest.py",
  "shop/latest.py",
  "attestation/x.py",
  "testament.py",
  "setuptools/command/test.py",
])("counts %s to the sources", (path) => {
  expect(isTestPath(path)).toBe(false);
});

test.each([
  ["src/shop/rates.py", "shop.rates"],
  ["shop/__init__.py", "shop"],
  ["lib/shop/a/b.py", "shop.a.b"],
  ["rates.py", "rates"],
])("imports %s as %s", (path, name) => {
  expect(moduleName(path)).toBe(name);
});

test.each(["conftest.py", "sub/pytest.ini", ".pytest.ini", "pytest.toml", "sub/.pytest.toml", "tox.ini"])(
  "protects %s, which steers test runs",
  (path) => {
    expect(isProtected(path, pythonProtectedPaths)).toBe(true);
  },
);

test.each([
  ["test/testRates.py", true],
  ["test/unit/testRates.py", true],
  ["test/rates.py", false],
  ["django/test/testcases.py", false],
])("says of %s whether runners look for tests in it", (path, looks) => {
  expect(isTestModule(path)).toBe(looks);
});
