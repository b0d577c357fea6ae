/**
 * Sets `jvm`, options for short-lived JVMs: without the second compiler and with the smallest collector they cost half of
 * the time. Where the address space is limited, they must not reserve as much as they use to.
 */
const jvmOptions = `
jvm='-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto'
space=$(ulimit -v)
if [ "$space" != unlimited ]; then
  jvm="$jvm -XX:CompressedClassSpaceSize=64m -XX:ReservedCodeCacheSize=64m -Xmx$((space / 3072))m"
fi
`;

/** Checks of style and licences that a test run has no use for; some of them want the network. */
const skipped =
  "enforcer checkstyle pmd cpd spotbugs jacoco rat license formatter impsort sortpom japicmp gpg animal.sniffer maven.javadoc spotless.check spotless.apply";
export const mavenSkips = skipped
  .split(" ")
  .map((name) => `-D${name}.skip=true`)
  .join(" ");

/**
 * `maven` is Maven with what the set-up steps fetched, `gradle_build` is Gradle likewise, each with "$@" and by the
 * project's wrapper where that is needed. Both want to write where they read: a copy of links serves, made
 * anew each time, since candidates' code could change what an earlier command left.
 */
export const buildCommands = `${jvmOptions}
export MAVEN_OPTS="\${MAVEN_OPTS:+$MAVEN_OPTS }$jvm"
# The JVMs that a build starts hear of it in no other way.
[ "$space" = unlimited ] || export JAVA_TOOL_OPTIONS="\${JAVA_TOOL_OPTIONS:-} $jvm"
system_maven() {
  if (unset -f mvn; command -v mvn) >/dev/null; then command mvn "$@"; else MAVEN_USER_HOME="$COPATCHER_ENV/mvn" sh ./mvnw "$@"; fi
}
maven() {
  if [ -d "$COPATCHER_ENV/m2" ]; then
    copy=$(mktemp -d) && cp -rs "$COPATCHER_ENV/m2/." "$copy" || return
    set -- -Dmaven.repo.local="$copy" "$@"
  fi
  system_maven -o -B -q ${mavenSkips} "$@"
}
system_gradle() {
  if [ -f gradlew ]; then sh ./gradlew "$@"; else command gradle "$@"; fi
}
gradle_build() {
  if [ -d "$COPATCHER_ENV/gradle" ]; then
    GRADLE_USER_HOME=$(mktemp -d) && cp -rs "$COPATCHER_ENV/gradle/." "$GRADLE_USER_HOME" || return
    export GRADLE_USER_HOME
    find "$GRADLE_USER_HOME" -type l ! -name '*.jar' ! -name '*.pom' -exec sh -c '
      for file; do cp --remove-destination "$(readlink "$file")" "$file"; done' sh {} +
  fi
  system_gradle --offline --no-daemon --quiet --console=plain "$@"
}
`;

/** Left in the tree by the warm-up: what is older is compiled. */
export const builtStamp = ".copatcher-built";

/** Compiles the base tree once per run; builds notice by time what a candidate changed. */
export const warmUpScript = `${buildCommands}
if [ -f pom.xml ]; then maven test-compile
elif [ -f build.gradle ] || [ -f build.gradle.kts ] || [ -f settings.gradle ] || [ -f settings.gradle.kts ]; then gradle_build testClasses
else false; fi && touch ${builtStamp}
`;

/**
 * Sets what javac and java need to know of the tree besides `jvm`: `sources` (source roots by lines), `sourcepath`, `classpath`.
 * `changed` lists the sources that were changed after the tree was compiled, with all others of their root, since
 * javac copies constants.
 */
export const treeClasspath = `${jvmOptions}
javac_quietly() { javac $(printf -- '-J%s ' $jvm) -nowarn -g -encoding UTF-8 -Xprefer:newer -implicit:class "$@"; }
sources=$(find . -type d -path '*/src/main/java' -prune -print; for d in target/generated-sources/* */target/generated-sources/* build/generated/sources/*/java/main */build/generated/sources/*/java/main; do if [ -d "$d" ]; then echo "$d"; fi; done)
if [ -z "$sources" ]; then sources=$(for d in src/java source src .; do if [ -d "$d" ]; then echo "$d"; fi; done); fi
sourcepath=$(printf '%s' "$sources" | tr '\\n' ':')
classpath=$({
  find . -type d \\( -path '*/target/classes' -o -path '*/build/classes/*/main' -o -path '*/build/resources/main' -o -path '*/src/main/resources' \\) -prune -print
  printf '%s\\n' "$sources"
  if [ -f "$COPATCHER_ENV/classpath" ]; then
    while IFS= read -r jar; do echo "$COPATCHER_ENV/$jar"; done <"$COPATCHER_ENV/classpath"
  fi
  find . "$COPATCHER_ENV/jars" -name '*.jar' ! -path '*/gradle/wrapper/*' ! -path './target/*' ! -path './.mvn/*' 2>/dev/null
} | tr '\\n' ':')
changed() {
  [ -f ${builtStamp} ] || return 0
  printf '%s\\n' "$sources" | while IFS= read -r root; do
    if [ -n "$(find "$root" -name '*.java' -newer ${builtStamp} | head -n 1)" ]; then
      find "$root" -name '*.java' ! -name module-info.java
    fi
  done
}
`;
