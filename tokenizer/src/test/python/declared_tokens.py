"""Records how transformers loads tokens declared outside tokenizer.json: the cases of DeclaredTokensTest.

    python3 -m venv /tmp/v4 && /tmp/v4/bin/pip install 'transformers==4.57.6' tokenizers==0.22.2 jinja2
    python3 -m venv /tmp/v5 && /tmp/v5/bin/pip install 'transformers==5.24.0' tokenizers==0.23.3 jinja2
    /tmp/v4/bin/python declared_tokens.py MODELS OUT.jsonl && /tmp/v5/bin/python declared_tokens.py MODELS OUT.jsonl

The first run writes the cases, and each run adds the ids of its own major version to OUT.jsonl. MODELS contains a
directory for each model with its tokenizer.json (.gz), tokenizer_config.json and config.json. The two tokenizers that
most cases use are generated here; they are the first line of the output. `parts` and `added_tokens` of a case, unless
null, replace those of tokenizer.json. If a release refuses a case, its ids are null: no engine starts with such files.

The bundled file is the output with `--only=qwen3` after OUT.jsonl, compressed by `gzip -9n`: it contains only the
generated tokenizers and Qwen3, whose licence allows bundling. DeclaredTokensTest reads another file if
KVROUTE_DECLARED_CASES names one; it finds the models in KVROUTE_PARITY_DIR.
"""

import gzip
import json
import logging
import os
import pathlib
import random
import shutil
import sys
import tempfile

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")
logging.disable(logging.CRITICAL)

import transformers  # noqa: E402
from transformers import AutoTokenizer  # noqa: E402

MAJOR = transformers.__version__.split(".")[0]
RANDOM_CASES = 120


def byte_alphabet():
    """The characters that represent bytes in byte-level vocabularies."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return [chr(b if b in plain else next(others)) for b in range(256)]


def bytes_tokenizer():
    """A byte-level tokenizer like Qwen's and Llama 3's, with `<eos>` and `ab` in its vocabulary."""
    words = ["th", "he", "ab", "Ġt", "Ġa"]
    vocab = {token: i for i, token in enumerate([*byte_alphabet(), *words, "<eos>"])}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        "post_processor": None,
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": vocab,
            "merges": [[word[0], word[1:]] for word in words],
        },
    }


def pieces_tokenizer():
    """A tokenizer of the SentencePiece kind with byte fallback, like Llama 2's, which lowercases its input."""
    letters = [chr(c) for c in range(ord("a"), ord("z") + 1)]
    words = ["th", "he", "ab", "▁t", "▁a"]
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{b:02X}>" for b in range(256)), "▁", *letters, *words]
    tokenizer = bytes_tokenizer()
    tokenizer["normalizer"] = {
        "type": "Sequence",
        "normalizers": [
            {"type": "Lowercase"},
            {"type": "Prepend", "prepend": "▁"},
            {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
        ],
    }
    tokenizer["pre_tokenizer"] = None
    tokenizer["decoder"] = None
    tokenizer["model"].update(
        unk_token="<unk>",
        fuse_unk=True,
        byte_fallback=True,
        vocab={token: i for i, token in enumerate(tokens)},
        merges=[[word[0], word[1:]] for word in words],
    )
    return tokenizer


MADE = {"bytes": bytes_tokenizer(), "pieces": pieces_tokenizer()}

TEXTS = [
    "<|im_start|>user\nHello<|im_end|>\n",
    "the <tool> the<tool>the  <tool>  the",
    " <A> ab <A>\n\n<b>\t<b> x",
    "fooab ab foo foo-bar food FOO Foo afoo foo",
    "<eos><bos><pad><unk><mask><sep><cls></s><s>",
    "<image><img><|endoftext|><extra_0> <extra_1>",
    "é<tool>é <É> <é> ab<é>ab",
    "<tool><tool>ab<|im_start|><|im_start|><A><A>",
]

POOL = ["<|im_start|>", "<|im_end|>", "<tool>", "<A>", "<b>", "foo", "ab", "<eos>", "<image>", "<extra_0>", "<extra_1>", "<É>"]
NAMED = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"]


def token(content, **flags):
    whole = dict(content=content, lstrip=False, normalized=False, rstrip=False, single_word=False, special=True)
    return whole | flags


def declared(*tokens, start=300):
    return {str(start + i): t for i, t in enumerate(tokens)}


def typed(entry, **flags):
    return {"__type": "AddedToken"} | {k: v for k, v in (entry | flags).items() if k != "special"}


def case(name, tokenizer="bytes", added=(), texts=TEXTS, config_json=None, tokenizer_json=None, **files):
    config = {"tokenizer_class": "PreTrainedTokenizerFast"} | (files.pop("tokenizer_config", None) or {})
    return {
        "id": name,
        "tokenizer": tokenizer,
        "added_tokens": None if added is None else [{"id": 300 + i} | t for i, t in enumerate(added)],
        "parts": tokenizer_json or {},
        "files": {"tokenizer_config.json": config, "config.json": config_json or {"model_type": "llama"}}
        | {f"{file}.json": content for file, content in files.items()},
        "texts": list(texts),
    }


def written_cases():
    im = [token("<|im_start|>"), token("<|im_end|>")]
    tool = token("<tool>", special=False)
    yield case("only-in-the-decoder", tokenizer_config={"added_tokens_decoder": declared(*im, tool)})
    yield case("in-both", added=im, tokenizer_config={"added_tokens_decoder": declared(*im)})
    yield case("some-in-both", added=im[:1], tokenizer_config={"added_tokens_decoder": declared(*im, tool)})
    yield case("decoder-out-of-sequence", tokenizer_config={"added_tokens_decoder": {"900": im[0], "400": im[1], "33": tool}})
    yield case("decoder-ids-as-text-are-sorted-as-numbers", tokenizer_config={"added_tokens_decoder": {"1000": im[0], "999": im[1]}})
    yield case("decoder-before-those-of-the-file", added=[token("<A>")], tokenizer_config={"added_tokens_decoder": {"1": im[0], "300": token("<A>"), "301": im[1]}})
    yield case("already-in-the-vocabulary", tokenizer_config={"added_tokens_decoder": declared(token("<eos>"), token("ab", special=False), im[0])})
    yield case("one-content-twice", tokenizer_config={"added_tokens_decoder": declared(im[0], im[0], token("<|im_start|>", lstrip=True), im[1])})
    for flag in ["lstrip", "rstrip", "single_word", "normalized"]:
        for special in [False, True]:
            changed = token("<tool>", special=special, **{flag: True})
            word = token("foo", special=special, **{flag: True})
            for tokenizer in MADE:
                yield case(f"{tokenizer}-{flag}-{special}", tokenizer, tokenizer_config={"added_tokens_decoder": declared(changed, word)})
            yield case(f"file-plain-{flag}-{special}", added=[tool, token("foo")], tokenizer_config={"added_tokens_decoder": declared(changed, word)})
            yield case(f"file-flagged-{flag}-{special}", added=[changed, word], tokenizer_config={"added_tokens_decoder": declared(tool, token("foo"))})
    yield case("flags-left-out", tokenizer_config={"added_tokens_decoder": {"300": {"content": "foo"}, "301": {"content": "<A>", "special": True}}})
    yield case("normalized-word", "pieces", tokenizer_config={"added_tokens_decoder": declared(token("FOO", normalized=True), token("<A>", normalized=True, special=False))})
    for name in NAMED:
        yield case(f"named-{name}", tokenizer_config={name: "<" + name[:3] + ">"})
        yield case(f"named-{name}-typed", tokenizer_config={name: typed(token("<" + name[:3] + ">", lstrip=True))})
    yield case("all-named", tokenizer_config={name: "<" + name.removesuffix("_token") + ">" for name in reversed(NAMED)})
    yield case("named-in-the-vocabulary", tokenizer_config={"eos_token": "<eos>", "pad_token": "ab"})
    yield case("named-null", tokenizer_config={"bos_token": None, "pad_token": None, "unk_token": None})
    yield case("named-as-a-plain-dict", tokenizer_config={"bos_token": token("<bos>")})
    yield case("named-is-in-the-decoder", tokenizer_config={"added_tokens_decoder": declared(token("<bos>", special=False, lstrip=True)), "bos_token": "<bos>"})
    yield case("named-is-in-the-file", added=[token("<bos>", special=False, normalized=True)], tokenizer_config={"bos_token": "<bos>"})
    yield case("named-typed-is-in-the-file", added=[token("<tool>", special=False)], tokenizer_config={"bos_token": typed(token("<tool>", rstrip=True))})
    yield case("additional", tokenizer_config={"additional_special_tokens": ["<tool>", "<A>", "<tool>"]})
    yield case("additional-typed", tokenizer_config={"additional_special_tokens": [typed(token("<tool>", lstrip=True, normalized=True)), "<A>"]})
    yield case("additional-as-plain-dicts", tokenizer_config={"additional_special_tokens": [token("<tool>")]})
    yield case("additional-and-decoder", added=im, tokenizer_config={"added_tokens_decoder": declared(*im, tool), "additional_special_tokens": ["<tool>", "<A>"], "eos_token": "<b>"})
    yield case("additional-null", tokenizer_config={"additional_special_tokens": None, "added_tokens_decoder": declared(*im)})
    yield case("extra-list", tokenizer_config={"extra_special_tokens": ["<tool>", "<A>"]})
    yield case("extra-empty-list", tokenizer_config={"extra_special_tokens": [], "added_tokens_decoder": declared(*im)})
    yield case("extra-list-and-additional", tokenizer_config={"extra_special_tokens": ["<tool>"], "additional_special_tokens": ["<A>"]})
    yield case("extra-empty-and-additional", tokenizer_config={"extra_special_tokens": {}, "additional_special_tokens": ["<A>"]})
    yield case("extra-dict", tokenizer_config={"extra_special_tokens": {"image_token": "<image>", "b_token": "<b>"}})
    yield case("extra-dict-and-additional", tokenizer_config={"extra_special_tokens": {"image_token": "<image>"}, "additional_special_tokens": ["<A>"]})
    yield case("extra-dict-typed", tokenizer_config={"extra_special_tokens": {"image_token": typed(token("<image>", rstrip=True))}})
    yield case("own-names", tokenizer_config={"image_token": "<image>", "bos_token": "<bos>", "tool_token": "<tool>", "extra_special_tokens": {"x_token": "<extra_0>"}})
    yield case("own-names-typed", tokenizer_config={"image_token": "<image>", "tool_token": typed(token("<tool>")), "eos_token": "<A>"})
    yield case("pad-token-of-the-padding", tokenizer_json={"padding": {"strategy": "BatchLongest", "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": "<pad>"}})
    yield case("pad-token-null-and-padding", tokenizer_config={"pad_token": None}, tokenizer_json={"padding": {"strategy": "BatchLongest", "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": "<pad>"}})
    map_file = {"bos_token": "<bos>", "eos_token": token("<A>", lstrip=True), "additional_special_tokens": ["<tool>", "<b>"]}
    yield case("map", special_tokens_map=map_file)
    yield case("map-beside-a-decoder", tokenizer_config={"added_tokens_decoder": declared(*im)}, special_tokens_map=map_file)
    yield case("map-beside-an-empty-decoder", tokenizer_config={"added_tokens_decoder": {}}, special_tokens_map=map_file)
    yield case("map-over-config", tokenizer_config={"bos_token": "<s>", "additional_special_tokens": ["<image>"]}, special_tokens_map=map_file)
    yield case("map-with-dicts", special_tokens_map={"additional_special_tokens": [token("<tool>"), token("<b>", rstrip=True)]})
    yield case("map-with-extras", special_tokens_map={"extra_special_tokens": ["<tool>", "<b>"]})
    yield case("map-with-named-extras", special_tokens_map={"extra_special_tokens": {"image_token": "<image>"}})
    yield case("map-without-config", added=im, special_tokens_map=map_file)
    yield case("added-file", added_tokens={"<tool>": 305, "<A>": 301, "ab": 258})
    yield case("added-file-and-special", tokenizer_config={"eos_token": "<tool>"}, added_tokens={"<tool>": 301, "FOO": 302, "<A>": 299})
    yield case("added-file-beside-a-decoder", tokenizer_config={"added_tokens_decoder": declared(*im)}, added_tokens={"<tool>": 305})
    yield case("added-file-map-and-file", added=im, special_tokens_map=map_file, added_tokens={"<tool>": 302, "foo": 303, "<|im_start|>": 300})
    yield case("added-file-over-ids-of-the-file", added=im, special_tokens_map=map_file, added_tokens={"<tool>": 300, "foo": 301})
    for tokenizer in MADE:
        for name in ["Qwen2Tokenizer", "Qwen2TokenizerFast", "LlamaTokenizer", "LlamaTokenizerFast", "GPT2Tokenizer", "GemmaTokenizer", "CohereTokenizerFast", "GPTNeoXTokenizerFast"]:
            kind = {"Q": "qwen2", "L": "llama", "GP": "gpt2", "Ge": "gemma", "C": "cohere"}
            kind = next(v for k, v in {**kind, "GPTN": "gpt_neox"}.items() if name.startswith(k)) if not name.startswith("GPTN") else "gpt_neox"
            yield case(f"{tokenizer}-{name}", tokenizer, tokenizer_config={"tokenizer_class": name}, config_json={"model_type": kind})
            yield case(f"{tokenizer}-{name}-of-the-file", tokenizer, added=[*im, tool], tokenizer_config={"tokenizer_class": name}, config_json={"model_type": kind})
            yield case(f"{tokenizer}-{name}-declared", tokenizer, added=im, tokenizer_config={"tokenizer_class": name, "added_tokens_decoder": declared(tool, im[1]), "additional_special_tokens": ["<A>", "<tool>"], "eos_token": "<b>", "unk_token": None}, config_json={"model_type": kind})


def random_case(seed):
    r = random.Random(seed)

    def flags():
        return {f: r.random() < 0.25 for f in ["lstrip", "rstrip", "single_word", "normalized"]} | {"special": r.random() < 0.5}

    def some(most):
        return [token(c, **flags()) for c in r.sample(POOL, r.randint(0, most))]

    def named_or_typed(content):
        return content if r.random() < 0.6 else typed(token(content, **flags()))

    config, files = {}, {}
    file = some(5)
    if r.random() < 0.7:
        ids = r.sample(range(250, 320), 6)
        shared = [t if r.random() < 0.6 else token(t["content"], **flags()) for t in file if r.random() < 0.7]
        config["added_tokens_decoder"] = {str(i): t for i, t in zip(ids, shared + some(4))}
    for name in r.sample(NAMED, r.randint(0, 3)):
        config[name] = named_or_typed(r.choice(POOL + ["<bos>", "<pad>", "<mask>"]))
    if r.random() < 0.4:
        config["additional_special_tokens"] = [named_or_typed(c) for c in r.sample(POOL, r.randint(0, 3))]
    if r.random() < 0.2:
        config["extra_special_tokens"] = {f"x{i}_token": c for i, c in enumerate(r.sample(POOL, 2))}
    if r.random() < 0.3:
        files["special_tokens_map"] = {r.choice(NAMED): r.choice(POOL), "additional_special_tokens": r.sample(POOL, 2)}
    if r.random() < 0.2:
        files["added_tokens"] = {c: i for c, i in zip(r.sample(POOL, 2), r.sample(range(262, 310), 2))}
    kind = r.choice([{}, {}, {"tokenizer_class": "Qwen2Tokenizer"}, {"tokenizer_class": "LlamaTokenizer"}])
    model = {"Qwen2Tokenizer": "qwen2"}.get(kind.get("tokenizer_class"), "llama")
    tokenizer = r.choice(list(MADE))
    return case(f"random-{seed}", tokenizer, added=file, tokenizer_config=config | kind, config_json={"model_type": model}, **files)


def model_cases(name, directory):
    """The model unchanged, and with its added tokens only in the configuration, in each possible form."""
    whole = json.loads(text_of(directory, "tokenizer.json"))
    config = json.loads(text_of(directory, "tokenizer_config.json"))
    config.pop("chat_template", None)
    kind = json.loads(text_of(directory, "config.json") or "{}")
    added = whole["added_tokens"]
    entries = {str(t["id"]): {k: v for k, v in t.items() if k != "id"} for t in added}
    special = [t["content"] for t in added if t["special"]]
    texts = ["".join(f"{t['content']} ab {t['content']}x" for t in part) for part in (added[:12], added[-12:])]
    texts += ["<|im_start|>user\nHello<|im_end|>\n", "<tool> " + " ".join(t["content"] for t in added[5:9])]
    old = {k: v for k, v in config.items() if k not in ("added_tokens_decoder", "additional_special_tokens", "extra_special_tokens")}

    def one(form, kept, changed, **files):
        made = case(f"{name}-{form}", name, added=kept, texts=texts, config_json=kind, **files)
        made["added_tokens"] = kept
        made["files"]["tokenizer_config.json"] = changed
        return made

    yield one("as-it-is", None, config)
    yield one("decoder-only", [], old | {"added_tokens_decoder": entries})
    yield one("decoder-half", added[::2], old | {"added_tokens_decoder": entries})
    yield one("additional-only", [t for t in added if not t["special"]], old | {"additional_special_tokens": special})
    yield one("extra-only", [t for t in added if not t["special"]], old | {"extra_special_tokens": special})
    yield one("map-only", added[:1], old, special_tokens_map={"additional_special_tokens": special})
    yield one("added-file-only", added[:1], old, special_tokens_map={"additional_special_tokens": special}, added_tokens={t["content"]: t["id"] for t in added})


def text_of(directory, file):
    plain, packed = directory / file, directory / (file + ".gz")
    if plain.exists():
        return plain.read_text()
    return gzip.open(packed, "rt").read() if packed.exists() else ""


def cases(models, only):
    for made in [*written_cases(), *map(random_case, range(RANDOM_CASES))]:
        yield made
    for directory in sorted(p for p in pathlib.Path(models).iterdir() if (p / "tokenizer_config.json").exists()):
        if not only or directory.name in only:
            yield from model_cases(directory.name, directory)


def ids(models, entry):
    """The ids of each text; None if the release refuses the files."""
    name = entry["tokenizer"]
    whole = MADE.get(name) or json.loads(text_of(pathlib.Path(models) / name, "tokenizer.json"))
    whole = whole | entry["parts"]
    if entry["added_tokens"] is not None:
        whole["added_tokens"] = entry["added_tokens"]
    directory = pathlib.Path(tempfile.mkdtemp())
    try:
        (directory / "tokenizer.json").write_text(json.dumps(whole))
        for file, content in entry["files"].items():
            (directory / file).write_text(json.dumps(content))
        tokenizer = AutoTokenizer.from_pretrained(str(directory))
        return [tokenizer(text, add_special_tokens=False)["input_ids"] for text in entry["texts"]]
    except Exception as e:
        print(entry["id"], type(e).__name__, e, file=sys.stderr)
        return None
    finally:
        shutil.rmtree(directory)


def main(models, out, only=""):
    path = pathlib.Path(out)
    only = set(only.removeprefix("--only=").split(",")) if only else set()
    lines = [json.loads(line) for line in path.open()] if path.exists() else [MADE, *cases(models, only)]
    for entry in lines[1:]:
        entry[MAJOR] = ids(models, entry)
    path.write_text("".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines))


main(*sys.argv[1:])
