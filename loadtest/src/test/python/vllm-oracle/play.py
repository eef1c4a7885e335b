"""Plays clients' requests on an engine and records its steps."""

import heapq
import zlib

from clients import Clients, tokens
from vllm_engine import Engine

STEP_MICROS = 2_000
TOKEN_MICROS = 20


class Play:
    def __init__(self, name, seed, blocks, block_size, max_batched=2048, max_seqs=256, max_model_len=None, **clients):
        room = (blocks - 1) * block_size
        self.engine_size = dict(
            blocks=blocks,
            block_size=block_size,
            max_model_len=min(max_model_len or room, room),
            max_batched=max_batched,
            max_seqs=max_seqs,
        )
        self.name, self.seed = name, seed
        self.engine = Engine(**self.engine_size)
        self.clients = Clients(seed, block_size, self.engine_size["max_model_len"], **clients)
        self.now = 0
        self.pending = []  # (time, order, action, arguments)
        self.order = 0
        self.stepping = False
        self.arrived = []  # requests that arrived during a step; the engine gets them after it
        self.alive = {}  # conversations, by request
        self.ops, self.steps, self.events = [], [], []
        self.labels = {}  # numbers of blocks, by hash

    def run(self):
        for _ in range(self.clients.options["clients"]):
            self.after(self.clients.pick("think"), self.begin)
        while self.pending or self.alive:
            if not self.alive:
                self.now = max(self.now, self.pending[0][0])
            self.act(self.now)
            if self.alive:
                self.step()
                if not self.alive:
                    self.ops.append("idle")
        return self

    def after(self, micros, action, *arguments):
        self.order += 1
        heapq.heappush(self.pending, (self.now + micros, self.order, action, arguments))

    def act(self, until):
        while self.pending and self.pending[0][0] <= until:
            self.now, _, action, arguments = heapq.heappop(self.pending)
            action(*arguments)

    def begin(self):
        if self.clients.left > 0:
            self.turn(self.clients.conversation())

    def turn(self, conversation):
        n = self.clients.ask(conversation)
        if n is None:
            self.after(self.clients.pick("think"), self.begin)
            return
        if not self.alive and self.clients.chance("reset"):
            assert self.engine.reset()
            self.ops.append("reset")
        self.send(n, conversation)
        if self.clients.chance("burst"):
            for _ in range(self.clients.random.randint(1, 5)):
                self.send(self.clients.again(n), None)
        if self.clients.chance("abort"):
            self.after(self.clients.random.randint(1_000, 400_000), self.leave, n)

    def send(self, n, conversation):
        self.ops.append("+%d" % n)
        self.clients.requests[n].update(sent=self.now, generated=0)
        self.alive[n] = conversation
        if self.stepping:
            self.arrived.append(n)
        else:
            self.submit(n)

    def submit(self, n):
        request = self.clients.requests[n]
        answer = tokens([request["answer"]])
        ends = "end" in request
        limit = len(answer) + (50 if ends else 0)
        self.engine.submit(n, tokens(request["prompt"]), answer, limit, request.get("end", -1), request.get("salt"))

    def leave(self, n):
        if n not in self.alive:
            return
        self.ops.append("-%d" % n)
        self.clients.requests[n]["left"] = True
        if n in self.arrived:
            self.arrived.remove(n)
        else:
            self.engine.abort(n)
        self.ended(n)

    def ended(self, n):
        request = self.clients.requests[n]
        request["finished"] = self.now
        if request["generated"]:
            request["cached"] = self.engine.cached_tokens(n)
        conversation = self.alive.pop(n)
        if conversation is not None:
            self.clients.answered(conversation, n, request["generated"])
            self.after(self.clients.pick("think"), self.turn, conversation)

    def step(self):
        self.ops.append("step")
        begun = self.now
        preemptions = self.engine.preemptions()
        end = begun

        def while_it_runs(total_tokens):
            nonlocal end
            end = begun + STEP_MICROS + TOKEN_MICROS * total_tokens
            self.stepping = True
            self.act(end)
            self.stepping = False

        scheduled, events, outputs = self.engine.step(while_it_runs)
        self.now = end
        preemptions = self.engine.preemptions() - preemptions
        parts = [" ".join("%d:%d" % part for part in scheduled.items())]
        parts += ["P %d" % preemptions] if preemptions else []
        self.steps.append("|".join(parts + [self.describe(event) for event in events]))
        self.events.append(events)
        for n in self.arrived:
            self.submit(n)
        self.arrived.clear()
        for output in outputs:
            n = int(output.request_id)
            request = self.clients.requests[n]
            request["generated"] += len(output.new_token_ids)
            request.setdefault("first", self.now)
            if output.finish_reason is not None:
                self.ended(n)

    def describe(self, event):
        kind = type(event).__name__
        if kind == "BlockStored":
            parent = "" if event.parent_block_hash is None else self.labels[event.parent_block_hash]
            blocks = [self.labels.setdefault(h, len(self.labels)) for h in event.block_hashes]
            checksum = zlib.crc32(b"".join(token.to_bytes(4, "big") for token in event.token_ids))
            return "S%s>%s#%08x" % (parent, ",".join(map(str, blocks)), checksum)
        if kind == "BlockRemoved":
            return "R" + ",".join(str(self.labels[h]) for h in event.block_hashes)
        return "C"

    def result(self):
        return dict(
            name=self.name,
            seed=self.seed,
            **self.engine_size,
            requests=self.clients.requests,
            ops=self.ops,
            steps=self.steps,
        )
