"""Records made for tests: works described several times, with the faults that feeds have."""

from __future__ import annotations

import dataclasses
import random

from indexer.records import Author, Record

_SUBJECTS = (
    "spectral gaps of periodic operators", "romanian language models", "river ice breakup",
    "medieval land charters", "protein folding funnels", "urban heat islands",
    "sparse matrix factorisation", "coral bleaching thresholds", "maternal health services",
    "quantum error correction", "soil nitrogen cycling", "graph isomorphism testing",
)  # fmt: skip
_SETTINGS = (
    "in alpine valleys", "under drought", "with missing data", "on finite fields",
    "in the Baltic states", "after 1945", "at low temperature", "for small samples",
    "among adolescents", "in three dimensions", "with weak supervision", "along trade routes",
    "in mice", "near criticality", "from satellite images", "in rural clinics",
)  # fmt: skip
_FRAMES = (
    "On the theory of {}", "A survey of {}", "{}: evidence from a longitudinal study",
    "New bounds for {}", "Towards an understanding of {}", "{} revisited",
)  # fmt: skip
_FAMILIES = ("Avram", "Catrina", "Cercel", "Dascalu", "Rebedea", "Pais", "Tufis", "Okafor",
             "Lindqvist", "Moreau", "Haddad", "Nakamura", "Kowalska", "Brandt")  # fmt: skip
_GIVEN = ("Ana", "Mihai", "Dan", "Ingrid", "Yuki", "Omar", "Claire", "Jan")


_SYLLABLES = ("ba", "cor", "del", "fen", "gri", "hal", "ju", "kel", "lo", "mar", "nis", "or",
              "pu", "ran", "sol", "tev", "ul", "ver", "xi", "zan")  # fmt: skip


def made_word(choose: random.Random) -> str:
    """A word no language has, as rare among made titles as names and terms are among real ones."""
    return "".join(choose.choices(_SYLLABLES, k=3))


def made_work(number: int, choose: random.Random) -> Record:
    """One work, described without a fault."""
    subject = f"{made_word(choose)} {choose.choice(_SUBJECTS)} {choose.choice(_SETTINGS)}"
    title = choose.choice(_FRAMES).format(subject).capitalize()
    authors = tuple(
        Author(family=choose.choice(_FAMILIES), given=choose.choice(_GIVEN))
        for _ in range(choose.randint(1, 4))
    )
    return Record(
        record_id=f"made:{number}",
        source="made",
        source_id=str(number),
        title=title,
        authors=authors,
        date=str(choose.randint(1995, 2024)),
        container="Journal of Made Studies",
        volume=str(choose.randint(1, 40)),
        pages=f"{choose.randint(1, 400)}-{choose.randint(401, 420)}",
        doi=f"10.5555/made.{number}",
    )


def described_again(record: Record, name: str, choose: random.Random) -> Record:
    """The same work as another feed has it: something lost, something damaged."""
    again = dataclasses.replace(record, record_id=f"again:{name}", source="again", source_id=name)
    fault = choose.randrange(6)
    if fault == 0:
        again = dataclasses.replace(again, title=again.title.upper(), doi="")
    if fault == 1:
        initials = tuple(Author(name=f"{a.family}, {a.given[0]}.") for a in again.authors)
        again = dataclasses.replace(again, authors=initials)
    if fault == 2:
        again = dataclasses.replace(again, doi="", pages=again.pages.split("-")[0])
    if fault == 3:
        again = dataclasses.replace(again, title=again.title.replace("e", "é", 1), volume="")
    if fault == 4:
        again = dataclasses.replace(again, date="", container="J Made Stud")
    return again


def made_collection(seed: int, works: int) -> list[Record]:
    """Some `works` works, each described one to four times, in random order."""
    choose = random.Random(seed)
    records = []
    for number in range(works):
        work = made_work(number, choose)
        records.append(work)
        for copy in range(choose.choice((0, 0, 1, 1, 2, 3))):
            records.append(described_again(work, f"{number}-{copy}", choose))
    choose.shuffle(records)
    return records
