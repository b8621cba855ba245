"""
Led: does every id that was ever given lead somewhere, and none to two places?

    redirects, ids of deleted works, living works  ->  faults
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from detector.checking.findings import Fault
from detector.store.holdings import Holdings
from detector.store.stored_ids import GONE, WORK
from indexer.index.contract import Engine

ADVICE = "`samework works check --repair` lets them lead where the events say"


def id_faults(engine: Engine) -> Iterator[Fault]:
    """What is wrong of where retired ids lead."""
    holdings = Holdings(engine)
    redirects = {old: new for old, new, *_ in holdings.redirects()}
    gone = {name for name, _ in engine.documents(GONE)}
    asked = {*redirects, *redirects.values(), *gone}
    living = set(engine.read(WORK, sorted(asked)))
    names = {
        "redirect-of-a-living-work": sorted(living & redirects.keys()),
        "deleted-and-living": sorted(living & gone),
        "redirect-in-a-circle": [],
        "redirect-to-nothing": [],
    }
    ends: dict[str, str] = {}
    for name in sorted(redirects.keys() - living):
        end = _end(name, redirects, living, ends)
        if end in redirects:
            names["redirect-in-a-circle"].append(name)
        elif end not in living and end not in gone:
            names["redirect-to-nothing"].append(name)
    texts = {
        "redirect-of-a-living-work": "ids of living works lead to others",
        "deleted-and-living": "ids of living works are called deleted",
        "redirect-in-a-circle": "retired ids lead in a circle",
        "redirect-to-nothing": "retired ids lead to nothing",
    }
    for fault, which in names.items():
        if which:
            yield Fault(fault, texts[fault], which, ADVICE)


def _end(name: str, redirects: Mapping[str, str], living: set[str], ends: dict[str, str]) -> str:
    """Where an id leads at last; into a circle: one of that circle."""
    way: list[str] = []
    seen: set[str] = set()
    at = name
    while at in redirects and at not in living and at not in seen and at not in ends:
        seen.add(at)
        way.append(at)
        at = redirects[at]
    end = ends.get(at, at)
    ends.update(dict.fromkeys(way, end))
    return end
