#!/bin/sh
# OpenAI's Python SDK against a running router: check.sh BASE_URL MODEL VENV_DIR
# Makes the virtual environment where it is missing. Exit 77: no usable Python here.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
base_url=$1 model=$2 venv=$3
if ! [ -x "$venv/bin/python" ]; then
  python3 -m venv "$venv" 2>/dev/null || {
    echo "skipped: python3 with venv is not installed"
    exit 77
  }
fi
"$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
exec "$venv/bin/python" "$here/check.py" "$base_url" "$model"
