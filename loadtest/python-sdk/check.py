"""OpenAI's Python SDK through a running router: chat, stream, tools, completions, models, errors.

usage: check.py BASE_URL MODEL        (BASE_URL as the SDK takes it, ending in /v1)
Prints a line for each check and ends with exit code 1 at the first that fails.
"""

import sys

import openai


def whole_answer(client, model):
    answer = client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "Say something."}], max_tokens=8
    )
    assert answer.choices[0].message.content, answer
    assert answer.usage.completion_tokens == 8, answer.usage
    assert answer.usage.prompt_tokens > 0, answer.usage


def streamed_answer_equals_its_parts(client, model):
    stream = client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": "Tell me a story."}],
        max_tokens=16,
        stream=True,
        stream_options={"include_usage": True},
    )
    text, usage, finish = "", None, None
    for chunk in stream:
        usage = chunk.usage or usage
        for choice in chunk.choices:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
    assert text and finish == "length", (text, finish)
    assert usage.completion_tokens == 16, usage


def second_turn_is_cached(client, model):
    long_text = "The policy of this house is long and must be read with care. " * 40
    messages = [{"role": "user", "content": long_text}]
    first = client.chat.completions.create(model=model, messages=messages, max_tokens=8)
    messages.append({"role": "assistant", "content": first.choices[0].message.content})
    messages.append({"role": "user", "content": "And then?"})
    second = client.chat.completions.create(model=model, messages=messages, max_tokens=8)
    cached = second.usage.prompt_tokens_details.cached_tokens
    assert cached > first.usage.prompt_tokens - 32, (cached, first.usage)


def tools_come_back_as_calls(client, model):
    tool = {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "The weather in a city.",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
        },
    }
    answer = client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": "Weather in Oslo?"}],
        tools=[tool],
        tool_choice={"type": "function", "function": {"name": "get_weather"}},
    )
    call = answer.choices[0].message.tool_calls[0]
    assert call.function.name == "get_weather", answer


def completion_from_text(client, model):
    answer = client.completions.create(model=model, prompt="Once upon a time", max_tokens=5)
    assert answer.choices[0].text, answer


def models_are_listed(client, model):
    assert model in [entry.id for entry in client.models.list()]


def unknown_model_is_not_found(client, model):
    try:
        client.chat.completions.create(
            model="no-such-model", messages=[{"role": "user", "content": "hi"}]
        )
    except openai.NotFoundError as error:
        assert "no-such-model" in error.message, error
    else:
        raise AssertionError("no error for an unknown model")


def missing_messages_are_a_bad_request(client, model):
    try:
        client.post("/chat/completions", body={"model": model}, cast_to=object)
    except openai.BadRequestError as error:
        assert "messages" in error.message, error
    else:
        raise AssertionError("no error for missing messages")


CHECKS = [
    whole_answer,
    streamed_answer_equals_its_parts,
    second_turn_is_cached,
    tools_come_back_as_calls,
    completion_from_text,
    models_are_listed,
    unknown_model_is_not_found,
    missing_messages_are_a_bad_request,
]


def main():
    client = openai.OpenAI(base_url=sys.argv[1], api_key="unused", max_retries=0, timeout=30)
    for check in CHECKS:
        check(client, sys.argv[2])
        print("ok", check.__name__)


if __name__ == "__main__":
    main()
