"""Lets vLLM's Python sources be imported without torch, CUDA and its compiled parts.

A stubbed module provides every name that is imported from it: a class that can be subclassed, called, subscripted,
compared and used as a decorator, and does nothing.
"""

import importlib.abc
import importlib.machinery
import sys
import types

STUBBED = ["torch", "torchvision", "triton"] + [
    "vllm." + name
    for name in (
        "_C",
        "compilation",
        "distributed",
        "lora",
        "model_executor",
        "platforms",
        "v1.core",
        "v1.engine",
        "v1.metrics",
        "v1.worker",
    )
]


class Anything(type):
    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        made = Anything(name, (Nothing,), {"_stub": True})
        setattr(cls, name, made)
        return made

    def __call__(cls, *args, **kwargs):
        if not cls.__dict__.get("_stub"):
            return super().__call__(*args, **kwargs)
        decorates = len(args) == 1 and callable(args[0]) and not kwargs
        return args[0] if decorates else cls

    def _itself(cls, *_):
        return cls

    __getitem__ = __or__ = __ror__ = __add__ = __sub__ = __mul__ = __rmul__ = _itself
    __floordiv__ = __truediv__ = __neg__ = __enter__ = _itself

    def _no(cls, *_):
        return False

    __lt__ = __gt__ = __le__ = __ge__ = __bool__ = __contains__ = __exit__ = _no

    def _zero(cls, *_):
        return 0

    __len__ = __int__ = __pow__ = _zero

    def __radd__(cls, other):
        return other

    def __iter__(cls):
        return iter(())

    def __setitem__(cls, key, value):
        pass


class Nothing(metaclass=Anything):
    def __init__(self, *args, **kwargs):
        pass

    def __init_subclass__(cls, **kwargs):
        pass

    @classmethod
    def __get_pydantic_core_schema__(cls, source, handler):
        from pydantic_core import core_schema

        return core_schema.any_schema()


class StubModule(types.ModuleType):
    __path__ = []
    __version__ = "2.9.0"

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        made = Anything(name, (Nothing,), {"_stub": True})
        setattr(self, name, made)
        return made


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if any(name == stubbed or name.startswith(stubbed + ".") for stubbed in STUBBED):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return StubModule(spec.name)

    def exec_module(self, module):
        pass


def install(vllm):
    """Makes the package at the path `vllm` importable. Import transformers before, so that it finds no torch."""
    sys.meta_path.insert(0, Finder())
    package = types.ModuleType("vllm")
    package.__path__ = [str(vllm)]
    sys.modules["vllm"] = package
    config = StubModule("vllm.config")
    config.__path__ = [str(vllm / "config")]
    sys.modules["vllm.config"] = config
