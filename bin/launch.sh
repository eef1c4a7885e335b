# kvroute and kvroute-loadtest source this file, after they set root (the checkout) and name (their
# own name). It finds a JDK, builds what is missing or stale, and runs a main class. POSIX sh.

MINIMUM_JAVA=25

fail() { # fail EXIT_CODE MESSAGE
  printf '%s: %s\n' "$name" "$2" >&2
  exit "$1"
}

# Prints the major version of the Java in JAVA_HOME, or nothing if there is none. Reading its release
# file is faster than starting it.
java_major() { # java_major JAVA_HOME
  [ -x "$1/bin/java" ] || return 0
  major=
  [ -r "$1/release" ] && major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  [ -n "$major" ] || major=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
  printf '%s' "$major"
}

new_enough() { # new_enough JAVA_HOME
  major=$(java_major "$1")
  [ -n "$major" ] && [ "$major" -ge "$MINIMUM_JAVA" ]
}

# Sets java_home.
find_java() {
  if [ -n "${KVROUTE_JAVA_HOME:-}" ]; then
    java_home=$KVROUTE_JAVA_HOME
    new_enough "$java_home" && return 0
    major=$(java_major "$java_home")
    fail 2 "KVROUTE_JAVA_HOME: $java_home holds ${major:+Java }${major:-no Java} (expected: a JDK $MINIMUM_JAVA or later)"
  fi
  on_path=$(command -v java || true)
  [ -n "$on_path" ] && on_path=$(dirname "$(dirname "$(follow "$on_path")")")
  for java_home in "${JAVA_HOME:-}" "${KVROUTE_JVM_DIR:-/usr/lib/jvm}"/* "$on_path"; do
    [ -n "$java_home" ] && new_enough "$java_home" && return 0
  done
  fail 2 "no JDK $MINIMUM_JAVA or later in KVROUTE_JAVA_HOME, JAVA_HOME, /usr/lib/jvm or PATH; get one from https://adoptium.net or your package manager, or name it: KVROUTE_JAVA_HOME=/path/to/jdk"
}

jar_of() { # jar_of MODULE: its jar, or nothing
  for jar in "$root/$1/target/kvroute-$1"-*.jar; do
    [ -f "$jar" ] && printf '%s' "$jar" && return 0
  done
  return 0
}

# Succeeds if a source file is newer than the jar and newer than the mark of the last build here. The
# mark is needed because Maven does not touch a jar whose contents did not change.
stale() { # stale MODULE MODULES...
  jar=$(jar_of "$1")
  mark=$root/$1/target/.launched
  [ -n "$jar" ] && [ -d "$root/$1/target/lib" ] || return 0
  [ "$mark" -nt "$jar" ] && jar=$mark
  sources=
  for module; do
    sources="$sources $module/pom.xml $module/src/main"
  done
  # shellcheck disable=SC2086 # the names are ours and hold no spaces
  [ -n "$(cd "$root" && find pom.xml $sources -newer "$jar" | head -n 1)" ]
}

# Reads what Maven prints and tells how far the build is: on a terminal as one line that changes, else
# as one line for each module and each hundred downloads. Writes everything to LOG.
show_progress() { # show_progress LOG
  terminal=
  if [ -t 2 ]; then terminal=yes; fi
  step="starting Maven"
  downloads=0
  while IFS= read -r line || [ -n "$line" ]; do
    printf '%s\n' "$line" >&3
    milestone=
    case $line in
      '[INFO] Building kvroute'*'/'*']') # [INFO] Building kvroute-config 0.1.0-SNAPSHOT    [3/4]
        module=${line#'[INFO] Building '}
        step="${module%% *} (${line##*'['}"
        step="${step%']'})"
        milestone=yes
        ;;
      'Downloaded from '* | '[INFO] Downloaded from '*)
        downloads=$((downloads + 1))
        if [ $((downloads % 100)) -eq 0 ]; then milestone=yes; fi
        ;;
      *) continue ;;
    esac
    shown=$step
    if [ "$downloads" -gt 0 ]; then shown="$step, files downloaded: $downloads"; fi
    if [ -n "$terminal" ]; then
      printf '\r\033[K%s: building %s' "$name" "$shown" >&2
    elif [ -n "$milestone" ]; then
      printf '%s: building %s\n' "$name" "$shown" >&2
    fi
  done 3> "$1"
  if [ -n "$terminal" ]; then printf '\r\033[K' >&2; fi
}

# Says why a build failed and exits.
report_failure() { # report_failure LOG
  unreachable=$(sed -n -e 's/.*Could not transfer .* from\/to [^ ]* (\([^)]*\)).*/\1/p' \
    -e 's/.*Cannot access [^ ]* (\([^)]*\)) in offline mode.*/\1/p' "$1" | head -n 1)
  if [ -n "$unreachable" ]; then
    fail 1 "Maven cannot download what the build needs from $unreachable; check the network, or the mirror and the proxy in ~/.m2/settings.xml (details: $1)"
  fi
  sed -n '/^\[ERROR\]/p' "$1" >&2
  fail 1 "the build failed, see above (details: $1)"
}

# Sets maven: the one on PATH, else the wrapper, which downloads one.
find_maven() {
  maven=mvn
  if command -v mvn > /dev/null; then return 0; fi
  maven=$root/mvnw
  [ -x "$maven" ] || fail 2 "not built yet, and no mvn on PATH to build it (expected: Maven 3.8 or later)"
}

build() { # build MODULE MODULES...
  [ -f "$root/pom.xml" ] || return 0 # an image: jars only
  stale "$@" || return 0
  find_maven
  mkdir -p "$root/$1/target"
  # Two launchers that start at once must not build at once. Without flock nothing prevents that.
  exec 9> "$root/$1/target/.launching"
  if command -v flock > /dev/null; then flock 9; fi
  if stale "$@"; then
    printf '%s: building %s; the first time takes a minute or two ...\n' "$name" "$1" >&2
    log=$root/$1/target/launch-build.log
    rm -rf "$root/$1/target/lib" "$root/$1/target/.failed" # so that no jar of an older dependency stays
    # JAVA<version>_HOME is where the toolchains plugin looks for a JDK in an unusual place.
    {
      (cd "$root" && env "JAVA$(java_major "$java_home")_HOME=$java_home" "JAVA_HOME=${JAVA_HOME:-$java_home}" \
        "$maven" -B -Dstyle.color=never -Dmaven.test.skip=true -Dspotless.check.skip=true \
        -pl "$1" -am package 9>&-) 2>&1 || touch "$root/$1/target/.failed"
    } | show_progress "$log"
    if [ -e "$root/$1/target/.failed" ]; then report_failure "$log"; fi
    touch "$root/$1/target/.launched"
  fi
  exec 9>&-
}

# The JVM's options for commands that run for long. Of the collectors tried, G1 took the least CPU per
# request (see ARCHITECTURE.md). Direct memory holds bytes on their way between sockets; the limit
# keeps it bounded.
server_options() {
  printf '%s ' "${KVROUTE_GC:--XX:+UseG1GC}" "-XX:MaxDirectMemorySize=${KVROUTE_DIRECT_MEMORY:-1g}" \
    -XX:+ExitOnOutOfMemoryError -Dio.netty.leakDetection.level=disabled ${JAVA_OPTS:-} ${KVROUTE_JAVA_OPTS:-}
}

COMMON_OPTIONS="-XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow -Dfile.encoding=UTF-8"

# The class path in a fixed order, which an AOT cache requires.
classpath_of() { # classpath_of MODULE
  jar_of "$1"
  for library in "$root/$1/target/lib"/*.jar; do printf ':%s' "$library"; done
}

# Sets aot to the option with which the router starts with loaded classes and method profiles, from a
# training run that is made once per build (JEP 483, 515). KVROUTE_AOT=off starts without.
find_aot() {
  aot=
  cache=$root/router/target/kvroute.aot
  [ "${KVROUTE_AOT:-on}" != off ] || return 0
  if [ ! -f "$cache" ] || [ "$(jar_of router)" -nt "$cache" ]; then
    [ -w "$root/router/target" ] || return 0
    printf '%s: training the JVM for a fast start, once; this takes about 20 seconds ...\n' "$name" >&2
    # shellcheck disable=SC2046,SC2086 # options are words
    "$java_home/bin/java" -XX:AOTCacheOutput="$cache" $(server_options) $COMMON_OPTIONS \
      -cp "$(classpath_of router)" io.kvroute.router.cli.Main warm-up \
      > "$root/router/target/training.log" 2>&1 || rm -f "$cache"
    if [ ! -f "$cache" ]; then
      printf '%s: the training failed, the router starts without it (details: %s)\n' "$name" \
        "$root/router/target/training.log" >&2
      return 0
    fi
  fi
  aot="-XX:AOTCache=$cache"
}

# Becomes the Java process.
run() { # run MODULE MAIN_CLASS ARGUMENTS...
  module=$1
  main=$2
  shift 2
  aot=
  case ${1:-} in
    serve | demo | replica | run | compare | chaos)
      options=$(server_options)
      if [ "$module ${1:-}" = "router serve" ]; then find_aot; fi
      ;;
    *)
      # Commands that end within a second.
      options="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 ${JAVA_OPTS:-} ${KVROUTE_JAVA_OPTS:-}"
      ;;
  esac
  # shellcheck disable=SC2086 # options are words; a path with a space in it breaks only the cache
  exec "$java_home/bin/java" ${aot:+"$aot"} $options $COMMON_OPTIONS -cp "$(classpath_of "$module")" "$main" "$@"
}
