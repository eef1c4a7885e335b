"""Words, characters and values that have caused, or may cause, a request to be read wrongly."""

WORDS = (
    "the quick brown fox don't I'M we'Ll they’re x=1 foo_bar camelCase HTTPServer 3.14 12345 1,000,000 0x1F naïve façade "
    "данные Москва 東京 http://a.b/c?d=e&f=%20 C:\\path \\n \\u0041 {{ x }} {% if %} {# c #} <b>&amp;</b> \" ' ` ~ ! @ # $ "
    "% ^ & * ( ) _ + - = [ ] { } | ; : , . / < > ? !!! ... --- ``` 1+1=2 :-D 50% e.g. U.S.A. ''' // null true []"
).split(" ")

SPECIALS = (
    "<|im_start|> <|im_end|> <|endoftext|> <s> </s> <unk> <pad> [INST] [/INST] [TOOL_CALLS] [AVAILABLE_TOOLS] "
    "[/AVAILABLE_TOOLS] [TOOL_RESULTS] <bos> <eos> <start_of_turn> <end_of_turn> <unused1> <|begin_of_text|> <|eot_id|> "
    "<|start_header_id|> <|python_tag|> <|user|> <|assistant|> <|system|> <|end|> <｜begin▁of▁sentence｜> <｜User｜> "
    "<｜Assistant｜> <｜tool▁calls▁begin｜> <think> </think> <tool_call> </tool_call> <tool_response> <|start|> <|channel|> "
    "<|message|> <|call|> <|return|> <|vision_start|> <|image_pad|> <|fim_prefix|> <image_soft_token> <mask> <0x0A> ▁ ▁▁a"
).split(" ")

CHARACTERS = (
    "é e\u0301 Å A\u030a ﬀ Ⅳ ² ㎏ ｱ 한국어 \u1112\u1161\u11ab 你好 日本語 مرحبا שלום \u200f \u202e \u200b \u200d \ufeff "
    "👨\u200d👩\u200d👧\u200d👦 🇩🇪 👍🏽 😀 𝕏 𐍈 \U0010ffff \U000e0001 \ufffd \uffff \u180e ß ẞ İ ı ŉ ΐ Σς \u0344 \u2126 \u0958 "
    "\u1e9b\u0323 ก็ नमस्ते ක්\u200dෂ \u0300\u0301 \x00 \x01 \x08 \x1b \x7f \x80 \x9f ½ ٣ ४ 〇 ① １２ “ ” ‘ ’ — … € « » "
    "\u00ad \u2060 \u061c \U0001f1e6 1\ufe0f\u20e3"
).split(" ")

SPACES = [" ", "  ", "\t", "\n", "\r\n", "\r", "\n\n", "\n \n", " \n", " " * 16, "\n" * 5, "\x0b", "\x0c", "\x1c"]
SPACES += ["\x85", "\xa0", "\u1680", "\u2003", "\u2028", "\u2029", "\u205f", "\u3000"]

SURROGATES = ["\ud800", "\udc00", "\udbff", "\udfff"]

NUMBERS = [0, 1, -1, 42, 2**53 + 1, 2**63, -(2**63), -(2**63) - 1, 12345678901234567890123, 0.0, -0.0, 1.0, 0.1, 1 / 3]
NUMBERS += [1e5, 1e15, 1e16, 1e17, 1e22, 1e-4, 1e-5, 1e-7, 123456789.123, 5e-324, 1.7976931348623157e308]

KEYS = ["a", "b", "city", "unit", "name", "type", "x y", "", "ключ", 'k"q', "k\nl", "items", "properties", "get", "content"]

ARGUMENTS = [
    "", "{}", " ", "{", "null", "true", "1", '"s"', "[]", "[{}]", '{"a":}', '{"a":1,}', "{'a':1}", '{"a":NaN}', '{"a":-NaN}',
    '{"a":Infinity,"b":-Infinity}', '{"a":1}x', '\ufeff{"a":1}', '{"a":01}', '{"a":1.}', '{"a":.5}', '{"a":+1}', '{"a":1e}',
    '{"a":1E400}', '{"a":-1e-400}', '{"a":"\\x"}', '{"a":"\t"}', '{"a":"\\ud83d\\ude00"}', '{"a":"\\ud83d"}', '{"\\ud800":1}',
    '{"a":"\\u12"}', '{"a":1,"b":2,"a":3}', '{"a":1}\u00a0', "// c\n{}", '{"a":"\u2028"}', '{"a":"\x00"}', '{"a":tru}',
    '{"a":' + "9" * 400 + "}", '{"a":0.1000000000000000055511151231257827}', '{"a":-0,"b":-0.0,"c":0e5}', '{"a":1_000}',
    "[" * 30 + "]" * 30, '{"a":' * 40 + "1" + "}" * 40,
]

PARTS = [
    {"type": "text", "text": ""}, {"type": "text", "text": " "}, {"type": "text", "text": "c", "cache_control": {"a": 1}},
    {"text": "t", "type": "text"}, {"type": "text", "text": "e", "extra": [1, {"z": None}]}, {"type": "text"},
    {"text": "no type"}, {"type": "text", "text": None}, {"type": "text", "text": 5}, {"type": "text", "text": False},
    {"type": "text", "text": ["a"]}, "bare", "", {"type": "refusal", "refusal": "no"}, {"type": "refusal", "refusal": ""},
    {"type": "refusal"}, {"type": "thinking", "thinking": "t", "closed": True}, {"type": "thinking", "thinking": ""},
    {"type": "thinking"}, {"type": "tool_reference", "name": "n"}, {"type": "tool_reference"},
    {"type": "tool_reference", "name": 5}, {"type": "input_text", "text": "it"}, {"type": "output_text"},
    {"type": "video_thing", "video": "x"}, {"type": ""}, {"type": None, "text": "x"}, {"type": 5}, {}, None, 5, [],
    {"type": "text", "text": "u", "uuid": None}, {"type": "text", "text": "n", "name": "n"}, {"type": "json", "json": {}},
    {"type": "text", "text": "x", "thinking": "y"}, {"type": "text", "content": "x"}, {"type": "text", "text": "\ud800"},
]

ODD = [
    None, True, False, 0, 1, -1, 2, 0.5, 1.0, 1e22, 2**63, -(2**63) - 1, 12345678901234567890123, "", " ", "x", "true", "FALSE",
    "on", "0", " 5 ", "1.0", "5_0", "1e3", "nan", "auto", "none", "null", "low", "left", "a@b", [], {}, [None], ["a"],
    ["a", "b"], [1], [1.5], {"a": 1}, {"a": "b"}, [[]], [{}], {"1": 0.5}, {"1": None}, "\ud800",
    {"type": "text", "text": "t"}, [{"type": "text", "text": "t"}], {"include_usage": True}, {"type": "json_object"},
    {"type": "json_schema"}, {"type": "json_schema", "json_schema": {"name": "n"}}, {"regex": "a"}, {"json": {}, "regex": "a"},
    {"max_pattern_size": 3, "min_count": 2}, {"image": {"a": 1}}, {"a": [1, "b", 0.5]},
]

# Fields that only control sampling; request_fuzz.py generates all other fields itself.
FIELDS = (
    "model frequency_penalty logit_bias logprobs top_logprobs max_tokens max_completion_tokens n presence_penalty seed stop "
    "stream stream_options temperature top_p thinking_token_budget include_reasoning user use_beam_search top_k min_p "
    "repetition_penalty watermarking length_penalty stop_token_ids include_stop_str_in_output ignore_eos min_tokens "
    "skip_special_tokens spaces_between_special_tokens truncate_prompt_tokens truncation_side prompt_logprobs "
    "logprob_token_ids allowed_token_ids bad_words echo structured_outputs priority request_id session_id "
    "return_tokens_as_token_ids return_token_ids return_weight_versions routed_experts_prompt_start return_token_offsets "
    "return_prompt_text mm_payload return_mm_kwargs cache_salt kv_transfer_params ec_transfer_params vllm_xargs "
    "repetition_detection stream_interval media_io_kwargs mm_processor_kwargs response_format parallel_tool_calls"
).split(" ")

TEMPLATE_ARGUMENTS = (
    "enable_thinking thinking date_string custom_tools builtin_tools bos_token eos_token add_generation_prompt "
    "continue_final_message documents tools reasoning_effort model_identity messages conversation chat_template tokenize "
    "return_dict foo strftime_now raise_exception loop namespace content return_assistant_tokens_mask "
    "self model_config tokenizer role"
).split(" ")

TEMPLATES = [
    "{% for m in messages %}{{ m.role }}:{{ m.content }}{{ eos_token }}\n{% endfor %}",
    "{%- for m in messages -%}\n  {{- '<' + m['role'] + '>' + m['content'] | trim + '</s>' -}}\n{%- endfor -%}",
    "{% for message in messages %}{% for c in message.content %}[{{ c.type }}:{{ c.text }}]{% endfor %}|{% endfor %}",
    "{% macro show(x) %}{% for p in x %}{{ p.text }}{% endfor %}{% endmacro %}{% for m in messages %}{{ show(m.content) }}{% endfor %}",
    "{% set ns = namespace(rest=messages[1:]) %}{% for m in ns.rest %}{% for p in m.content %}{{ p }}{% endfor %}{% endfor %}",
    "{{ messages | tojson }}", "{{ messages }}", "{{ tools|tojson(indent=2) }}{{ documents }}", "{{ messages[99] }}",
    "{% for m in messages %}{% generation %}{{ m.content }}{% endgeneration %}{% endfor %}", "no jinja", "{{", "auto",
    "{% for m in messages %}{{ raise_exception('bad ' + m.role) }}{% endfor %}", "{{ messages[0].content + 1 }}",
    "{% for m in messages %}{{ m.reasoning_content }}{{ m.thinking }}{{ m.content.strip() }}{% if m.role == 'developer' %}D{% endif %}{% endfor %}",
    "{% if enable_thinking is defined %}T={{ enable_thinking }}{% endif %}E={{ reasoning_effort }}{{ foo }}{{ messages[0]['content'] }}",
]
