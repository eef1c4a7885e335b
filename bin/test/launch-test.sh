#!/bin/sh
# Tests the launchers with fake JDKs, a fake Maven and a checkout without jars. Prints one line for
# each case. Exits with 1 if a case failed.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd -P)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failures=0
unset KVROUTE_JAVA_HOME JAVA_HOME KVROUTE_JAVA_OPTS JAVA_OPTS KVROUTE_GC KVROUTE_DIRECT_MEMORY || true

# A checkout with sources but without jars.
fresh() {
  rm -rf "$tmp/checkout" "$tmp/jvm" "$tmp/path" "$tmp/log"
  mkdir -p "$tmp/checkout/bin" "$tmp/jvm" "$tmp/path"
  cp "$here/kvroute" "$here/kvroute-loadtest" "$here/launch.sh" "$tmp/checkout/bin/"
  for module in tokenizer config router loadtest; do
    mkdir -p "$tmp/checkout/$module/src/main"
    touch "$tmp/checkout/$module/pom.xml" "$tmp/checkout/$module/src/main/A.java"
  done
  touch "$tmp/checkout/pom.xml"
  # Only the tools that the launchers use, so that they find no real Java or Maven.
  for tool in sh dirname readlink sed find head mkdir touch rm env cat flock; do
    found=$(command -v "$tool") && ln -s "$found" "$tmp/path/$tool"
  done
}

jdk() { # jdk HOME VERSION [no-release]
  mkdir -p "$1/bin"
  [ "${3:-}" = no-release ] || echo "JAVA_VERSION=\"$2\"" > "$1/release"
  cat > "$1/bin/java" <<JAVA
#!/bin/sh
if [ "\$1" = -version ]; then echo 'openjdk version "$2" 2026-01-20' >&2; exit 0; fi
for argument; do case \$argument in -XX:AOTCacheOutput=*) : > "\${argument#*=}" ;; esac; done
echo "java of $1"
for argument; do echo "arg \$argument"; done
JAVA
  chmod +x "$1/bin/java"
}

maven() { # a Maven that makes the jars of every module it is asked for
  cat > "$tmp/path/mvn" <<MVN
#!/bin/sh
echo "mvn \$*" >> "$tmp/log"
env | sed -n 's/^JAVA[0-9]*_HOME=/& /p' >> "$tmp/log"
for module in router loadtest; do
  case " \$* " in
    *" -pl \$module "*)
      mkdir -p \$module/target/lib
      touch \$module/target/kvroute-\$module-1.jar ;;
  esac
done
MVN
  chmod +x "$tmp/path/mvn"
}

launch() { # launch FILE ARGUMENTS...: sets code, out and err
  code=0
  out=$(PATH=$tmp/path KVROUTE_JVM_DIR=$tmp/jvm "$@" 2> "$tmp/err") || code=$?
  err=$(cat "$tmp/err")
}

check() { # check NAME CONDITION...
  case_name=$1
  shift
  if "$@"; then
    echo "ok      $case_name"
  else
    echo "FAILED  $case_name: exit $code"
    echo "$out" "$err" | sed 's/^/        /'
    failures=$((failures + 1))
  fi
}

has() { # has TEXT PART
  case $1 in *"$2"*) return 0 ;; *) return 1 ;; esac
}
lines() { # lines TEXT COUNT
  [ "$(printf '%s\n' "$1" | grep -c .)" -eq "$2" ]
}
builds() { # builds COUNT: how often Maven ran
  [ "$( { grep -c '^mvn' "$tmp/log" || true; } 2> /dev/null)" -eq "$1" ]
}
bin=$tmp/checkout/bin

fresh
maven
jdk "$tmp/jvm/a-17" 17.0.15
launch "$bin/kvroute" --version
check "no JDK 25 is one line and exit 2" [ "$code" = 2 ]
check "... which says where to get one" has "$err" "KVROUTE_JAVA_HOME=/path/to/jdk"
check "... and nothing else" lines "$err$out" 1

jdk "$tmp/jvm/misnamed-17" 25.0.1
launch "$bin/kvroute" --version
check "the version counts, not the name" has "$out" "java of $tmp/jvm/misnamed-17"
check "the first run builds" builds 1
check "... and says so" has "$err" "kvroute: building router"
check "... for the JDK that was found" has "$(cat "$tmp/log")" "JAVA25_HOME= $tmp/jvm/misnamed-17"

launch "$bin/kvroute" --version
check "the second run does not" builds 1
check "... and is silent" [ -z "$err" ]

touch -t 202001010000 "$tmp/checkout/router/target/kvroute-router-1.jar" "$tmp/checkout/router/target/.launched"
touch -t 202001010001 "$tmp/checkout/config/src/main/A.java"
launch "$bin/kvroute" --version
check "a newer source of any module builds again" builds 2
rm -rf "$tmp/checkout/router/target/lib"
launch "$bin/kvroute" --version
check "so do missing libraries" builds 3

launch "$bin/kvroute" explain --admin 'http://a b' 'r $x.json'
check "arguments arrive as they were" has "$out" "arg explain
arg --admin
arg http://a b
arg r \$x.json"
launch "$bin/kvroute" serve
check "serve has bounded direct memory" has "$out" "arg -XX:MaxDirectMemorySize=1g"
check "... and the router's main class" has "$out" "arg io.kvroute.router.cli.Main
arg serve"
check "... trained once" has "$err" "kvroute: training the JVM"
check "... from the cache of that training" has "$out" "arg -XX:AOTCache=$tmp/checkout/router/target/kvroute.aot"
launch "$bin/kvroute" serve
check "the second serve is not trained" [ -z "$err" ]
launch env KVROUTE_AOT=off "$bin/kvroute" serve
check "KVROUTE_AOT=off starts without a cache" [ "${out#*AOTCache}" = "$out" ]
launch env KVROUTE_JAVA_OPTS='-Xmx3g -Dx=y' "$bin/kvroute" serve
check "KVROUTE_JAVA_OPTS are passed on" has "$out" "arg -Xmx3g
arg -Dx=y"

launch "$bin/kvroute" demo --keep
check "demo is the load tester's" has "$out" "arg io.kvroute.loadtest.cli.LoadtestMain
arg demo
arg --keep"
launch "$bin/kvroute-loadtest" replica
check "kvroute-loadtest shares its build" builds 4

mkdir -p "$tmp/elsewhere/deep"
ln -s "../../checkout/bin/kvroute" "$tmp/elsewhere/deep/kv"
ln -s deep/kv "$tmp/elsewhere/kv"
cd "$tmp/elsewhere"
launch ./kv --version
check "works through symbolic links, from anywhere" has "$out" "arg --version"
cd /

jdk "$tmp/named" 26-ea no-release
launch env KVROUTE_JAVA_HOME="$tmp/named" "$bin/kvroute" --version
check "KVROUTE_JAVA_HOME comes first" has "$out" "java of $tmp/named"
launch env KVROUTE_JAVA_HOME="$tmp/jvm/a-17" "$bin/kvroute" --version
check "KVROUTE_JAVA_HOME with an old Java is refused" has "$err" "holds Java 17 (expected: a JDK 25 or later)"
check "... with exit 2" [ "$code" = 2 ]
launch env JAVA_HOME="$tmp/named" "$bin/kvroute" --version
check "JAVA_HOME comes next" has "$out" "java of $tmp/named"
rm -rf "$tmp/jvm/misnamed-17"
ln -s "$tmp/named/bin/java" "$tmp/path/java"
launch "$bin/kvroute" --version
check "PATH comes last" has "$out" "java of $tmp/named"

fresh
jdk "$tmp/jvm/25" 25
launch "$bin/kvroute" --version
check "no Maven is told, with exit 2" [ "$code" = 2 ]
check "... in one line" has "$err" "no mvn on PATH"
maven
printf '#!/bin/sh\necho "[ERROR] broken" >&2; exit 1\n' > "$tmp/path/mvn"
launch "$bin/kvroute" --version
check "a failed build is exit 1" [ "$code" = 1 ]
check "... after Maven's own words" has "$err" "[ERROR] broken
kvroute: the build failed"

cat > "$tmp/path/mvn" <<'MVN'
#!/bin/sh
echo '[ERROR] Failed to execute goal: Could not transfer artifact a:b:pom:1 from/to central (https://repo.example): Connection refused'
echo '[ERROR] and a long explanation'
exit 1
MVN
launch "$bin/kvroute" --version
check "a repository that cannot be reached is one line of our own" has "$err" "kvroute: Maven cannot download what the build needs from https://repo.example;"
check "... without Maven's explanation" [ "$(printf '%s\n' "$err" | grep -c explanation)" = 0 ]
check "... and exit 1" [ "$code" = 1 ]

cat > "$tmp/path/mvn" <<MVN
#!/bin/sh
echo '[INFO] Building kvroute 0.1.0-SNAPSHOT                             [1/4]'
echo '[INFO] Downloaded from central: https://repo.example/a.jar (1 kB at 2 kB/s)'
echo '[INFO] Building kvroute-tokenizer 0.1.0-SNAPSHOT                   [2/4]'
mkdir -p router/target/lib
touch router/target/kvroute-router-1.jar
MVN
launch "$bin/kvroute" --version
check "a build tells of each module that it begins" has "$err" "kvroute: building kvroute (1/4)
kvroute: building kvroute-tokenizer (2/4), files downloaded: 1"
check "... and leaves Maven's output in a log" has "$(cat "$tmp/checkout/router/target/launch-build.log")" "Downloaded from central"

rm -rf "$tmp/checkout/router/target"
mv "$tmp/path/mvn" "$tmp/checkout/mvnw"
launch "$bin/kvroute" --version
check "without a Maven on PATH the wrapper builds" has "$out" "java of $tmp/jvm/25"

[ "$failures" = 0 ] || { echo "$failures failed"; exit 1; }
