#!/bin/bash
# engine.sh DIR PORT [vLLM's flags...]: one stock engine in the foreground, serving "qwen3" with blocks of 32 tokens.
# It answers after 30 to 160 s. CORE=n pins it to a core; BLOCKS=n sets the cache size (default: 1000 blocks).
set -euo pipefail

fail() {
  echo "engine: $1" >&2
  exit 2
}

[ $# -ge 2 ] || fail "$# arguments (expected: engine.sh DIR PORT [vLLM's flags...])"
dir=$1 port=$2
shift 2
[ -x "$dir/venv/bin/vllm" ] || fail "no vLLM in $dir (expected: what install.sh $dir puts there)"
cd "$dir"
export HF_HUB_OFFLINE=1 VLLM_NO_USAGE_STATS=1 PYTHONHASHSEED=0
export VLLM_CPU_KVCACHE_SPACE=1 VLLM_CPU_OMP_THREADS_BIND=nobind OMP_NUM_THREADS=1
pin=()
[ -z "${CORE:-}" ] || pin=(taskset -c "$CORE")
exec "${pin[@]}" venv/bin/vllm serve ./model --served-model-name qwen3 --load-format dummy --dtype bfloat16 \
  --host 127.0.0.1 --port "$port" --max-model-len 16384 --enforce-eager \
  --enable-prefix-caching --block-size 32 --num-gpu-blocks-override "${BLOCKS:-1000}" "$@"
