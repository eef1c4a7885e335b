#!/bin/bash
# run.sh DIR [--routers nginx,smg,kvroute] [options of rounds.py...] [NAME=URL[,pid=N]...]
# Starts two pinned engines and the routers, waits until they answer, drives the rounds, prints the table to stdout,
# and stops what it started. DIR is the directory that install.sh filled; logs are in DIR/run. NAME=URL is a router that
# already runs in front of the same engines. ENGINES=URL,URL uses running engines instead of starting two.
# Variables: ENGINE_PORTS CORES ENGINE_FLAGS ENGINES NGINX_PORT SMG_PORT SMG_METRICS_PORT KVROUTE_PORT
# KVROUTE_ADMIN_PORT KVROUTE_FLAGS SMG (its program).
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
root=$(cd "$here/../.." && pwd)
command="${0##*/}$(printf ' %q' "$@")"
routers=nginx,smg,kvroute
read -ra engine_ports <<<"${ENGINE_PORTS:-18001 18002}"
read -ra cores <<<"${CORES:-0 1}"
read -ra engine_flags <<<"${ENGINE_FLAGS:-}"
read -ra kvroute_flags <<<"${KVROUTE_FLAGS:-}"
nginx_port=${NGINX_PORT:-18101}
smg_port=${SMG_PORT:-18102}
smg_metrics_port=${SMG_METRICS_PORT:-18112}
kvroute_port=${KVROUTE_PORT:-18103}
kvroute_admin_port=${KVROUTE_ADMIN_PORT:-18113}

names=()
pids=()

fail() { # fail EXIT_CODE MESSAGE
  echo "run: $2" >&2
  exit "$1"
}

# shellcheck disable=SC2317 # called by the trap
stop() { # every process group that was started: asked first, killed after 20 s
  trap '' INT TERM
  local pid until=$((SECONDS + 20))
  for pid in "${pids[@]}"; do kill -- "-$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do
    while kill -0 -- "-$pid" 2>/dev/null && [ "$SECONDS" -lt "$until" ]; do sleep 0.2; done
    kill -9 -- "-$pid" 2>/dev/null || true
  done
}

last_line() { # last_line NAME
  tail -n 1 "$logs/$1.log" 2>/dev/null | cut -c 1-300
}

free() { # free NAME PORT
  ! (exec 3<>"/dev/tcp/127.0.0.1/$2") 2>/dev/null || fail 2 "port $2 for $1 is in use (expected: a free one)"
}

start() { # start NAME COMMAND...: starts it in its own process group, with its log in DIR/run
  local name=$1
  shift
  setsid "$@" >"$logs/$name.log" 2>&1 </dev/null &
  names+=("$name")
  pids+=("$!")
}

await() { # await NAME URL SECONDS: until NAME, the process started last or before, answers
  local i pid='' until=$((SECONDS + $3))
  for i in "${!names[@]}"; do [ "${names[i]}" != "$1" ] || pid=${pids[i]}; done
  until curl -sf -o /dev/null --max-time 5 "$2"; do
    kill -0 "$pid" 2>/dev/null || fail 1 "$1 ended before it answered: $(last_line "$1") (see $logs/$1.log)"
    [ "$SECONDS" -lt "$until" ] || fail 1 "$1 did not answer at $2 within $3 s (see $logs/$1.log)"
    sleep 0.5
  done
}

need() { # need PROGRAM HINT
  command -v "$1" >/dev/null || fail 2 "no $1 (expected: $2)"
}

nginx_conf() { # round robin; its temporary files lie in DIR/run, where any user may write them
  printf 'pid nginx.pid;\nerror_log stderr;\ndaemon off;\nworker_processes 1;\nevents { worker_connections 1024; }\nhttp {\n'
  printf '  access_log off;\n  client_max_body_size 100m;\n  client_body_buffer_size 1m;\n'
  printf '  %s_temp_path %s;\n' client_body tmp proxy tmp fastcgi tmp uwsgi tmp scgi tmp
  printf '  upstream engines {%s keepalive 32; }\n' "$(printf ' server %s;' "${engines[@]#http://}")"
  printf '  server {\n    listen 127.0.0.1:%s;\n' "$nginx_port"
  printf '    location / { proxy_pass http://engines; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }\n'
  printf '  }\n}\n'
}

start_router() { # start_router NAME: adds its NAME=URL,pid=N to the routers, and its version
  local engine replicas=() port=${1}_port
  case $1 in
    nginx)
      nginx_conf >"$logs/nginx.conf"
      start nginx nginx -e stderr -p "$logs" -c "$logs/nginx.conf"
      versions+=("$(nginx -v 2>&1 | sed 's/^.*: //')")
      ;;
    smg)
      start smg "$smg" launch --worker-urls "${engines[@]}" --policy cache_aware --host 127.0.0.1 \
        --port "$smg_port" --prometheus-host 127.0.0.1 --prometheus-port "$smg_metrics_port"
      versions+=("$("$smg" --version 2>&1 | head -n 1)")
      ;;
    kvroute)
      for engine in "${engines[@]}"; do replicas+=(--replica "$engine"); done
      start kvroute "$root/bin/kvroute" serve "${replicas[@]}" --tokenizer "$dir/model" \
        --listen "127.0.0.1:$kvroute_port" --admin-listen "127.0.0.1:$kvroute_admin_port" "${kvroute_flags[@]}"
      versions+=("kvroute $(git -C "$root" describe --always --dirty 2>/dev/null || echo 'of this checkout')")
      ;;
  esac
  to+=("$1=http://127.0.0.1:${!port},pid=${pids[-1]}")
}

[ $# -ge 1 ] || fail 2 "no DIR (expected: $0 DIR [options], see the README beside it)"
[ -x "$1/venv/bin/vllm" ] || fail 2 "no vLLM in $1 (expected: what $here/install.sh $1 puts there)"
dir=$(cd "$1" && pwd)
shift
passed=()
while [ $# -gt 0 ]; do
  case $1 in
    --routers)
      [ $# -ge 2 ] || fail 2 "--routers without a value (expected: nginx,smg,kvroute or some of them)"
      routers=$2
      shift
      ;;
    --routers=*) routers=${1#*=} ;;
    *) passed+=("$1") ;;
  esac
  shift
done
smg=${SMG:-$dir/smg/bin/smg}
need curl "its package"
for router in ${routers//,/ }; do
  case $router in
    nginx)
      need nginx "Debian's package nginx"
      free nginx "$nginx_port"
      ;;
    smg)
      need "$smg" "what install.sh puts there, or SMG=PROGRAM"
      free smg "$smg_port"
      free "smg's metrics" "$smg_metrics_port"
      ;;
    kvroute)
      free kvroute "$kvroute_port"
      free "kvroute's admin" "$kvroute_admin_port"
      ;;
    *) fail 2 "--routers $routers: $router (expected: nginx, smg or kvroute; running ones as NAME=URL)" ;;
  esac
done

engines=()
if [ -n "${ENGINES:-}" ]; then
  IFS=, read -ra engines <<<"$ENGINES"
else
  for port in "${engine_ports[@]}"; do
    free "an engine" "$port"
    engines+=("http://127.0.0.1:$port")
  done
fi
rounds=("$dir/venv/bin/python" "$here/rounds.py" --model "$dir/model" --engines "$(IFS=, && echo "${engines[*]}")")
named=()
for router in ${routers//,/ }; do named+=("$router=http://127.0.0.1"); done
"${rounds[@]}" --check "${named[@]}" "${passed[@]}" || exit 2

logs=$dir/run
rm -rf "$logs"
mkdir -p "$logs/tmp"
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [ -z "${ENGINES:-}" ]; then
  for i in "${!engine_ports[@]}"; do
    CORE=${cores[i]:-} start "engine-$i" \
      "$here/engine.sh" "$dir" "${engine_ports[i]}" "${engine_flags[@]}"
  done
  echo "run: waiting for ${#engines[@]} engines, which takes one to three minutes" >&2
  for i in "${!engine_ports[@]}"; do await "engine-$i" "${engines[i]}/v1/models" 600; done
fi
to=()
versions=()
for router in ${routers//,/ }; do start_router "$router"; done
for router in ${routers//,/ }; do
  port=${router}_port
  await "$router" "http://127.0.0.1:${!port}/v1/models" 600
done

setsid "${rounds[@]}" --note "Routers: $(printf '%s; ' "${versions[@]}" | sed 's/; $//')." --note "Command: \`$command\`." \
  "${to[@]}" "${passed[@]}" &
pids+=("$!")
code=0
wait "$!" || code=$?
for i in "${!names[@]}"; do
  kill -0 "${pids[i]}" 2>/dev/null || echo "run: ${names[i]} ended meanwhile: $(last_line "${names[i]}") (see $logs/${names[i]}.log)" >&2
done
exit "$code"
