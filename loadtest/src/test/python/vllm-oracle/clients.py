"""Draws the requests of a chat service's clients from a seed.

A text is a list of pairs [segment, length]: the first tokens of a numbered, endless segment.
"""

import random


def tokens(text):
    return [(segment * 2654435761 + i * 40503) // 128 % 150001 for segment, length in text for i in range(length)]


DEFAULTS = dict(
    clients=8,  # number of clients, which send at the same time
    conversations=40,
    systems=4,  # different system prompts
    system=(0, 300),  # range of their lengths in tokens; likewise below
    user=(1, 120),
    answer=(1, 120),
    turns=(1, 6),
    think=(0, 200_000),  # microseconds before the next turn
    exact=0.0,  # share of prompts that end with a full block
    repeat=0.0,  # share of requests that repeat an earlier prompt
    burst=0.0,  # share of requests that are sent several times at once
    one=0.0,  # share of answers of one token
    long=0.0,  # share of long turns
    long_user=(0, 0),
    stop=0.0,  # share of answers that end with an end token before their limit
    abort=0.0,  # share of requests whose client may disconnect
    edit=0.0,  # share of turns that replace the last answer
    cut=0.0,  # share of answers whose end is missing in the next turn
    salted=0.0,  # share of conversations with a cache salt
    reset=0.0,  # share of requests to an idle engine whose cache is reset first
)


class Clients:
    """Decides which request is sent first, and which after an answer."""

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
        """Returns the number of the conversation's next request, or None at its end."""
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
        """Cuts a text to at most so many tokens; sometimes extends it to whole blocks."""
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
