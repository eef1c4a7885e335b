"""Computes the best possible hit rate of a workload from the token ids of its prompts."""

from typing import Any

from drive import Request

BLOCK_SIZE = 32


class Ceiling:
    """Replays requests on caches that never evict.

    An engine finds the leading full blocks of a prompt that it computed before, never the block of the last token, and
    keeps those of the answer too, except for the last token's.
    """

    def __init__(self, model: str, engines: int) -> None:
        self._engines = engines
        # Imported here because it takes seconds; errors in arguments should show before that.
        import transformers

        transformers.logging.set_verbosity_error()  # it warns of the tokenizer's pattern, which vLLM uses as it is
        self._tokenizer: Any = transformers.AutoTokenizer.from_pretrained(model)

    def percent(self, requests: list[Request]) -> tuple[float, float]:
        """Hit rates with each group on one engine, and with every group spread over all engines in turn."""
        prompts = [self._prompt(r.messages) for r in requests]
        answers = [self._answer(r.answer) for r in requests]
        members: dict[int, list[int]] = {}
        for group, conversation in sorted({(r.group, r.conversation) for r in requests}):
            members.setdefault(group, []).append(conversation)
        dealt = [members[r.group].index(r.conversation) % self._engines for r in requests]
        return _hit(prompts, answers, [0] * len(requests)), _hit(prompts, answers, dealt)

    def _prompt(self, messages: list[dict[str, str]]) -> list[int]:
        text = self._tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False)
        return ids

    def _answer(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False)
        return ids


def _hit(prompts: list[list[int]], answers: list[list[int]], engine_of: list[int]) -> float:
    caches: dict[int, set[tuple[int, ...]]] = {}
    hits = 0
    for prompt, answer, engine in zip(prompts, answers, engine_of, strict=True):
        cache = caches.setdefault(engine, set())
        blocks = 0
        while blocks < (len(prompt) - 1) // BLOCK_SIZE and tuple(prompt[: (blocks + 1) * BLOCK_SIZE]) in cache:
            blocks += 1
        hits += blocks * BLOCK_SIZE
        computed = prompt + answer[:-1]
        for end in range(BLOCK_SIZE, len(computed) + 1, BLOCK_SIZE):
            cache.add(tuple(computed[:end]))
    return 100 * hits / sum(len(prompt) for prompt in prompts)
