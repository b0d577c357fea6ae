const source = /\.(js|mjs|cjs|jsx|ts|mts|cts|tsx)$/;
const declaration = /\.d\.(ts|mts|cts)$|\.d\.[^/.]+\.ts$/;
/** What bundlers and compilers leave, by the names that they give it. */
const built = /[.-](min|bundle|umd|esm|iife|amd|cjs)\.(js|cjs|mjs)$/;
const notOurs =
  /(^|\/)(node_modules|bower_components|jspm_packages|vendor|third[_-]party|dist|build|out|coverage|\.[^/]+)\//;

const testName = /([._-](test|spec)|\.(tests|specs|e2e|cy))\.[cm]?[jt]sx?$/;
/** What Node and jest run whatever its folder. Deeper down, "tests" is as often a route or a model; a `Test.jsx` a page. */
const bareName = /(^|\/)test\.[cm]?[jt]s$|^(packages\/[^/]+\/)?tests\.[cm]?[jt]s$/;
/** A program's command "test", a page or a model of that name. */
const namesakes =
  /(^|\/)(commands?|cmds?|cli|routes?|pages?|api|models?|views?|controllers?|tasks?|generators?)\/test\.\w+$/;
const isBareName = (path: string): boolean => bareName.test(path) && !namesakes.test(path);
/** In folders of tests only: elsewhere `hitTest.js` and `PodSpec.ts` are sources. */
const camelName = /[a-z0-9](Test|Spec)s?\.[cm]?[jt]sx?$/;
const testFolders = /(^|\/)(tests?|__tests__|__mocks__|__snapshots__|__fixtures__|e2e|cypress|playwright)\//;
/** Deeper down, "spec" is as often a specification. */
const specFolder = /^(packages\/[^/]+\/)?specs?\//;

/** Declarations have no behaviour and built files are not the place to mend it. */
export const isJavaScriptSource = (path: string): boolean =>
  source.test(path) && !declaration.test(path) && !built.test(path) && !notOurs.test(path);

/** Whether a path belongs to the project's own tests, helpers and data of them included. */
export const isTestPath = (path: string): boolean =>
  testName.test(path) || isBareName(path) || testFolders.test(path) || specFolder.test(path);

/** Whether it is named as test runners want it by default, for runners that go by names. */
export const isNamedTest = (path: string): boolean =>
  isRunnable(path) && !isFixture(path) && (testName.test(path) || /(^|\/)__tests__\//.test(path));

export const isNamedOrBareTest = (path: string): boolean =>
  isNamedTest(path) || (isRunnable(path) && !isFixture(path) && isBareName(path));

/** `spec/PlayerSpec.js` */
export const isNamedOrCamelTest = (path: string): boolean =>
  isNamedTest(path) || (isRunnable(path) && !isFixture(path) && isTestPath(path) && camelName.test(path));

/** Whether it may be a test file of a runner that takes whatever lies in the folder `test`. */
export const mayBeTest = (path: string): boolean =>
  isNamedOrBareTest(path) ||
  (isRunnable(path) &&
    /(^|\/)(tests?|specs?)\//.test(path) &&
    !/(^|\/)(fixtures?|__fixtures__|__mocks__|helpers?|support|utils?|data|setup|mocks?|assets)(\/|\.[^/]*$)/.test(
      path,
    ));

/** A project that tests work on may have tests of its own. Elsewhere a folder "fixtures" may be about football. */
const isFixture = (path: string): boolean =>
  /(^|\/)(__fixtures__|__mocks__)\/|(^|\/)(tests?|specs?|__tests__)\/(.*\/)?fixtures?\//.test(path);

/** End-to-end tests want a browser and a server. */
const isRunnable = (path: string): boolean =>
  source.test(path) &&
  !declaration.test(path) &&
  !/(^|\/)(cypress|e2e|playwright|node_modules|dist|build)\//.test(path) &&
  !/\.(e2e|cy)\.[jt]sx?$/.test(path);

/** Why a new file would be loaded in place of what the project installed, null when it would not. */
export function shadowsInstalled(path: string): string | null {
  if (/(^|\/)(node_modules|jspm_packages)\//.test(path))
    return "it would be loaded in place of an installed package";
  if (/(^|\/)package\.json$/.test(path)) return "it would change how the modules of its folder are loaded";
  if (/(^|\/)\.pnp\./.test(path)) return "it would change how every package is found";
  return null;
}
