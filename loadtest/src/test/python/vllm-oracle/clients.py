"""Requests as clients of a chat service send them, drawn from a seed.

A text is a list of [segment, length]: each the first tokens of a numbered, endless segment.
"""

import random


def tokens(text):
    return [(segment * 2654435761 + i * 40503) // 128 % 150001 for segment, length in text for i in range(length)]


DEFAULTS = dict(
    clients=8,  # that send at once
    conversations=40,
    systems=4,  # different system prompts
    system=(0, 300),  # their lengths, and so on: tokens
    user=(1, 120),
    answer=(1, 120),
    turns=(1, 6),
    think=(0, 200_000),  # microseconds before the next turn
    exact=0.0,  # share of prompts that fill their last block
    repeat=0.0,  # of requests that repeat a prompt sent before
    burst=0.0,  # of requests sent several times at once
    one=0.0,  # of answers of one token
    long=0.0,  # of long turns
    long_user=(0, 0),
    stop=0.0,  # of answers that end by themselves, not at their limit
    abort=0.0,  # of requests whose client may leave
    edit=0.0,  # of turns that replace the last answer
    cut=0.0,  # of answers whose end the next turn leaves out
    salted=0.0,  # of conversations with a cache salt
    reset=0.0,  # of requests to an idle engine before which its cache is reset
)


class Clients:
    """Decides what is sent, and what is sent after an answer."""

    def __init__(self, seed, block_size, max_tokens, **options):
        self.random = random.Random(seed)
        self.options = {**DEFAULTS, **options}
        self.block_size = block_size
        self.max_tokens = max_tokens
        self.segments = 0
        self.systems = [self.segment(self.pick("system")) for _ in range(self.options["systems"])]
        self.left = self.options["conversations"]
        self.requests = []

    def chance(self, name):
        return self.random.random() < self.options[name]

    def pick(self, name):
        return self.random.randint(*self.options[name])

    def segment(self, length):
        self.segments += 1
        return [self.segments, length]

    def conversation(self):
        self.left -= 1
        return {
            "text": [list(self.random.choice(self.systems))],
            "turns": self.pick("turns"),
            "salt": "s%d" % self.random.randint(0, 2) if self.chance("salted") else None,
        }

    def ask(self, conversation):
        """The number of the conversation's next request; None at its end."""
        if conversation["turns"] == 0:
            return None
        conversation["turns"] -= 1
        text, salt = conversation["text"], conversation["salt"]
        if self.requests and self.chance("repeat"):
            earlier = self.random.choice(self.requests[-30:])
            prompt, salt = earlier["prompt"], earlier.get("salt")
        else:
            if len(text) > 2 and self.chance("edit"):
                text = text[:-1]
            prompt = text + [self.segment(self.pick("long_user" if self.chance("long") else "user"))]
        answer = self.segment(1 if self.chance("one") else self.pick("answer"))
        prompt = self.fitted(prompt, self.max_tokens - 1 - answer[1])
        conversation["text"] = prompt
        request = {"prompt": prompt, "answer": answer}
        if salt:
            request["salt"] = salt
        answer_tokens = tokens([answer])
        if self.chance("stop") and answer_tokens.count(answer_tokens[-1]) == 1:
            request["end"] = answer_tokens[-1]
        self.requests.append(request)
        return len(self.requests) - 1

    def fitted(self, text, room):
        """At most so many tokens, and sometimes whole blocks."""
        fitted = []
        for segment, length in text:
            length = min(length, room)
            room -= length
            if length > 0:
                fitted.append([segment, length])
        if self.chance("exact"):
            missing = -sum(length for _, length in fitted) % self.block_size
            fitted[-1][1] += missing if missing <= room else 0
        return fitted

    def again(self, n):
        self.requests.append(dict(self.requests[n]))
        return len(self.requests) - 1

    def answered(self, conversation, n, generated):
        kept = generated - (self.random.randint(1, 20) if self.chance("cut") else 0)
        if kept > 0:
            conversation["text"] = conversation["text"] + [[self.requests[n]["answer"][0], kept]]
