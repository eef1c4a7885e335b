"""Generates random valid and invalid chat messages and records how pydantic reads them.

Regenerates src/test/resources/io/kvroute/tokenizer/parity/pydantic-messages.jsonl.gz:

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install pydantic==2.14.3 openai==3.54.0
    /tmp/venv/bin/python pydantic_messages.py 8000 | gzip -9n > .../pydantic-messages.jsonl.gz

The union is that with which vLLM 0.33 validates messages: OpenAI's types, then vLLM's own type for any role
(renderers/chat_utils/types.py). A line is {message, read} or {message, stage}. The stage is "request" if validation
fails, and "parse" if reading the content fails, which pydantic does lazily.
"""

import json
import random
import sys
from typing import Any, Literal, Union

from openai.types.chat import ChatCompletionContentPartInputAudioParam as InputAudioPart
from openai.types.chat import ChatCompletionContentPartParam as OpenAiPart
from openai.types.chat import ChatCompletionContentPartRefusalParam as RefusalPart
from openai.types.chat import ChatCompletionFunctionToolParam as Tool
from openai.types.chat import ChatCompletionMessageParam as OpenAiMessage
from openai.types.chat import ChatCompletionMessageToolCallParam as ToolCall
from pydantic import BaseModel, ConfigDict, model_validator
from typing_extensions import Required, TypedDict


class Unobtainable:
    """Represents an image in memory, which JSON cannot contain."""


def by_url(kind):
    url = TypedDict("Url", {"url": Required[str]}, total=False)
    return TypedDict(kind, {kind: Required[url], "type": Required[Literal[kind]]}, total=False)


def embeds(kind):
    payload = Union[str, dict[str, Union[str, list[Union[int, float]]]], None]
    fields = {kind: payload, "type": Required[Literal[kind]], "uuid": Union[str, None]}
    return TypedDict(kind, fields, total=False)


def loose(title, /, **fields):
    return TypedDict(title, fields, total=False)


class Pil(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    image_pil: Unobtainable


TEXT_OR_NONE = Union[str, None]
Part = Union[
    OpenAiPart,
    by_url("audio_url"),
    InputAudioPart,
    by_url("video_url"),
    RefusalPart,
    loose("PilImage", image_pil=Union[Pil, None], uuid=TEXT_OR_NONE),
    loose("SimpleImage", image_url=TEXT_OR_NONE, uuid=TEXT_OR_NONE),
    embeds("image_embeds"),
    embeds("audio_embeds"),
    embeds("video_embeds"),
    loose("PromptEmbeds", data=Required[str], type=Required[Literal["prompt_embeds"]]),
    loose("SimpleAudio", audio_url=TEXT_OR_NONE),
    loose("SimpleVideo", video_url=TEXT_OR_NONE, uuid=TEXT_OR_NONE),
    loose("ToolReference", name=str, type=Literal["tool_reference"]),
    loose("Think", thinking=Required[str], closed=bool, type=Required[Literal["thinking"]]),
    str,
]
AnyMessage = loose(
    "AnyMessage",
    role=Required[str],
    content=Union[str, list[Part]],
    name=str,
    tool_call_id=TEXT_OR_NONE,
    tool_calls=Union[list[ToolCall], None],
    reasoning=TEXT_OR_NONE,
    tools=Union[list[Tool], None],
    task=TEXT_OR_NONE,
)


class Request(BaseModel):
    model_config = ConfigDict(extra="allow")
    messages: list[Union[OpenAiMessage, AnyMessage]]

    @model_validator(mode="before")
    @classmethod
    def rename_reasoning(cls, data: Any) -> Any:
        for message in data["messages"]:
            older = message.pop("reasoning_content", None)
            if older is not None and message.get("reasoning") is None:
                message["reasoning"] = older
        return data

    @model_validator(mode="after")
    def read_calls(self) -> "Request":
        for message in self.messages:
            calls = message.get("tool_calls")
            if calls is not None and not isinstance(calls, list):
                message["tool_calls"] = list(calls)
        return self


def part(rnd):
    return rnd.choice(
        [
            {"type": "text", "text": "x"},
            {"type": "text", "text": ""},
            {"type": "text", "text": "x", "cache_control": {"type": "e"}},
            {"type": "text"},
            {"text": "x"},
            "bare",
            {"type": "refusal", "refusal": "no"},
            {"type": "image_url", "image_url": {"url": "http://a"}},
            {"type": "image_url", "image_url": "http://a"},
            {"image_url": "http://a"},
            {"type": "input_audio", "input_audio": {"data": "d", "format": "wav"}},
            {"type": "file", "file": {"file_id": "f"}},
            {"type": "thinking", "thinking": "t", "closed": True},
            {"type": "tool_reference", "name": "n"},
            {"type": "video_thing", "video": 1},
            {"type": "input_text", "text": "x"},
            {"type": "output_text", "text": "x"},
            5,
            None,
            {"type": "text", "text": 5},
            {"type": "text", "text": "x", "uuid": "u"},
            {"type": "image_url", "image_url": {"url": "u", "detail": "high"}, "uuid": None},
            {"type": "text", "text": "y", "name": "n"},
        ]
    )


def call(rnd):
    made = {"id": "i", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}}
    kind = rnd.randrange(8)
    if kind == 0:
        made["index"] = 0
    elif kind == 1:
        made.pop("id")
    elif kind == 2:
        made["type"] = "custom"
    elif kind == 3:
        made = {"id": "i", "type": "custom", "custom": {"name": "n", "input": "z"}}
    elif kind == 4:
        made["function"]["arguments"] = {"a": 1}
    elif kind == 5:
        made["function"]["extra"] = 1
    return made


def message(rnd):
    roles = ["user", "user", "assistant", "assistant", "system", "tool", "developer", "function", "critic"]
    made = {"role": rnd.choice(roles)}
    kind = rnd.randrange(10)
    if kind < 4:
        made["content"] = rnd.choice(["hi", ""])
    elif kind < 8:
        made["content"] = [part(rnd) for _ in range(rnd.randrange(4))]
    elif kind == 8:
        made["content"] = None
    if rnd.random() < 0.2:
        made["name"] = rnd.choice(["bob", None, 5])
    if rnd.random() < (0.7 if made["role"] == "tool" else 0.05):
        made["tool_call_id"] = rnd.choice(["c1", None])
    if rnd.random() < (0.5 if made["role"] == "assistant" else 0.05):
        made["tool_calls"] = rnd.choice([None, [], [call(rnd)], [call(rnd), call(rnd)]])
    if rnd.random() < 0.2:
        made[rnd.choice(["reasoning", "reasoning_content"])] = rnd.choice(["r", "", None, 5])
    if made["role"] == "developer" and rnd.random() < 0.5:
        tool = {"type": "function", "function": {"strict": True, "parameters": {}, "name": "n"}}
        made["tools"] = rnd.choice([None, [tool], [{"x": 1}]])
    for key, values in (("task", ["t", 3]), ("refusal", ["no", None, 4]), ("audio", [{"id": "a"}, 3]), ("extra", [1])):
        if rnd.random() < 0.06:
            made[key] = rnd.choice(values)
    items = list(made.items())
    rnd.shuffle(items)
    return dict(items)


def answer(made):
    line = {"message": json.loads(json.dumps(made))}
    try:
        read = Request(messages=[made]).messages[0]
    except Exception:
        return {**line, "stage": "request"}
    content = read.get("content")
    if content is not None and not isinstance(content, (str, list)):
        try:
            read["content"] = list(content)
        except Exception:
            return {**line, "stage": "parse"}
    return {**line, "read": read}


if __name__ == "__main__":
    seeded = random.Random(7)
    for _ in range(int(sys.argv[1])):
        print(json.dumps(answer(message(seeded))))
