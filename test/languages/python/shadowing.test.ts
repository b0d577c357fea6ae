import { expect, test } from "vitest";
import { shadowedModule } from "../../../src/languages/python/shadowing.ts";

test.each([
  "json.py",
  "JSON.py",
  "src/unittest/__init__.py",
  "lib/logging.py",
  "_collections_abc.py",
  "_json.cpython-311-x86_64-linux-gnu.so",
  "pytest.py",
  "_pytest/__init__.py",
  "pluggy.py",
  "pytest_django.py",
  "sitecustomize/__init__.py",
])("a new %s would be loaded in place of another module", (path) => {
  expect(shadowedModule(path)).toContain("in place of");
});

test.each([
  "shop/json.py",
  "src/shop/__init__.py",
  "src/shop/types.py",
  "rates.py",
  "docs/json.md",
  "json/data.txt",
])("a new %s hides nothing", (path) => {
  expect(shadowedModule(path)).toBeNull();
});
