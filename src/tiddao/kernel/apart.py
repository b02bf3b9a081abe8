"""Runs one function in a process of its own, bounded in memory and time.

A file from outside may be made to fill the memory or to take for ever. Here that ends a process that
knows no database, no settings and no secret, and nothing else.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, Literal, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

MEMORY_BYTES = 1024**3
"""Of address space, libraries included; without a file Python and its readers take a fifth of it."""
PROCESSOR_SECONDS = 60

_KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR")
"""What the child is told of its surroundings; passwords and addresses are not among them."""


class GaveUp(Exception):
    """The function did not finish within its bounds. why: too_slow, or too_much (it was ended, or
    ended badly).
    """

    def __init__(self, why: Literal["too_slow", "too_much"]) -> None:
        super().__init__(why)
        self.why = why


def run_apart(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Return what the function returns, called in a process of its own.

    function: of the top level of a module that loads without Django. Its arguments, answer and
    exceptions travel pickled; what it raises is raised here. Raises GaveUp.

    Source: house rule "nothing fails silently"; issue 5, Excel both ways (memory bounded).
    """
    request = pickle.dumps(
        (function.__module__, function.__qualname__, args, kwargs), pickle.HIGHEST_PROTOCOL
    )
    try:
        ran = subprocess.run(  # noqa: S603 -- our own interpreter and module, no words from outside
            [sys.executable, "-c", f"from {__name__} import main; main()"],
            input=request,
            capture_output=True,
            timeout=2 * PROCESSOR_SECONDS,
            check=False,
            env={name: os.environ[name] for name in _KEPT if name in os.environ}
            | {"PYTHONIOENCODING": "utf-8"},
        )
    except subprocess.TimeoutExpired:
        raise GaveUp("too_slow") from None
    if ran.returncode != 0:
        raise GaveUp("too_slow" if ran.returncode in _OUT_OF_TIME else "too_much")
    raised, answer = pickle.loads(ran.stdout)  # noqa: S301 -- from our own child process
    if raised:
        raise answer
    found: R = answer
    return found


_OUT_OF_TIME = {-24, 152}
"""SIGXCPU, as `subprocess` and as a shell say it."""


def main() -> None:
    """Do what stands on the standard input, in the child.

    Source: see ``run_apart``.
    """
    _bound()
    out, sys.stdout = sys.stdout.buffer, sys.stderr  # whatever a library prints is no answer
    gc.disable()  # this process ends with its one answer; its memory is bounded
    module, name, args, kwargs = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from our own parent
    answer: tuple[bool, Any]
    try:
        # Imported under the limits: a reader that cannot even start says so as any other failure.
        answer = (False, getattr(import_module(module), name)(*args, **kwargs))
    except MemoryError:
        sys.exit(1)
    except Exception as raised:  # noqa: BLE001 -- it is raised again, in the parent
        answer = (True, raised)
    pickle.dump(answer, out, protocol=pickle.HIGHEST_PROTOCOL)


def _bound() -> None:
    try:
        import resource  # noqa: PLC0415 -- not on every system
    except ImportError:
        return  # the parent's clock still holds
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
