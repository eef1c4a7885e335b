"""Generates random templates and records how Python's Jinja renders them.

Usage: pip install jinja2==3.1.6 && python3 jinja_fuzz.py [SEED [COUNT [OUTPUT]]]

The environment is set up as transformers 5.23 sets it up (utils/chat_template_utils.py). Each line
of the output is one case: {"t": template, "c": index of its context, "u": undeclared variables,
"out": rendering}. If rendering fails, "err" replaces "out" (with "raised" if the template raised the
error itself); if the template does not compile, "syntax" does. The first line contains the contexts.
"""

import copy
import gzip
import json
import pathlib
import random
import re
import sys
from datetime import datetime

import jinja2
import jinja2.ext
import jinja2.meta
import jinja2.nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

NOW = datetime(2026, 1, 15, 12, 34, 56)
MAX_OUTPUT = 1500
NOT_REPEATABLE = re.compile(r"0x[0-9a-f]{6,}| object at |<function|<built-in|<bound method|<class", re.I)


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        call = self.call_method("_render")
        return jinja2.nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _render(self, caller):
        return caller()


class Dict:
    def __call__(self, *args, **kwargs):
        return dict(*args, **kwargs)

    def fromkeys(self, *args, **kwargs):
        return dict.fromkeys(*args, **kwargs)


class TemplateNamespace(jinja2.utils.Namespace):
    def __init__(*args, **kwargs):
        self, args = args[0], args[1:]
        attrs = dict(*args, **kwargs)
        for name in attrs:
            TemplateNamespace.check(name)
        jinja2.utils.Namespace.__init__(self, attrs)

    def __setitem__(self, name, value):
        TemplateNamespace.check(name)
        jinja2.utils.Namespace.__setitem__(self, name, value)

    @staticmethod
    def check(name):
        if isinstance(name, str) and name.startswith("_"):
            raise jinja2.exceptions.SecurityError(name)


class Raised(jinja2.exceptions.TemplateError):
    pass


def raise_exception(message):
    raise Raised(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(
        x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


def environment(optimized):
    env = ImmutableSandboxedEnvironment(
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[Generation, jinja2.ext.loopcontrols],
        optimized=optimized,
    )
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = lambda format: NOW.strftime(format)
    env.globals["dict"] = Dict()
    env.globals["namespace"] = TemplateNamespace
    return env


CONTEXTS = [
    {
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hi <b>there</b> & {{ you }}"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {
                        "id": "call_1",
                        "type": "function",
                        "function": {"arguments": {"city": "Zürich", "n": 3}, "name": "weather"},
                    }
                ],
            },
            {"role": "tool", "content": '{"t": 21.5}', "tool_call_id": "call_1"},
            {"role": "assistant", "content": "<think>\nhm\n</think>\n\nWarm. "},
        ],
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": "weather",
                    "description": "It's \"nice\"",
                    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
                },
            }
        ],
        "s": "Hello, World",
        "t": "  \tspaced  out\n text\u00a0 ",
        "u": "ÀÉß ﬁ ǆ 𝔘𝔫𝔦 日本 İi\u0307",
        "n": 42,
        "m": -7,
        "f": 2.5,
        "g": -1e-7,
        "yes": True,
        "no": False,
        "none_value": None,
        "l": [3, 1, 2],
        "ll": ["b", "A", "c", "a"],
        "mixed": [1, "1", None, 2.0, True, [1], {"k": "v"}],
        "d": {"b": 1, "a": "x", "items": [1, 2], "nested": {"k": [1, {"z": 0}]}},
        "rows": [
            {"name": "x", "v": 3, "ok": True},
            {"name": "Y", "v": 1, "ok": False},
            {"name": "z", "v": 2},
        ],
    },
    {
        "messages": [],
        "tools": None,
        "s": "",
        "t": "\r\nline one\r\n\r\nline three\x0b\x1cx",
        "u": "😀a\u0301\u2028Σς \u200b",
        "n": 0,
        "m": 123456789012345678901234567890,
        "f": 1e22,
        "g": 0.1,
        "yes": True,
        "no": False,
        "none_value": None,
        "l": [],
        "ll": ["", "", "x y"],
        "mixed": [[], {}, "", 0, 0.0, False],
        "d": {},
        "rows": [{"name": "only", "v": 1.5, "ok": None}],
    },
    {
        "messages": [{"role": "user", "content": [{"type": "text", "text": "part"}]}] * 3,
        "s": "a-b_c d:e/f",
        "t": "{'q': \"q\"}",
        "u": "\x7f\x00\x1f'\"\\",
        "n": 7,
        "m": 1,
        "f": -0.0,
        "g": 123456789.125,
        "yes": True,
        "no": False,
        "none_value": None,
        "l": [1, 2, 3, 4, 5, 6, 7],
        "ll": ["one two", "three"],
        "mixed": ["x", ["y", ["z"]], {"deep": {"er": [None, True]}}],
        "d": {"k": None, "é": "ü", "1": 1, "get": "g"},
        "rows": [{"name": "b", "v": 2, "ok": 1}, {"name": "B", "v": 2, "ok": 0}],
        "enable_thinking": False,
    },
]

STRINGS = [
    "''", "'a'", "'Hello World'", '"it\'s"', "'x,y,,z'", "'\\n'", "'a\\tb'", "'\\u00e9'", "'ab' 'cd'",
    "' pad '", "'42'", "'-3.50'", "'1e3'", "'None'", "'<think>'", "'%s'", "'{}'", "'aXbXc'", "'日本'",
    "'\\x41\\101'", "'tEST string-two (three)'", "'😀'", "'a\\\nb'", "'0x1F'", "'1_000'", "'  7 '",
]
WORDS = ["text ", "a\n", "\n", "  ", "x", "\n  ", "é ", "{ ", "}", "%}", "# ", " \n\n", "<|im_start|>", "\t"]


class Maker:
    def __init__(self, rng):
        self.rng = rng
        self.names = {}
        self.macros = []
        self.loops = 0

    def pick(self, *options):
        """Picks one of the options; an option that is expensive to generate is passed as a function."""
        option = self.rng.choice(options)
        return option() if callable(option) else option

    def chance(self, p):
        return self.rng.random() < p

    # Expressions, grouped by the type they should have; sometimes one of another type is generated.

    def expr(self, kind, depth):
        if self.chance(0.012):
            kind = self.pick("str", "int", "float", "bool", "list", "dict", "any", "none")
        if depth > 0 and self.chance(0.08):
            inner = self.expr(kind, depth - 1)
            return self.pick(
                lambda: f"({inner})",
                lambda: f"({inner} if {self.expr('bool', depth - 1)} else {self.expr(kind, depth - 1)})",
                lambda: f"({self.expr('any', depth - 1)} and {inner})",
                lambda: f"({inner} or {self.expr(kind, depth - 1)})",
                lambda: f"{self.atom(kind)}|default({inner})",
                lambda: f"({inner} if {self.expr('bool', depth - 1)})",
            )
        own = [name for name, k in self.names.items() if k == kind]
        if own and self.chance(0.25):
            return self.rng.choice(own)
        if depth <= 0:
            return self.atom(kind)
        made = getattr(self, "make_" + kind)(depth - 1)
        return made if re.fullmatch(r"\w+", made) or self.chance(0.15) else f"({made})"

    def atom(self, kind):
        if kind == "any":
            kind = self.pick("str", "int", "float", "bool", "list", "dict", "none", "none")
        if kind == "str":
            return self.pick("s", "t", "u", self.rng.choice(STRINGS), self.rng.choice(STRINGS))
        if kind == "int":
            return self.pick("n", "m", "0", "1", "2", "-1", "3", "10", "loop.index" if self.loops else "5")
        if kind == "float":
            return self.pick("f", "g", "1.5", "0.1", "2.0", "1e16", "3e-5")
        if kind == "bool":
            return self.pick("yes", "no", "true", "False", "loop.last" if self.loops else "true")
        if kind == "list":
            return self.pick("l", "ll", "mixed", "rows", "messages", "[]", "[1, 'a', none]", "(1, 2)", "('x',)")
        if kind == "dict":
            return self.pick("d", "{}", "{'a': 1, 'b': [2]}", "rows[0]", "d.nested", "{1: 2, none: 'n', 2.5: true}")
        return self.pick("none", "none_value", "missing", "d.missing", "None")

    def make_none(self, depth):
        return self.pick("none", "missing", f"{self.expr('dict', depth)}.nope", f"{self.expr('dict', depth)}['nope']")

    def make_any(self, depth):
        kind = self.pick("str", "str", "int", "float", "bool", "list", "dict", "none")
        return self.pick(
            lambda: self.expr(kind, depth),
            lambda: f"{self.expr('list', depth)}[{self.expr('int', 0)}]",
            lambda: f"{self.expr('list', depth)}|{self.pick('first', 'last', 'min', 'max')}",
            lambda: f"{self.expr('dict', depth)}.{self.pick('a', 'nested', 'name', 'v', 'k', 'role')}",
            lambda: f"{self.expr('dict', depth)}[{self.expr('str', 0)}]",
            lambda: f"{self.expr('dict', depth)}.get({self.expr('str', 0)}{self.pick('', ', ' + self.atom('any'))})",
            lambda: f"{self.expr('list', depth)}|sum",
            lambda: f"{self.expr('list', depth)}|sum(attribute='v')",
            lambda: f"{self.expr('any', depth)} {self.pick('+', '*', '-', '%')} {self.expr('any', depth)}",
        )

    def make_bool(self, depth):
        kind = self.pick("str", "int", "list", "dict", "any", "float", "none")
        test = self.pick(
            "defined", "undefined", "none", "string", "number", "mapping", "iterable", "sequence", "boolean",
            "integer", "float", "true", "false", "callable", "lower", "upper", "odd", "even", "escaped",
            "divisibleby 2", "divisibleby(3)", f"eq {self.atom(kind)}", f"in {self.atom('list')}",
            lambda: f"sameas none", f"ne({self.atom(kind)})", "gt 2", "le(5)", "filter", "test", "not defined",
        )
        a, b = self.expr(kind, depth), self.expr(kind, depth)
        return self.pick(
            lambda: f"{a} is {test}",
            lambda: f"{a} is not {test.removeprefix('not ')}",
            lambda: f"{a} {self.pick('==', '!=')} {b}",
            lambda: f"{self.expr('int', depth)} {self.pick('<', '<=', '>', '>=')} {self.expr(self.pick('int', 'float'), depth)}",
            lambda: f"{self.expr('str', depth)} {self.pick('<', '>')} {self.expr('str', depth)}",
            lambda: f"{a} {self.pick('in', 'not in')} {self.expr(self.pick('list', 'dict', 'list'), depth)}",
            lambda: f"{self.expr('str', depth)} {self.pick('in', 'not in')} {self.expr('str', depth)}",
            lambda: f"not {a}",
            lambda: f"1 < {self.expr('int', depth)} < 10",
            lambda: f"{self.expr('list', 0)} {self.pick('<', '>=')} {self.expr('list', 0)}",
            lambda: f"{self.expr('str', depth)}.{self.pick('startswith', 'endswith')}({self.pick(self.expr('str', 0), chr(40) + chr(39) + 'a' + chr(39) + ', ' + chr(39) + 'H' + chr(39) + ')')})",
            lambda: f"{self.expr('str', depth)}.{self.pick('isalpha', 'isdigit', 'islower', 'isupper', 'isspace', 'istitle', 'isalnum', 'isnumeric', 'isascii', 'isprintable', 'isidentifier', 'isdecimal')}()",
            lambda: f"({a} {self.pick('and', 'or')} {b})|{self.pick('string', 'tojson')} == {self.atom('str')}",
        )

    def make_int(self, depth):
        a, b = self.expr("int", depth), self.expr("int", depth)
        return self.pick(
            lambda: f"{a} {self.pick('+', '-', '*', '//', '%')} {b}",
            lambda: f"{a} ** {self.pick('0', '2', '3', '70')}",
            lambda: f"-{a}",
            lambda: f"{self.expr(self.pick('list', 'str', 'dict'), depth)}|{self.pick('length', 'count')}",
            lambda: f"{self.expr(self.pick('str', 'float', 'int', 'any'), depth)}|int{self.pick('', '(-1)', '(default=9)', '(0, 16)', '(base=2)')}",
            lambda: f"{self.expr('str', depth)}.{self.pick('find', 'rfind', 'count', 'index', 'rindex')}({self.expr('str', 0)}{self.pick('', '', ', 1', ', -3', ', 1, 4')})",
            lambda: f"{self.expr('int', depth)}|abs",
            lambda: f"{self.expr('list', depth)}.{self.pick('count', 'index')}({self.atom('any')})",
            lambda: f"{self.expr('float', depth)}|round|int",
            lambda: f"{self.expr('str', depth)}|wordcount",
            str(self.rng.randrange(-5, 300)),
            self.pick("0x1f", "0b101", "1_000", "9999999999999999999", "0o17"),
        )

    def make_float(self, depth):
        a, b = self.expr("float", depth), self.expr(self.pick("float", "int"), depth)
        return self.pick(
            lambda: f"{a} {self.pick('+', '-', '*', '/', '//', '%')} {b}",
            lambda: f"{self.expr('int', depth)} / {self.expr('int', depth)}",
            lambda: f"{self.expr(self.pick('str', 'int', 'any'), depth)}|float{self.pick('', '(1.5)')}",
            lambda: f"{a}|round({self.pick('', '1', '2', '-1', '0, chr39ceilchr39', '1, chr39floorchr39')})".replace("chr39", "'"),
            lambda: f"{self.expr('int', depth)} ** -{self.pick('1', '2')}",
            lambda: f"{a}|abs",
            repr(self.rng.uniform(-1000, 1000)),
            repr(self.rng.uniform(0, 1) * 10 ** self.rng.randrange(-20, 25)),
        )

    def make_str(self, depth):
        a = self.expr("str", depth)
        small = self.expr("str", 0)
        method = self.pick(
            "upper()", "lower()", "title()", "capitalize()", "strip()", "lstrip()", "rstrip()", "swapcase()",
            lambda: f"strip({small})", f"lstrip({small})", f"rstrip({small})", f"replace({small}, {self.expr('str', 0)})",
            lambda: f"replace({small}, 'Z', 1)", f"split({small})[0]", "split()[-1]", "split(none, 1)[-1]", "rsplit(none, 1)[0]", "split(maxsplit=1)[0]", f"split({small}, 1)[-1]",
            lambda: f"rsplit({small}, 1)[0]", f"join({self.expr('list', 0)})", f"join({self.expr('str', 0)})", "center(11)",
            "ljust(9, '.')", "rjust(9)", "zfill(8)", "casefold()", "expandtabs(4)", f"partition({small})[2]",
            lambda: f"rpartition({small})[0]", f"removeprefix({small})", f"removesuffix({small})",
            lambda: f"format({self.atom('any')}, {self.atom('any')})",
        )
        filter_name = self.pick(
            "upper", "lower", "title", "capitalize", "trim", "string", "safe", "e", "escape", "reverse", "center(9)",
            lambda: f"replace({small}, {self.expr('str', 0)})", f"default({small})", f"default({small}, true)", "indent",
            "indent(2)", "indent(width=3, first=true)", "indent('> ', blank=true)", "truncate(9)", "forceescape",
            lambda: f"truncate(7, true, '..', {self.pick('0', '2')})", "d('x')", f"trim({small})", "list|join('|')",
        )
        return self.pick(
            lambda: f"{a} + {self.expr('str', depth)}",
            lambda: f"{a} ~ {self.expr('any', depth)} ~ {small}",
            lambda: f"{a}.{method}",
            lambda: f"{a}.{method}",
            lambda: f"{a}|{filter_name}",
            lambda: f"({a})|{filter_name}",
            lambda: f"({a}|{filter_name}).{method}",
            lambda: f"{a} * {self.pick('0', '2', '3')}",
            lambda: f"({a})[{self.slice(depth)}]",
            lambda: f"({a})[{self.expr('int', 0)}]",
            lambda: f"{self.expr('any', depth)}|string",
            lambda: f"{self.expr(self.pick('any', 'dict', 'list', 'str'), depth)}|tojson{self.json_args()}",
            lambda: f"{self.expr('list', depth)}|join({self.pick('', small)})",
            lambda: f"{self.expr('list', depth)}|map('string')|join({small})",
            lambda: f"{self.expr('list', depth)}|join(', ', attribute='{self.pick('name', 'role', 'v')}')",
            lambda: f"{self.percent(depth)}",
            lambda: f"{self.brace(depth)}",
            lambda: f"({a}|safe) + {small}",
            lambda: f"{small} + ({a}|safe)",
            lambda: f"strftime_now('{self.pick('%Y-%m-%d', '%d %b %Y', '%H:%M:%S', '%A %-d %B %y', '%j %U %W %V %p %I', '%c|%x|%X', '%e %k %l %u %w %G %%')}')",
            lambda: f"({a}.{self.pick('upper', 'format', 'nope')} is callable)|string",
        )

    def json_args(self):
        return self.pick(
            "", "", "(indent=2)", "(ensure_ascii=true)", "(indent=4, sort_keys=true)",
            "(separators=(',', ':'))", "(indent=0)", "(indent='--')", "(true)", "(sort_keys=true)",
        )

    def percent(self, depth):
        spec = self.pick("%s", "%d", "%5.2f", "%-6s|", "%05d", "%x", "%r", "%e", "%g", "%+d", "%%%s", "%i", "%.3s", "%c", "%o", "%#x", "%08.3f", "%G", "% d")
        value = self.expr(self.pick("str", "int", "float", "any", "int"), depth)
        return self.pick(
            lambda: f"'{spec}' % {value}" if value[0] not in "([" else f"'{spec}'|format({value})",
            lambda: f"'{spec} {spec}'|format({value}, {self.atom('any')})",
            lambda: f"'%(a)s-%(b){spec[1:]}' % {{'a': 1, 'b': {self.atom('int')}}}",
            lambda: f"'{spec}' % ({value},)",
        )

    def brace(self, depth):
        spec = self.pick("", ":>8", ":<6", ":^9", ":05", ":.2f", ":d", ":x", ":,", ":e", ":g", ":%", "!r", "!s:>6", ":*^9", ":+", ":b", ":#o", ":_", ":.3", ":s", ":010.3f", ":,.1f", ":c", ":n")
        value = self.expr(self.pick("str", "int", "float", "any", "float"), depth)
        return self.pick(
            lambda: f"'{{{spec}}}'.format({value})",
            lambda: f"'{{0{spec}}} {{1}} {{0}}'.format({value}, {self.atom('any')})",
            lambda: f"'{{a{spec}}}{{{{}}}}'.format(a={value})",
            lambda: f"'{{0[a]}} {{0.b}}'.format({self.atom('dict')})",
            lambda: f"'{{:{{}}}}'.format({value}, {self.pick('5', '8')})",
        )

    def slice(self, depth):
        def part():
            return self.pick("", "", self.expr("int", 0), "1", "-1", "2", "-2")

        text = part() + ":" + part()
        return text + self.pick("", "", ":" + self.pick("", "1", "-1", "2", "-2", "3"))

    def make_list(self, depth):
        a = self.expr("list", depth)
        chain = self.pick(
            "sort", "sort(reverse=true)", "sort(attribute='v')", "sort(attribute='name,v')", "sort(case_sensitive=true)",
            "unique", "unique(attribute='v')", "reverse", "map('string')", "map('upper')", "map(attribute='name')",
            "map(attribute='v', default=0)", "select", "reject('none')", "select('string')", "select('gt', 1)",
            "selectattr('ok')", "rejectattr('ok')", "selectattr('role', 'equalto', 'user')", "selectattr('v', '>', 1)",
            "selectattr('name', 'defined')", "batch(2)", "batch(3, 'x')", "slice(2)", "slice(3, '-')", "list",
            "rejectattr('v', 'in', [1, 2])", "map('length')", "map('tojson')", "map('default', 'q')",
            "map(attribute='content.0.text')", "map('replace', 'a', 'b')",
        )
        items = ", ".join(self.expr("any", depth) for _ in range(self.rng.randrange(4)))
        return self.pick(
            lambda: f"[{items}]",
            lambda: f"({a} + {self.expr('list', depth)})",
            lambda: f"({a})[{self.slice(depth)}]",
            lambda: f"{a}|{chain}|list",
            lambda: f"{a}|{chain}|list",
            lambda: f"[{a}|{chain}|first]",
            lambda: f"{self.expr('str', depth)}.{self.pick('split()', 'splitlines()', 'split(chr39,chr39)', 'rsplit(none, 1)', 'splitlines(true)', 'split(chr39 chr39, 2)', 'partition(chr39achr39)')}".replace("chr39", "'"),
            lambda: f"range({self.pick('3', '1, 4', '5, 0, -2', '0')})|list",
            lambda: f"range({self.pick('3', '1, 4', '10, 0, -3')})",
            lambda: f"{self.expr('dict', depth)}|{self.pick('items|list', 'dictsort', 'list', 'dictsort(by=chr39valuechr39)', 'dictsort(reverse=true)', 'dictsort(true)')}".replace("chr39", "'"),
            lambda: f"{self.expr('dict', depth)}.{self.pick('keys()', 'values()', 'items()')}{self.pick('|list', '|list', '')}",
            lambda: f"{self.expr('str', depth)}|list",
            lambda: f"{a} * 2",
        )

    def make_dict(self, depth):
        return self.pick(
            lambda: f"{{'a': {self.expr('any', depth)}, {self.expr('str', 0)}: {self.expr('any', depth)}}}",
            lambda: f"dict(a={self.expr('any', depth)})",
            lambda: f"dict({self.expr('dict', depth)}, b=2)",
            lambda: f"dict({self.expr('dict', depth)}.items())",
            lambda: f"{self.expr('dict', depth)}.copy()",
            lambda: f"dict.fromkeys({self.expr('list', 0)}{self.pick('', ', 0')})",
            lambda: f"rows[{self.expr('int', 0)}]",
            lambda: f"messages[{self.pick('0', '-1', '1')}]",
        )

    # Statements.

    def open(self):
        return self.pick("{%", "{%-", "{%-", "{%", "{%+" if self.chance(0.3) else "{%")

    def close(self):
        return self.pick("%}", "-%}", "%}", "%}", "+%}" if self.chance(0.3) else "%}")

    def tag(self, text):
        return f"{self.open()} {text} {self.close()}"

    def text(self):
        return "".join(self.rng.choice(WORDS) for _ in range(self.rng.randrange(3)))

    def output(self, depth):
        return f"{{{{{self.pick('', '-')} {self.expr(self.pick('str', 'any', 'any', 'list', 'dict', 'float', 'int', 'bool'), depth)} {self.pick('', '-', '')}}}}}"

    def body(self, depth):
        names = dict(self.names)
        result = "".join(self.statement(depth) for _ in range(self.rng.randrange(1, 4)))
        self.names = names
        return result

    def name(self, kind):
        name = self.pick("x", "y", "z", "item", "acc", "s", "l", "n", "caller")
        if self.chance(0.97) and name == "caller":
            name = "w"
        self.names[name] = kind
        return name

    def statement(self, depth):
        before = self.text()
        if depth <= 0:
            return before + self.output(2)
        kind = self.pick(
            "out", "out", "out", "if", "if", "for", "for", "set", "set", "block", "macro", "call", "namespace",
            "filter", "generation", "raw", "comment", "with", "loopcontrol", "raise", "recursive",
        )
        return before + getattr(self, "st_" + kind)(depth - 1)

    def st_out(self, depth):
        return self.output(depth + 1)

    def st_if(self, depth):
        parts = [self.tag(f"if {self.expr(self.pick('bool', 'bool', 'any'), 2)}"), self.body(depth)]
        if self.chance(0.3):
            parts += [self.tag(f"elif {self.expr('bool', 1)}"), self.body(depth)]
        if self.chance(0.4):
            parts += [self.tag("else"), self.body(depth)]
        return "".join(parts) + self.tag("endif")

    def st_for(self, depth):
        shape = self.pick("plain", "plain", "plain", "pairs", "range")
        condition = f" if {self.expr('bool', 1)}" if self.chance(0.2) else ""
        names = dict(self.names)
        if shape == "pairs":
            head = f"for k, v in {self.expr('dict', 1)}{self.pick('.items()', '|items', '|dictsort')}{condition}"
            self.names.update(k="str", v="any")
        elif shape == "range":
            head = f"for i in range({self.pick('3', '1, 5', '4, 0, -1')}){condition}"
            self.names["i"] = "int"
        else:
            head = f"for item in {self.expr('list', 2)}{condition}"
            self.names["item"] = "any"
        self.loops += 1
        uses = self.pick(
            "", "", "{{ loop.index }}", "{{ loop.first }}{{ loop.last }}", "{{ loop.previtem }}", "{{ loop.nextitem is defined }}",
            "{{ loop.length }}/{{ loop.revindex }}", "{{ loop.cycle('a', 'b') }}", "{{ loop.changed(item) }}", "{{ loop.index0 ~ loop.depth }}",
            "{{ loop }}", "{% set acc = loop.index %}{{ acc }}",
        )
        inside = self.body(depth) + uses + self.body(0)
        self.loops -= 1
        self.names = names
        otherwise = self.tag("else") + self.body(depth) if self.chance(0.2) else ""
        return self.tag(head) + inside + otherwise + self.tag("endfor")

    def st_loopcontrol(self, depth):
        if not self.loops and self.chance(0.9):
            return self.st_out(depth)
        word = self.pick("break", "continue")
        return f"{{% if {self.expr('bool', 1)} %}}{{% {word} %}}{{% endif %}}"

    def st_recursive(self, depth):
        return (
            "{% for node in [{'v': 1, 'c': [{'v': 2, 'c': [{'v': 3}]}, {'v': 4}]}, {'v': 5}] recursive %}"
            + self.pick("{{ node.v }}", "{{ loop.depth }}:{{ node.v }}{{ loop.index }}", "{{ node.v ~ loop.last }}")
            + "{% if node.c %}[{{ loop(node.c) }}]{% endif %}"
            + self.text()
            + "{% endfor %}"
        )

    def st_set(self, depth):
        kind = self.pick("str", "int", "list", "dict", "bool", "any", "float")
        value = self.expr(kind, 2)
        if self.chance(0.15):
            self.names.update(x="any", y="any")
            return self.tag(f"set x, y = {value}, {self.expr('any', 1)}")
        return self.tag(f"set {self.name(kind)} = {value}")

    def st_block(self, depth):
        inside = self.body(depth)
        return self.tag(f"set {self.name('str')}{self.pick('', '', ' | upper', ' | trim | length')}") + inside + self.tag("endset")

    def st_namespace(self, depth):
        kind = self.pick("str", "int", "list")
        start = self.expr(kind, 1)
        name = self.pick("ns", "ns", "box")
        self.names[f"{name}.a"] = kind
        update = self.pick(f"{name}.a + {self.expr(kind, 1)}", self.expr(kind, 1), f"{name}.a")
        return (
            self.tag(f"set {name} = namespace(a={start}, b=none)")
            + self.tag(f"for i in range(2)")
            + self.tag(f"set {name}.{self.pick('a', 'a', 'b', 'c')} = {update}")
            + self.tag("endfor")
            + self.pick("{{ %s.a }}", "{{ %s.b }}{{ %s.a }}", "{{ %s }}", "{{ %s['a'] }}{{ %s.nope }}").replace("%s", name)
        )

    def st_macro(self, depth):
        name = self.pick("show", "wrap")
        self.macros.append(name)
        names, loops = dict(self.names), self.loops
        self.names.update(p="any", q="any")
        self.loops = 0
        extra = self.pick("", "", "{{ varargs }}", "{{ kwargs }}", "{{ caller() }}", "{{ caller('c') if caller }}", "{{ q is defined }}")
        inside = self.body(depth) + extra
        self.names, self.loops = names, loops
        default = self.pick("", "", f"={self.expr('any', 1)}")
        return self.tag(f"macro {name}(p, q{default})") + inside + self.tag("endmacro") + self.invoke(name)

    def invoke(self, name):
        args = self.pick(
            "", "1", f"{self.expr('any', 1)}, {self.expr('any', 1)}", f"p={self.expr('any', 1)}", "1, q=2",
            "1, 2, 3", "*[1, 2]", "1, **{'q': 5}", "1, r=6", "none",
        )
        return "{{ " + f"{name}({args})" + self.pick("", "|upper", "|length", " ~ '!'") + " }}"

    def st_call(self, depth):
        if not self.macros:
            return self.st_macro(depth)
        name = self.rng.choice(self.macros)
        return self.pick(
            lambda: self.invoke(name),
            lambda: self.tag(f"call{self.pick('', '(c)')} {name}({self.expr('any', 1)})") + self.body(depth) + self.tag("endcall"),
        )

    def st_filter(self, depth):
        name = self.pick("upper", "trim", "replace('a', 'b')", "length", "indent(2, true)", "title")
        return self.tag(f"filter {name}") + self.body(depth) + self.tag("endfilter")

    def st_generation(self, depth):
        loops, self.loops = self.loops, 0
        inside = self.body(depth)
        self.loops = loops
        return self.tag("generation") + inside + self.tag("endgeneration")

    def st_with(self, depth):
        return self.tag(f"with x = {self.expr('any', 1)}, y = 2") + self.body(depth) + self.tag("endwith")

    def st_raw(self, depth):
        text = self.pick("{{ x }}", " {% if %} ", "\n {# #}\n  ")
        return self.pick("{% raw %}", "{%- raw -%}") + text + self.tag("endraw")

    def st_comment(self, depth):
        return "{#" + self.pick("", "-", "+") + self.pick(" c ", "\n{{ x }}\n", "") + self.pick("", "-", "+") + "#}" + self.text()

    def st_raise(self, depth):
        if self.chance(0.8):
            return self.st_out(depth)
        return "{{ raise_exception(" + self.expr("str", 1) + ") }}"


def outcome(env, template, context):
    try:
        return env.from_string(template).render(**copy.deepcopy(context))
    except Exception as e:
        return type(e).__name__


def one_case(rng, env, plain):
    maker = Maker(rng)
    template = maker.text() + "".join(maker.statement(2) for _ in range(rng.randrange(1, 4))) + maker.text()
    if rng.random() < 0.03:
        at = rng.randrange(len(template) + 1)
        template = template[:at] + rng.choice(["{", "%}", "}}", "'", "(", "{% endif %}", "]"]) + template[at:]
    index = rng.randrange(len(CONTEXTS))
    case = {"t": template, "c": index}
    try:
        compiled = env.from_string(template)
    except (jinja2.exceptions.TemplateSyntaxError, SyntaxError):
        case["syntax"] = True
        return case
    except Exception:
        # Constant folding failed, or a name was never analyzed. No template relies on either.
        return None
    if outcome(env, template, CONTEXTS[index]) != outcome(plain, template, CONTEXTS[index]):
        # Constant folding hid the failure of an expression.
        return None
    case["u"] = sorted(jinja2.meta.find_undeclared_variables(env.parse(template)))
    try:
        case["out"] = compiled.render(**copy.deepcopy(CONTEXTS[index]))
        if NOT_REPEATABLE.search(case["out"]) or len(case["out"]) > MAX_OUTPUT:
            return None
    except Raised as e:
        case["err"] = "raised"
        case["raised"] = str(e)
        if NOT_REPEATABLE.search(str(e)):
            return None
    except Exception as e:
        case["err"] = f"{type(e).__name__}: {e}"[:100]
    return case


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20260116
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 4500
    resources = pathlib.Path(__file__).parent.parent / "resources" / "jinja"
    target = sys.argv[3] if len(sys.argv) > 3 else resources / "fuzz.jsonl.gz"
    rng = random.Random(seed)
    env, plain = environment(True), environment(False)
    cases = []
    while len(cases) < count:
        case = one_case(rng, env, plain)
        # Errors and syntax errors reveal less than renderings: keep a third of them.
        if case is not None and ("out" in case or rng.random() < 0.35):
            cases.append(case)
    with open(target, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        out.write((json.dumps({"seed": seed, "contexts": CONTEXTS}) + "\n").encode())
        for case in cases:
            out.write((json.dumps(case) + "\n").encode())
    kinds = ["out", "err", "syntax"]
    print({kind: sum(kind in case for case in cases) for kind in kinds})


main()
