"""Generates random valid and invalid chat requests, one per line: {id, body: the request as JSON text}.

Usage: python3 request_fuzz.py SEED COUNT > cases.jsonl, then engine_oracle.py.
"""

import json
import random
import sys

from request_pools import ARGUMENTS, CHARACTERS, FIELDS, KEYS, NUMBERS, ODD, PARTS, SPACES, SPECIALS, SURROGATES
from request_pools import TEMPLATE_ARGUMENTS, TEMPLATES, WORDS


class Maker:
    def __init__(self, seed):
        self.rng = random.Random(seed)

    def chance(self, probability):
        return self.rng.random() < probability

    def pick(self, *options):
        return self.rng.choice(options)

    def some(self, pool):
        """Picks one entry of a pool and copies it."""
        return json.loads(json.dumps(self.rng.choice(pool)))

    def shuffled(self, made):
        items = list(made.items())
        self.rng.shuffle(items)
        return dict(items)

    def text(self):
        if self.chance(0.4):
            return self.pick("Hello!", "What is 2+2?", "go", "  spaced  ", "line1\nline2", "trail \n", "", " ")
        pools = self.rng.choices([WORDS, CHARACTERS, SPACES, SPECIALS], [5, 2, 1, 1], k=self.rng.randrange(1, 20))
        text = "".join(self.some(pool) + self.pick("", "", " ") for pool in pools)
        return text + self.some(SURROGATES) if self.chance(0.01) else text

    def value(self, depth=0):
        kind = self.rng.randrange(6 if depth < 4 else 4)
        if kind == 4:
            return [self.value(depth + 1) for _ in range(self.rng.randrange(4))]
        if kind == 5:
            return {self.some(KEYS): self.value(depth + 1) for _ in range(self.rng.randrange(4))}
        return [self.text(), self.some(NUMBERS), self.pick(None, True, False), self.text()][kind]

    def json_text(self, value):
        style = self.pick({}, {"ensure_ascii": False}, {"indent": 2}, {"separators": (",", ":")})
        return json.dumps(value, **style) + self.pick("", "", " \n")

    def call(self):
        arguments = self.some(ARGUMENTS) if self.chance(0.3) else self.json_text({"city": self.value(), "b": self.value()})
        function = self.shuffled({"name": self.pick("get_weather", "f", "", "naïve"), "arguments": arguments})
        made = {"id": self.pick("call_0001A", "abcdef123", ""), "type": "function", "function": function}
        if self.chance(0.04):
            self.pick(made, function)[self.pick("index", "strict", "name", "type")] = self.some(ODD)
        return self.shuffled(made) if self.chance(0.5) else made

    def schema(self, depth=0):
        made = {"type": self.pick("string", "integer", "object", "array", ["number", "null"])}
        if self.chance(0.5):
            made["description"] = self.text()
        if self.chance(0.3):
            made[self.pick("enum", "default", "minimum", "x-custom")] = self.value(2)
        if depth < 3 and self.chance(0.5):
            made["properties"] = {self.some(KEYS): self.schema(depth + 1) for _ in range(2)}
        return self.shuffled(made)

    def tool(self):
        function = {"name": self.pick("get_weather", "f", self.text()), "description": self.text(), "parameters": self.schema()}
        if self.chance(0.3):
            function.pop(self.pick("description", "parameters"))
        if self.chance(0.3):
            function[self.pick("strict", "defer_loading", "return", "extra")] = self.pick(True, False, None, {"type": "string"})
        made = {"type": "function", "function": self.shuffled(function)}
        if self.chance(0.03):
            self.pick(made, function)[self.pick("name", "type", "defer_loading", "parameters")] = self.some(ODD)
        return self.shuffled(made)

    def content(self):
        if self.chance(0.7):
            return self.text()
        if self.chance(0.95):
            return [self.some(PARTS) if self.chance(0.15) else {"type": "text", "text": self.text()} for _ in range(self.rng.randrange(4))]
        return self.some(ODD)

    def message(self, role):
        made = {"role": role, "content": self.content()}
        if role == "tool":
            made["tool_call_id"] = self.pick("call_0001A", "abcdef123")
        if role == "assistant" and self.chance(0.35):
            made["tool_calls"] = [self.call() for _ in range(self.rng.randrange(3))]
            made["content"] = self.pick(None, "", made["content"])
        if role == "assistant" and self.chance(0.3):
            made[self.pick("reasoning", "reasoning_content")] = self.pick("because\n", "", None, self.text(), self.text(), self.some(ODD))
        if self.chance(0.04):
            keys = ("name", "tools", "task", "tool_calls", "refusal", "audio", "function_call", "prefix", "tool_call_id")
            made[self.pick(*keys)] = self.some(ODD)
        if self.chance(0.01):
            made.pop(self.pick(*made))
        return self.shuffled(made) if self.chance(0.3) else made

    def conversation(self):
        messages = [self.message(self.pick("system", "developer"))] if self.chance(0.4) else []
        for _ in range(self.rng.randrange(1, 5)):
            messages.append(self.message("user"))
            if self.chance(0.8):
                messages.append(self.message("assistant"))
                calls = messages[-1].get("tool_calls")
                answered = len(calls) if isinstance(calls, list) else 0
                messages += [self.message("tool") for _ in range(answered)]
            if self.chance(0.1):
                messages.append(self.message(self.pick("system", "developer", "function", "critic", "tool", "user")))
        return messages + [self.message("user")] if self.chance(0.7) else messages

    def request(self):
        made = {"model": "m", "messages": self.conversation()}
        if self.chance(0.35):
            made["tools"] = [self.tool() for _ in range(self.rng.randrange(1, 4))]
        if self.chance(0.15):
            made["chat_template_kwargs"] = {self.some(TEMPLATE_ARGUMENTS): self.some(ODD) for _ in range(self.rng.randrange(1, 3))}
        if self.chance(0.1):
            made["reasoning_effort"] = self.pick("none", "low", "high", "max", None, "ultra")
        if self.chance(0.1):
            made["documents"] = self.pick([], [{"title": "T", "text": self.text()}], [{"a": 1}], None)
        if self.chance(0.15):
            made.update(add_generation_prompt=False, continue_final_message=self.chance(0.8))
        if self.chance(0.1):
            made["chat_template"] = self.some(TEMPLATES)
        if self.chance(0.1):
            made["add_special_tokens"] = True
        if self.chance(0.08):
            named = {"type": "function", "function": {"name": self.pick("f", "get_weather")}}
            made["tool_choice"] = self.pick("none", "auto", "required", named, self.some(ODD))
        if self.chance(0.12):
            made[self.some(FIELDS)] = self.some(ODD)
        if self.chance(0.02):
            made[self.pick("messages", "tools", "documents", "chat_template", "chat_template_kwargs")] = self.some(ODD)
        return made


def main(seed, count):
    for number in range(count):
        case = f"{seed}-{number}"
        print(json.dumps({"id": case, "body": json.dumps(Maker(case).request())}))


main(sys.argv[1], int(sys.argv[2]))
