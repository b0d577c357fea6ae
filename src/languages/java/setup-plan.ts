import type { SetupPlan } from "../../domain/environment.ts";
import type { Checkout } from "../../ports/workspace.ts";
import { buildToolOf, modulesOf, testClasses, type TestClass } from "./build-tool.ts";
import { buildCommands, mavenSkips } from "./shell.ts";
import { runnableTests } from "./test-plan.ts";
import { mavenFilter } from "./test-script.ts";

/** Fetches what the build needs for testing without a network; null where no build says what that is. */
export async function planJavaSetup(checkout: Checkout): Promise<SetupPlan | null> {
  const build = await buildToolOf(checkout);
  if (build === "plain") return null;
  const moduleOf = await modulesOf(checkout, build);
  const tests = await runnableTests(checkout, moduleOf);
  const firsts = new Map(tests.toReversed().map((path) => [moduleOf(path), path]));
  const paths = (await checkout.entries()).map(({ path }) => path);
  const isInput = build === "maven" ? isMavenInput : isGradleInput;
  const inputs = paths.filter((path) => isInput.test(path));
  const steps =
    build === "maven"
      ? mavenSteps(await testClasses(checkout, moduleOf, [...firsts.values()].sort()))
      : gradleSteps;
  return { source: inputs.find((path) => !path.includes("/")) ?? build, inputs, steps, activate: "" };
}

const isMavenInput = /(^|\/)pom\.xml$|^\.mvn\//;
const isGradleInput =
  /\.gradle(\.kts)?$|(^|\/)(gradle\.properties|gradle\.lockfile|.*\.versions\.toml)$|^(gradle|buildSrc)\//;

/**
 * The JVM knows nothing of HTTPS_PROXY and its like. What is written here may hold a password and lies in no folder that
 * is kept. `$settings` is the option for Maven.
 */
const proxies = `
proxy=\${HTTPS_PROXY:-\${https_proxy:-\${HTTP_PROXY:-\${http_proxy:-}}}}
settings=
if [ -n "$proxy" ]; then
  address=\${proxy#*://}; address=\${address%%/*}
  login=; case $address in *@*) login=\${address%@*}; address=\${address##*@} ;; esac
  host=\${address%:*}; port=\${address##*:}
  [ "$port" != "$address" ] || port=80
  direct=$(printf '%s' "\${NO_PROXY:-\${no_proxy:-}}" | sed 's/,\\./,*./g; s/^\\./*./; s/, */|/g')
  export JAVA_TOOL_OPTIONS="$JAVA_TOOL_OPTIONS -Dhttp.proxyHost=$host -Dhttp.proxyPort=$port -Dhttps.proxyHost=$host -Dhttps.proxyPort=$port -Dhttp.nonProxyHosts=$direct"
  xml() { printf '%s' "$1" | sed 's/&/\\&amp;/g; s/</\\&lt;/g'; }
  folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
  {
    echo '<settings><proxies>'
    for protocol in http https; do
      echo "<proxy><id>$protocol</id><active>true</active><protocol>$protocol</protocol><host>$(xml "$host")</host><port>$(xml "$port")</port>"
      if [ -n "$login" ]; then echo "<username>$(xml "\${login%%:*}")</username><password>$(xml "\${login#*:}")</password>"; fi
      echo "<nonProxyHosts>$(xml "$direct")</nonProxyHosts></proxy>"
    done
    echo '</proxies></settings>'
  } >"$folder/settings.xml"
  settings="-s $folder/settings.xml"
fi
`;

/**
 * Surefire fetches its runner only when it has a test to run: one class per module is named, and of it a method that
 * it does not have.
 */
function mavenSteps(firsts: readonly TestClass[]): SetupPlan["steps"] {
  const goal = firsts.length === 0 ? "test-compile" : mavenFilter(firsts, "#copatcherNone");
  const online = `${proxies}${buildCommands}
online() {
  export MAVEN_USER_HOME="$COPATCHER_ENV/mvn"
  system_maven -B -ntp $settings -Dmaven.repo.local="$COPATCHER_ENV/m2" ${mavenSkips} "$@"
}
`;
  const list = `online -q test-compile dependency:build-classpath -Dmdep.outputFile=target/copatcher-classpath ||
  echo 'the class path is not known: PoCs see only the classes of the tree' >&2
find . -path '*/target/copatcher-classpath' -exec cat {} + | tr ':' '\\n' | while IFS= read -r jar; do
  case $jar in "$COPATCHER_ENV"/*.jar) echo "\${jar#"$COPATCHER_ENV"/}" ;; esac
done | awk '!seen[$0]++' >"$COPATCHER_ENV/classpath"
`;
  return [
    { name: "mvn test", script: `${online}online ${goal}` },
    { name: "mvn dependency:build-classpath", script: online + list },
  ];
}

const gradleSteps: SetupPlan["steps"] = [
  {
    name: "gradle testClasses",
    script: `${proxies}${buildCommands}
export GRADLE_USER_HOME="$COPATCHER_ENV/gradle"
list=$(mktemp)
init=$(mktemp).gradle
cat >"$init" <<'END'
allprojects { project ->
  project.afterEvaluate {
    project.tasks.create('copatcherClasspath') {
      doLast {
        ['testRuntimeClasspath', 'testAnnotationProcessor', 'testCompileClasspath'].each { name ->
          def found = project.configurations.findByName(name)
          if (found != null) found.files.each { new File(System.getenv('COPATCHER_LIST')) << it.path + '\\n' }
        }
      }
    }
  }
}
END
COPATCHER_LIST="$list" system_gradle --no-daemon --console=plain -I "$init" testClasses copatcherClasspath || exit
while IFS= read -r jar; do
  case $jar in "$COPATCHER_ENV"/*.jar) echo "\${jar#"$COPATCHER_ENV"/}" ;; esac
done <"$list" | awk '!seen[$0]++' >"$COPATCHER_ENV/classpath"
`,
  },
];
