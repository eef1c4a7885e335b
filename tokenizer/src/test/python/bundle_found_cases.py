"""Copies cases from a corpus of engine_oracle.py to the bundled cases that were once wrong.

Usage: python3 bundle_found_cases.py CORPUS CASE...
"""

import gzip
import json
import pathlib
import sys

FOUND = pathlib.Path(__file__).parent.parent / "resources/io/kvroute/tokenizer/parity/found"
MODELS = ["qwen3", "qwen2.5", "gpt-oss", "mistral-nemo", "deepseek-v3"]
KEPT = ["case", "ok", "error_stage", "error_cause", "error", "rendered_sha256", "ids_sha256"]


def add(path, lines):
    with gzip.open(path, "rt") as present:
        before = present.read()
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        out.write(before.encode())
        out.writelines((json.dumps(line) + "\n").encode() for line in lines)


def kept(golden):
    """Keeps an error message only if the template raised it itself; only those are compared word for word."""
    raised = golden.get("error_cause") == "TemplateError"
    return {key: golden[key] for key in KEPT if key in golden and (raised or key != "error")}


def main(corpus, *chosen):
    corpus = pathlib.Path(corpus)
    cases = [json.loads(line) for line in open(corpus / "cases.jsonl")]
    add(FOUND / "cases.jsonl.gz", [case for case in cases if case["id"] in chosen])
    for model in MODELS:
        with gzip.open(corpus / "golden" / f"{model}.jsonl.gz", "rt") as lines:
            goldens = [golden for golden in map(json.loads, lines) if golden["case"] in chosen]
        add(FOUND / "golden" / f"{model}.jsonl.gz", map(kept, goldens))


main(*sys.argv[1:])
