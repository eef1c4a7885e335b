"""Makes vLLM's scheduler and block manager importable from an unpacked wheel, without torch.

vLLM's own code decides about blocks. All other modules that this code imports are empty stand-ins, which
accept everything and do nothing.
"""

import importlib.machinery
import sys
import types

OWN = (
    "vllm.envs",
    "vllm.distributed.kv_events",
    "vllm.utils.hashing",
    "vllm.utils.math_utils",
    "vllm.v1.core",
    "vllm.v1.engine",
    "vllm.v1.hisparse.block_pool",
    "vllm.v1.kv_cache_interface",
    "vllm.v1.kv_cache_layout",
    "vllm.v1.kv_cache_spec_registry",
    "vllm.v1.metrics.stats",
    "vllm.v1.outputs",
    "vllm.v1.request",
    "vllm.v1.utils",
)
OWN_WITHOUT_WHAT_IS_BELOW = ("vllm.utils",)
STANDING_IN_FOR = ("vllm", "torch", "pydantic", "transformers", "uvloop", "psutil", "cv2", "PIL")


class AnythingType(type):
    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return AnythingType(name, (Anything,), {})

    def __or__(cls, other):
        return cls

    __ror__ = __or__
    __getitem__ = __or__


class Anything(metaclass=AnythingType):
    """A class, function, decorator or value that nothing here depends on."""

    def __init__(self, *args, **kwargs):
        pass

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __call__(self, *args, **kwargs):
        return args[0] if len(args) == 1 and callable(args[0]) else Anything()


class StandIn(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        value = AnythingType(name, (Anything,), {})
        setattr(self, name, value)
        return value


class Finder:
    def __init__(self, wheel):
        self.wheel = wheel

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] not in STANDING_IN_FOR:
            return None
        if name in OWN_WITHOUT_WHAT_IS_BELOW or any((name + ".").startswith(own + ".") for own in OWN):
            return importlib.machinery.PathFinder.find_spec(name, path)
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return StandIn(spec.name)

    def exec_module(self, module):
        module.__path__ = [f"{self.wheel}/{module.__name__.replace('.', '/')}"]


def install(wheel):
    sys.meta_path.insert(0, Finder(wheel))
