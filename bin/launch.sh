# Sourced by kvroute and kvroute-loadtest, which set root (the checkout) and name (their own).
# Finds a JDK, builds what is missing or stale, and runs a main class. POSIX sh.

MINIMUM_JAVA=25

fail() { # fail EXIT_CODE MESSAGE
  printf '%s: %s\n' "$name" "$2" >&2
  exit "$1"
}

# The major version of the Java in a home; nothing if there is none. The release file saves a start.
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

# Whether a source is newer than both the jar (somebody ran Maven) and the mark of the last build
# here (Maven leaves a jar alone whose contents did not change).
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

build() { # build MODULE MODULES...
  [ -f "$root/pom.xml" ] || return 0 # an image: jars only
  stale "$@" || return 0
  command -v mvn >/dev/null || fail 2 "not built yet, and no mvn on PATH to build it (expected: Maven 3.8 or later)"
  mkdir -p "$root/$1/target"
  # Two that start at once must not build at once; where there is no flock, they had better not.
  exec 9>"$root/$1/target/.launching"
  if command -v flock >/dev/null; then flock 9; fi
  if stale "$@"; then
    printf '%s: building %s; the first time takes a minute or two ...\n' "$name" "$1" >&2
    rm -rf "$root/$1/target/lib" # so that no jar of an older dependency stays
    # Where the toolchains plugin looks for a JDK that lies in an unusual place.
    (cd "$root" && env "JAVA$(java_major "$java_home")_HOME=$java_home" mvn -q -B -Dstyle.color=never -Dmaven.test.skip=true -Dspotless.check.skip=true \
      -pl "$1" -am package 9>&-) >&2 || fail 1 "the build failed, see above"
    touch "$root/$1/target/.launched"
  fi
  exec 9>&-
}

# Becomes the Java process.
run() { # run MODULE MAIN_CLASS ARGUMENTS...
  jar=$(jar_of "$1")
  main=$2
  classpath="$jar:$root/$1/target/lib/*"
  shift 2
  case ${1:-} in
    serve | demo | replica | run | compare | chaos)
      # For long runs. The collector took the least CPU for a request of those tried (see
      # ARCHITECTURE.md); direct memory holds what is on its way between sockets and must not grow
      # past all bounds.
      set -- "${KVROUTE_GC:--XX:+UseG1GC}" "-XX:MaxDirectMemorySize=${KVROUTE_DIRECT_MEMORY:-1g}" \
        -XX:+ExitOnOutOfMemoryError -Dio.netty.leakDetection.level=disabled \
        ${JAVA_OPTS:-} ${KVROUTE_JAVA_OPTS:-} -cp "$classpath" "$main" "$@"
      ;;
    *)
      # For commands that are over in a second.
      set -- -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
        ${JAVA_OPTS:-} ${KVROUTE_JAVA_OPTS:-} -cp "$classpath" "$main" "$@"
      ;;
  esac
  exec "$java_home/bin/java" -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow -Dfile.encoding=UTF-8 "$@"
}
