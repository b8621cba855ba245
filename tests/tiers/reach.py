"""
What a test calls, found by reading its code: its helpers in tests/ and its fixtures too.

    test  ->  reached()  ->  functions and classes

Names that Python looks up when the test runs (getattr, a mapping made by a call, methods of
what a fixture gives) are not followed; tests/tiers/guard.py stops a test that starts a
process by such a way.
"""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final

ATTRIBUTE: Final = frozenset({"LOAD_ATTR", "LOAD_METHOD"})


def reached(functions: Iterator[Callable[..., Any]]) -> set[object]:
    """Everything outside tests/ and in it that the functions name, directly or by a helper."""
    seen: set[object] = set()
    waiting: list[object] = list(functions)
    while waiting:
        for value in _named(_plain(waiting.pop())):
            if value not in seen:
                seen.add(value)
                waiting.append(value)
    return seen


def _plain(value: object) -> object:
    """The function that decorators wrapped: hypothesis, context managers, caches, fixtures."""
    inner = getattr(getattr(value, "hypothesis", None), "inner_test", value)
    return inspect.unwrap(inner) if callable(inner) else inner


@cache
def _named(value: object) -> tuple[object, ...]:
    """What the code of a function or class of tests/ names."""
    if not str(getattr(value, "__module__", "")).startswith(("tests.", "test_")):
        return ()
    if isinstance(value, type):
        return tuple(held for held in vars(value).values() if isinstance(held, FunctionType))
    if not isinstance(value, FunctionType):
        return ()
    chains = _chains(value.__code__)
    return tuple(named for chain in chains for named in _values(chain, value.__globals__))


def _chains(code: CodeType) -> Iterator[list[str]]:
    """The global names that code loads, each with the attributes taken of it: `os`, `fork`."""
    chain: list[str] = []
    for step in dis.get_instructions(code):
        if chain and step.opname in ATTRIBUTE:
            chain.append(step.argval)
            continue
        if chain:
            yield chain
        chain = [step.argval] if step.opname == "LOAD_GLOBAL" else []
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _chains(constant)


def _values(chain: list[str], names: dict[str, Any]) -> Iterator[object]:
    """What a chain of names stands for; of a table of functions, all of them."""
    value = names.get(chain[0])
    for name in chain[1:]:
        if not isinstance(value, ModuleType):
            break
        value = getattr(value, name, None)
    table = tuple(value.values()) if isinstance(value, dict) else value
    if isinstance(table, list | tuple):
        yield from (entry for entry in table if isinstance(entry, FunctionType | type))
    elif callable(value):
        yield _plain(value)
