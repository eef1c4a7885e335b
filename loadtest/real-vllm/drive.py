"""Sends the traffic of a shape to one URL and records the result of each request."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from openai import AsyncOpenAI

from workload import Conversation, Traffic

MODEL = "qwen3"
ANSWER_TOKENS = 16
TIMEOUT_S = 120


@dataclass(frozen=True)
class Request:
    """One request: its messages, when it was sent (Unix seconds), and its answer or the error."""

    conversation: int
    group: int
    turn: int
    messages: list[dict[str, str]]
    sent_at: float
    answer: str = ""
    ttft_ms: float = 0
    e2e_ms: float = 0
    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    error: str | None = None


async def drive(
    url: str, traffic: Traffic, with_usage: bool = False, on_failure: Callable[[], object] = lambda: None
) -> list[Request]:
    """All requests in the order in which they were sent.

    on_failure is called after each that failed; what it raises ends the run.
    with_usage asks for the token counts too, which changes the requests a little.
    """
    limit = asyncio.Semaphore(traffic.at_once)
    done: list[Request] = []

    async def converse(client: AsyncOpenAI, conversation: Conversation) -> None:
        messages = [{"role": "system", "content": conversation.system}]
        for number, turn in enumerate(conversation.turns):
            messages.append({"role": "user", "content": turn.text})
            await asyncio.sleep(turn.pause_s)
            async with limit:
                request = await _send(client, conversation, number, list(messages), with_usage)
            done.append(request)
            if request.error:
                on_failure()
            messages.append({"role": "assistant", "content": request.answer})

    async with AsyncOpenAI(base_url=url + "/v1", api_key="x", max_retries=0, timeout=TIMEOUT_S) as client:
        for batch in traffic.batches:
            await asyncio.gather(*(converse(client, conversation) for conversation in batch))
    return sorted(done, key=lambda request: request.sent_at)


async def _send(
    client: AsyncOpenAI, of: Conversation, turn: int, messages: list[dict[str, str]], with_usage: bool
) -> Request:
    extra: dict[str, Any] = {"stream_options": {"include_usage": True}} if with_usage else {}
    sent_at, start = time.time(), time.perf_counter()
    create: Any = client.chat.completions.create  # its type overloads do not accept options as a mapping
    first, answer, usage, error = None, "", None, None
    try:
        async for chunk in await create(
            model=MODEL, messages=messages, max_tokens=ANSWER_TOKENS, temperature=0, stream=True, **extra
        ):
            usage = chunk.usage or usage
            if chunk.choices and chunk.choices[0].delta.content:
                first = first or time.perf_counter()
                answer += chunk.choices[0].delta.content
    except Exception as e:  # whatever went wrong, the request failed
        error = repr(e)[:200]
    end = time.perf_counter()
    details = usage and usage.prompt_tokens_details
    return Request(
        of.number,
        of.group,
        turn,
        messages,
        sent_at,
        answer,
        ((first or end) - start) * 1000,
        (end - start) * 1000,
        usage.prompt_tokens if usage else None,
        (details.cached_tokens or 0) if details else None,
        error,
    )
