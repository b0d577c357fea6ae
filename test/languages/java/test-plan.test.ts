import { beforeAll, describe, expect, test } from "vitest";
import { createJava } from "../../../src/languages/java/java.ts";
import type { Language, TestPlan, TestSelection } from "../../../src/languages/language.ts";
import { memoryCheckout } from "../../fakes/memory-workspace.ts";

let java: Language;
beforeAll(async () => {
  java = await createJava();
});

type Files = Readonly<Record<string, string>>;
const plan = (files: Files, selection: Partial<TestSelection> = {}): Promise<TestPlan | null> =>
  java.planTests(memoryCheckout(files), { suspects: [], command: null, maxFiles: 20, ...selection });

const junit4 = "package shop;\nimport org.junit.Test;\npublic class RatesTest { @Test public void a() {} }\n";
const single = { "pom.xml": "<project/>", "src/test/java/shop/RatesTest.java": junit4 };
const modules = {
  "pom.xml":
    "<project><modules><module>core</module><module> web/ </module><!-- <module>old</module> --></modules></project>",
  "core/pom.xml": "<project/>",
  "web/pom.xml": "<project/>",
  "old/pom.xml": "<project/>",
  "core/src/test/java/shop/RatesTest.java": junit4,
  "web/src/test/java/shop/PageTest.java": junit4,
  "old/src/test/java/shop/OldTest.java": junit4,
};

describe("the plan of a Java repository's tests", () => {
  test("is the command of the settings, with what the set-up fetched", async () => {
    const own = await plan(single, { command: "mvn -Pfast verify" });

    expect(own).toMatchObject({ command: "mvn -Pfast verify", selected: [] });
    expect(own?.script).toContain("\nmvn -Pfast verify\n");
  });

  test("is nothing where there are no tests", async () => {
    expect(await plan({ "pom.xml": "<project/>", "src/main/java/shop/RatesTest.java": junit4 })).toBeNull();
  });

  test("names the classes to Maven by their packages", async () => {
    expect((await plan(single))?.command).toBe(
      "mvn test -Dtest=shop/RatesTest -DfailIfNoTests=false -Dsurefire.failIfNoSpecifiedTests=false -Dmaven.test.failure.ignore=true",
    );
  });

  test("names the modules that Maven builds, and leaves out the others", async () => {
    const own = await plan(modules);

    expect(own?.command).toContain("-Dtest=shop/RatesTest,shop/PageTest ");
    expect(own?.command).toMatch(/ -pl core,web -am$/);
  });

  test("lets Maven and Gradle go on to the next module after a red test", async () => {
    const gradle = { "settings.gradle": "", "core/build.gradle": "" };
    const core = { "core/src/test/java/shop/RatesTest.java": junit4 };

    expect((await plan(modules))?.script).toContain(" -Dmaven.test.failure.ignore=true ");
    expect((await plan({ ...gradle, ...core }))?.script).toContain(" --continue ");
  });

  test("is not fooled by modules that name themselves", async () => {
    const pom = "<project><modules><module>.</module><module>core/..</module></modules></project>";

    expect((await plan({ ...single, "pom.xml": pom }))?.selected).toEqual([
      "src/test/java/shop/RatesTest.java",
    ]);
  });

  test("gives each task of Gradle the classes of its project", async () => {
    const own = await plan({
      "settings.gradle.kts": "",
      "core/build.gradle": "",
      "core/src/test/java/shop/RatesTest.java": junit4,
      "src/test/java/shop/RootTest.java": junit4,
    });

    expect(own?.command).toBe(
      "gradle --continue :core:test --tests shop.RatesTest :test --tests shop.RootTest",
    );
  });

  test("finds tests by their annotation where none is named like one", async () => {
    const own = await plan({ "pom.xml": "<project/>", "src/test/java/shop/Checks.java": junit4 });

    expect(own?.selected).toEqual(["src/test/java/shop/Checks.java"]);
  });

  test("leaves out classes whose names are more than names", async () => {
    expect(await plan({ "pom.xml": "<project/>", "src/test/java/a,b;c Test.java": "import x;" })).toBeNull();
  });

  test("starts with the tests of the suspects", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`src/test/java/shop/M${i}Test.java`, junit4]),
    );
    const own = await plan(
      { ...single, ...many, "src/main/java/shop/Rates.java": "package shop; class Rates {}" },
      { suspects: ["src/main/java/shop/Rates.java"], maxFiles: 2 },
    );

    expect(own?.selected[0]).toBe("src/test/java/shop/RatesTest.java");
    expect(own?.selected).toHaveLength(2);
  });
});

describe("the canary of a plan", () => {
  const canary = async (files: Files, selection: Partial<TestSelection> = {}) => {
    const own = await plan(files, selection);
    if (own === null) throw new Error("no plan");
    return java.canary(memoryCheckout(files), own, "t0ken");
  };

  test.each([
    ["org.junit.Test", "org.junit.Test"],
    ["org.junit.jupiter.api.Test", "org.junit.jupiter.api.Test"],
  ])("is a test of the kind of its neighbour: %s", async (imported, annotation) => {
    const text = junit4.replace("org.junit.Test", imported);
    const own = await canary({ ...single, "src/test/java/shop/RatesTest.java": text });

    expect(own).toMatchObject({
      passes: "shop.Tt0kenTest::passes",
      fails: "shop.Tt0kenTest::fails",
    });
    expect(own?.module.first).toContain(`@${annotation}\n`);
    expect(own?.module.path).toBe("src/test/java/shop/Tt0kenTest.java");
    expect(own?.script).toContain("-Dtest=shop/RatesTest,shop/Tt0kenTest");
  });

  test("is nothing where a command of the settings or another framework chooses the tests", async () => {
    const testNg = {
      ...single,
      "src/test/java/shop/RatesTest.java": "import org.testng.Test;\nclass RatesTest {}",
    };

    expect(await canary(single, { command: "make check" })).toBeNull();
    expect(await canary(testNg)).toBeNull();
  });
});

describe("the set-up of a Java repository", () => {
  test("is nothing where there is no build", async () => {
    expect(await java.planSetup(memoryCheckout({ "src/shop/Rates.java": "" }))).toBeNull();
  });

  test("makes Maven run no method of one test class per module, and depends on every pom.xml", async () => {
    const setup = await java.planSetup(memoryCheckout({ ...modules, ".mvn/maven.config": "" }));

    expect(setup?.inputs).toEqual([
      ".mvn/maven.config",
      "core/pom.xml",
      "old/pom.xml",
      "pom.xml",
      "web/pom.xml",
    ]);
    expect(setup?.source).toBe("pom.xml");
    expect(setup?.steps[0]?.script).toContain("shop/RatesTest#copatcherNone,shop/PageTest#copatcherNone");
  });

  test("depends on Gradle's scripts, locks and version catalogue", async () => {
    const inputs = ["app/build.gradle.kts", "build.gradle", "gradle/libs.versions.toml", "settings.gradle"];
    const setup = await java.planSetup(memoryCheckout(Object.fromEntries(inputs.map((path) => [path, ""]))));

    expect(setup).toMatchObject({ source: "build.gradle", inputs });
  });
});
