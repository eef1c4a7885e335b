"""vLLM's scheduler with its block manager, driven step by step; given tokens stand for the model's."""

import os
from types import SimpleNamespace

import stand_ins

stand_ins.install(os.environ["VLLM_WHEEL"])

from vllm.utils.hashing import sha256
from vllm.v1.core.kv_cache_utils import get_request_block_hasher, init_none_hash
from vllm.v1.core.sched.scheduler import Scheduler
from vllm.v1.kv_cache_interface import FullAttentionSpec, KVCacheConfig, KVCacheGroupSpec
from vllm.v1.outputs import ModelRunnerOutput
from vllm.v1.request import Request, RequestStatus

init_none_hash(sha256)


class Unset(SimpleNamespace):
    """Has what it was given; everything else is None."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return None


def config(blocks, max_model_len, max_batched, max_seqs):
    """What the scheduler reads of vLLM's configuration: the defaults of an engine on a CPU."""
    return Unset(
        scheduler_config=Unset(
            max_num_seqs=max_seqs,
            max_num_batched_tokens=max_batched,
            long_prefill_token_threshold=0,
            policy="fcfs",
            watermark=0.0,
            scheduler_reserve_full_isl=True,
            enable_chunked_prefill=True,
        ),
        cache_config=Unset(num_gpu_blocks=blocks, enable_prefix_caching=True),
        model_config=Unset(max_model_len=max_model_len, runner_type="generate"),
        kv_events_config=Unset(enable_kv_cache_events=True, publisher="null"),
        parallel_config=Unset(
            data_parallel_index=0,
            decode_context_parallel_size=1,
            prefill_context_parallel_size=1,
            pipeline_parallel_size=1,
        ),
        observability_config=Unset(per_request_spec_decode_metrics="none"),
        aux_output_config=Unset(),
        ec_manager_config=Unset(get_encoder_cache_manager_obj=lambda: None),
        max_concurrent_batches=1,
        num_speculative_tokens=0,
        num_lookahead_tokens=0,
        num_prefill_lookahead_tokens=0,
        max_in_flight_tokens=max_batched,
    )


class Engine:
    def __init__(self, blocks, block_size, max_model_len, max_batched, max_seqs):
        spec = FullAttentionSpec(block_size=block_size, num_kv_heads=1, head_size=8, dtype=None)
        cache = KVCacheConfig(
            num_blocks=blocks, kv_cache_tensors=[], kv_cache_groups=[KVCacheGroupSpec(["layer"], spec)]
        )
        grammar = SimpleNamespace(accept_tokens=lambda request, tokens: True)
        self.scheduler = Scheduler(config(blocks, max_model_len, max_batched, max_seqs), cache, grammar, block_size)
        self.hasher = get_request_block_hasher(block_size, sha256)
        self.batches = []
        self.scheduler.kv_event_publisher = SimpleNamespace(publish=self.batches.append)
        self.answers = {}
        self.requests = {}

    def submit(self, n, prompt, answer, max_tokens, end_token=-1, salt=None):
        params = Unset(max_tokens=max_tokens, min_tokens=0, eos_token_id=end_token)
        request = Request(str(n), list(prompt), params, None, block_hasher=self.hasher, cache_salt=salt)
        request.structured_output_request = None
        request.status = RequestStatus.WAITING
        request.num_preemptions = 0
        self.requests[n] = (request, request.prefill_stats)
        self.answers[str(n)] = answer
        self.scheduler.add_request(request)

    def abort(self, n):
        self.scheduler.finish_requests([str(n)], RequestStatus.FINISHED_ABORTED)

    def reset(self):
        return self.scheduler.reset_prefix_cache()

    def preemptions(self):
        return sum(request.num_preemptions for request, _ in self.requests.values())

    def cached_tokens(self, n):
        """The tokens found when the request was first admitted, as the engine reports them."""
        return self.requests[n][1].num_cached_tokens

    def step(self, while_it_runs):
        """Runs one step like EngineCore.step. Returns (tokens by request, events, outputs)."""
        scheduled = self.scheduler.schedule()
        ids = list(scheduled.num_scheduled_tokens)
        sampled = []
        for i in ids:
            request = self.scheduler.requests[i]
            done = request.num_computed_tokens >= request.num_tokens
            sampled.append([self.answers[i][request.num_output_tokens]] if done else [])
        while_it_runs(scheduled.total_num_scheduled_tokens)
        output = ModelRunnerOutput(
            req_ids=ids, req_id_to_index={r: i for i, r in enumerate(ids)}, sampled_token_ids=sampled
        )
        outputs = self.scheduler.update_from_output(scheduled, output)
        events = [event for batch in self.batches for event in batch.events]
        self.batches.clear()
        return (
            {int(i): n for i, n in scheduled.num_scheduled_tokens.items()},
            events,
            outputs[0].outputs if 0 in outputs else [],
        )
