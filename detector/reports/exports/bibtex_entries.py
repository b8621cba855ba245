"""
BibTeX entries: a merged record as biblatex, which BibTeX reads too.

    citation key, canonical record  ->  bytes of one entry

Values cannot break out of their field: braces of a title stay text. Fields that came
from BibTeX and have no field in a record stand as they came. By hand: a library would
write only the layout, two lines of `bibtex`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from detector.reports.exports.bylines import Person
from detector.reports.exports.carried import carried
from detector.reports.exports.cells import one_line
from detector.reports.exports.reference_formats import (
    CONTAINER_FIELD,
    Canonical,
    genre_of,
    identifiers,
    links,
    pages_of,
    persons,
    type_of,
)
from detector.works.merging.united import shown
from indexer.fields.text.folding import fold

_OWN: Final = {"pmid": "pmid", "pmcid": "pmcid", "handle": "hdl"}
_WORD: Final = re.compile(r"[a-z0-9]+")
_TEX: Final = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_TEX_TABLE: Final = str.maketrans(_TEX)
_BARE_TABLE: Final = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})  # URLs and identifiers
_ONCE: Final = frozenset({"crossref", "xdata", "xref", "timestamp", "year", "date", "month"})
_DATES: Final = ("date", "stamp")  # what the names of fields of one value end in
_BETWEEN: Final = {"file": ";", "keywords": ", ", "groups": ", "}  # of several values; others "; "
# What biblatex calls the languages it knows hyphenation for.
_LANGUAGES: Final = {
    "cs": "czech", "da": "danish", "de": "ngerman", "el": "greek", "en": "english",
    "es": "spanish", "fi": "finnish", "fr": "french", "hu": "magyar", "it": "italian",
    "la": "latin", "nl": "dutch", "no": "norsk", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish", "uk": "ukrainian",
}  # fmt: skip
_BRACES: Final = re.compile(r"(?<!\\)[{}]")


def bibtex(
    key: str,
    record: Canonical,
    ids: Sequence[str] = (),
    marks: Mapping[str, str] | None = None,
) -> bytes:
    """One entry; `ids` are other keys that it is cited by."""
    texts: dict[str, str] = {}
    for name, text in (*_fields(record), ("ids", ",".join(ids))):
        if text.strip():
            texts.setdefault(name, text)
    for name, text in _carried(record).items():
        if not (name == "month" and "date" in texts):
            texts.setdefault(name, text)
    texts |= {f"samework_{name}": tex(value) for name, value in (marks or {}).items()}
    fields = ",\n".join(f"  {name} = {{{text}}}" for name, text in texts.items())
    return f"@{type_of(record)[1]}{{{key},\n{fields}\n}}\n\n".encode("utf-8", "replace")


def _carried(record: Canonical) -> dict[str, str]:
    """Fields that a record does not have; values of one are joined where it may have several."""
    by_name: dict[str, list[str]] = {}
    for name, value, own in carried(record.get("extra", ()), "bibtex"):
        text = one_line(value)
        whole = own and _balanced(text)  # it came as TeX
        by_name.setdefault(name.lower(), []).append(text if whole else tex(shown(text)))
    return {
        name: values[0] if _once(name) else _BETWEEN.get(name, "; ").join(values)
        for name, values in by_name.items()
    }


def _once(name: str) -> bool:
    return name in _ONCE or name.endswith(_DATES)


def _balanced(text: str) -> bool:
    """Whether the braces of a text cannot end the field that it stands in."""
    depth = 0
    for brace in _BRACES.findall(text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0 and not text.endswith("\\")


def _fields(record: Canonical) -> Iterator[tuple[str, str]]:
    def text(name: str) -> str:
        return tex(str(record.get(name, "")))

    def joined(name: str) -> str:
        values = list(map(tex, record.get(name, ())))
        between = _BETWEEN.get(name, "; ")
        if not any(between.strip() in value for value in values):
            return between.join(values)
        return "; ".join(values) + (";" if len(values) == 1 and between != "; " else "")

    kind = type_of(record)[1]
    yield "title", text("title")
    yield "type", genre_of(record)
    for role in ("author", "editor"):
        yield role, " and ".join(_name(person) for person in persons(record, f"{role}s"))
    yield "year", text("year")
    yield "date", text("date") if len(str(record.get("date", ""))) > len("2022") else ""
    yield CONTAINER_FIELD.get(kind, "journal" if kind == "article" else "series"), text("container")
    yield "volume", text("volume")
    yield "number", text("issue")
    yield "pages", "--".join(tex(page) for page in pages_of(record) if page)
    yield "eid", text("article_number")
    yield "school" if kind == "phdthesis" else "publisher", text("publisher")
    yield "address", text("publisher_place")
    yield "doi", bare(record.get("doi", ""))
    yield "issn", " ".join(record.get("issn", ()))
    yield "isbn", " ".join(record.get("isbn", ()))
    yield from _identifiers(record)
    yield "url", bare(next(iter(links(record)), ""))
    yield "language", text("language")
    yield "langid", _LANGUAGES.get(str(record.get("language", "")), "")
    yield "abstract", text("abstract")
    yield from ((name, joined(name)) for name in ("keywords", "groups"))
    yield "note", joined("notes")
    yield from ((name, joined(name)) for name in ("database", "accession_number"))
    yield "origtitle", next(iter(map(tex, record.get("alternate_titles", ()))), "")
    yield "pubstate", text("stage")


def _identifiers(record: Canonical) -> Iterator[tuple[str, str]]:
    """Identifiers: one a scheme in the field that biblatex has for it, the others in one field."""
    others, taken = [], set()
    for scheme, value in identifiers(record):
        if scheme in taken or scheme not in (*_OWN, "arxiv"):
            others.append(f"{scheme}:{bare(value)}")
        elif scheme == "arxiv":
            yield "eprint", bare(value)
            yield "archiveprefix", "arXiv"
        else:
            yield _OWN[scheme], bare(value)
        taken.add(scheme)
    yield "identifiers", " ".join(others)
    yield "urls", " ".join(bare(url).replace(" ", "%20") for url in links(record)[1:])


def _name(person: Person) -> str:
    if person.literal or re.search(r"\band\b", person.inverted):
        return "{" + tex(person.inverted) + "}"
    return tex(person.inverted)


def tex(text: str) -> str:
    """Text that TeX sets as it stands."""
    return one_line(text).translate(_TEX_TABLE)


def bare(text: str) -> str:
    """An identifier or URL; only braces and backslashes, which could end the field, are encoded."""
    return one_line(str(text)).translate(_BARE_TABLE)


class KeyMaker:
    """Makes citation keys of surname, year and first long word, numbered where they are taken."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = dict.fromkeys(taken, 1)

    def key(self, record: Canonical) -> str:
        """The key of the next record."""
        first = next(iter(persons(record)), Person())
        family = "".join(_WORD.findall(fold(first.family or first.literal)))[:20]
        words = [
            word for word in _WORD.findall(fold(str(record.get("title", "")))) if len(word) > 3
        ]
        return self.free(f"{family or 'anon'}{record.get('year', '')}{words[0] if words else ''}")

    def free(self, key: str) -> str:
        """The key, with a number where it is taken."""
        count = self._taken[key] = self._taken.get(key, 0) + 1
        return key if count == 1 else self.free(f"{key}-{count}")
