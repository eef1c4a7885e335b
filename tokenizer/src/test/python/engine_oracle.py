"""Records what the request code of vLLM makes of chat requests and prompts: a corpus for ParityTest.

    python3.11 -m venv /tmp/venv
    /tmp/venv/bin/pip install transformers==5.23.0 tokenizers==0.23.3 jinja2==3.1.6 pydantic==2.14.3 openai==3.54.0 \
        openai-harmony pillow msgspec numpy cachetools psutil cloudpickle fastapi aiohttp requests cbor2 uvloop pyzmq
    pip download vllm==0.33.0 --no-deps && unzip vllm-*.whl 'vllm/*.py' -d /tmp/vllm
    /tmp/venv/bin/python request_fuzz.py 1 2000 > cases.jsonl
    /tmp/venv/bin/python engine_oracle.py /tmp/vllm/vllm MODELS cases.jsonl OUT [COMPLETIONS.jsonl]

MODELS contains a directory for each model with its tokenizer.json (.gz), tokenizer_config.json, config.json and, if it
is a separate file, chat_template.jinja. OUT becomes a corpus: KVROUTE_PARITY_DIR=OUT mvn test -Dtest=ParityTest reports
the differences. Install missing modules with pip. If a new vLLM imports compiled parts, add them to engine_stubs.py.
"""

import gzip
import hashlib
import json
import logging
import os
import pathlib
import shutil
import struct
import sys
import tempfile
import types
from datetime import datetime

os.environ.update(HF_HUB_OFFLINE="1", VLLM_CONFIGURE_LOGGING="0", TRANSFORMERS_VERBOSITY="error")
logging.disable(logging.CRITICAL)

import transformers.processing_utils  # noqa: E402,F401  before the stubs, so that it finds no torch
import transformers.utils.chat_template_utils as chat_template_utils  # noqa: E402
from transformers import AutoTokenizer  # noqa: E402

import engine_stubs  # noqa: E402


class Clock(datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2026, 1, 15, 12, 34, 56)


class Engine:
    """A model; `chat` and `completion` return lines of its golden files."""

    def __init__(self, directory):
        self.tokenizer = AutoTokenizer.from_pretrained(directory)
        kind = json.loads((directory / "config.json").read_text()).get("model_type")
        config = types.SimpleNamespace(model_type=kind)
        self.config = types.SimpleNamespace(
            model=str(directory),
            tokenizer=str(directory),
            revision=None,
            code_revision=None,
            tokenizer_revision=None,
            trust_remote_code=False,
            multimodal_config=None,
            enable_prompt_embeds=False,
            is_multimodal_model=False,
            hf_config=config,
            hf_text_config=config,
            hf_overrides=None,
            allowed_local_media_path="",
            allowed_media_domains=None,
            get_multimodal_config=lambda: types.SimpleNamespace(enable_mm_embeds=False),
        )

    def chat(self, case, body):
        from vllm.entrypoints.openai.chat_completion.protocol import ChatCompletionRequest
        from vllm.renderers import hf, merge_kwargs
        from vllm.renderers.chat_utils import parse_chat_messages

        golden = {"case": case}
        stage = "request"
        try:
            request = ChatCompletionRequest(**body)
            tools = None if request.tools is None else [tool.model_dump() for tool in request.tools]
            defaults = merge_kwargs({}, {"tools": tools, "tokenize": False})
            params = request.build_chat_params(None, "auto").with_defaults(defaults)
            stage = "parse"
            content_format = hf.resolve_chat_template_content_format(
                chat_template=params.chat_template,
                tools=params.chat_template_kwargs.get("tools"),
                given_format="auto",
                tokenizer=self.tokenizer,
                model_config=self.config,
            )
            messages, _, _ = parse_chat_messages(request.messages, self.config, content_format=content_format)
            golden["content_format"] = content_format
            stage = "render"
            kwargs = params.get_apply_chat_template_kwargs()
            text = hf.safe_apply_chat_template(self.config, self.tokenizer, messages, **kwargs)
            if not isinstance(text, str):
                return {**golden, **ids_of(text)}
            digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            golden.update(rendered_sha256=digest, rendered=text[:4000])
            stage = "tokenize"
            return {**golden, **ids_of(self.encode(text, request.add_special_tokens))}
        except Exception as e:
            cause = {"error_cause": type(e.__cause__).__name__} if e.__cause__ else {}
            return {**golden, "ok": False, "error_stage": stage, **cause, "error": str(e)[:600]}

    def completion(self, line):
        golden = {"case": line["id"], **ids_of(self.encode(line["prompt"], line["add_special_tokens"]))}
        return {**golden, "ids_no_special": list(self.encode(line["prompt"], False))}

    def encode(self, text, add_special_tokens):
        return self.tokenizer(text, add_special_tokens=add_special_tokens)["input_ids"]


def ids_of(ids):
    packed = struct.pack(f"<{len(ids)}i", *ids)
    return {"ok": True, "ids_sha256": hashlib.sha256(packed).hexdigest(), "ids": list(ids)[:4096]}


def with_plain_tokenizer(directory, scratch):
    copy = scratch / directory.name
    shutil.copytree(directory, copy)
    packed = copy / "tokenizer.json.gz"
    if packed.exists():
        (copy / "tokenizer.json").write_bytes(gzip.decompress(packed.read_bytes()))
    return copy


def write(path, lines):
    with gzip.open(path, "wt") as out:
        out.writelines(json.dumps(line) + "\n" for line in lines)


def main(vllm, models, cases, out, completions=os.devnull):
    chat_template_utils.datetime = Clock
    engine_stubs.install(pathlib.Path(vllm).resolve())
    out = pathlib.Path(out)
    (out / "golden").mkdir(parents=True)
    shutil.copy(cases, out / "cases.jsonl")
    (out / "completions.jsonl").write_text(pathlib.Path(completions).read_text())
    bodies = [json.loads(line) for line in open(cases)]
    prompts = [json.loads(line) for line in open(out / "completions.jsonl")]
    with tempfile.TemporaryDirectory() as scratch:
        for directory in sorted(entry for entry in pathlib.Path(models).iterdir() if entry.is_dir()):
            name = directory.name
            shutil.copytree(directory, out / "models" / name)
            engine = Engine(with_plain_tokenizer(directory, pathlib.Path(scratch)))
            chats = [engine.chat(line["id"], json.loads(line["body"])) for line in bodies]
            write(out / "golden" / f"{name}.jsonl.gz", chats)
            write(out / "golden" / f"{name}.completions.jsonl.gz", map(engine.completion, prompts))
            print(name, sum(golden["ok"] for golden in chats), "of", len(chats), "requests have a prompt")


if __name__ == "__main__":
    main(*sys.argv[1:])
