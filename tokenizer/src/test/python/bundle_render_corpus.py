"""Copies the part of the parity corpus whose licence allows bundling to the test resources.

Usage: python3 bundle_render_corpus.py PARITY_DIR
"""

import gzip
import json
import pathlib
import sys

MODELS = ["qwen3", "qwen2.5", "mistral-nemo", "deepseek-v3", "gpt-oss"]


def template_of(parity, model):
    directory = parity / "models" / model
    file = directory / "chat_template.jinja"
    if file.exists():
        return file.read_text()
    return json.loads((directory / "tokenizer_config.json").read_text())["chat_template"]


def main():
    parity = pathlib.Path(sys.argv[1])
    render = parity / "golden" / "render"
    bundled = {template_of(parity, model).strip() for model in MODELS}
    lines = []
    names = set()
    for entry in json.loads((render / "templates.json").read_text()):
        source = (parity / "templates" / entry["template"]).read_text()
        if source.strip() in bundled:
            bundled.remove(source.strip())
            names.add(entry["template"])
            lines.append(
                {"template": entry["template"], "format": entry["format"], "source": source}
            )
    formats = {line["format"] for line in lines}
    for form in sorted(formats):
        for line in (render / f"contexts_{form}.jsonl").read_text().splitlines():
            lines.append({"format": form, **json.loads(line)})
    with gzip.open(render / "expected.jsonl.gz", "rt") as expected:
        lines.extend(golden for golden in map(json.loads, expected) if golden["t"] in names)
    target = pathlib.Path(__file__).parent.parent / "resources" / "jinja" / "corpus.jsonl.gz"
    with open(target, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        for line in lines:
            out.write((json.dumps(line) + "\n").encode())


main()
