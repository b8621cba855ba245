"""
The page docs/feeds.md, made from the tables that a harvest reads.

    FEEDS, PROTOCOLS, Politeness, FORMATS, SHAPES  ->  Markdown on stdout

`make docs` writes it (docs/make_pages.py); a test compares. Does not: describe
what the tables do not hold, but for the paragraphs of TEXT.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Final

from indexer.feeds.formats import FORMATS
from indexer.feeds.formats.shapes import LISTS, MAPS, SHAPES, own
from indexer.feeds.formats.vocabularies import VOCABULARIES
from indexer.feeds.opening import PROTOCOLS
from indexer.feeds.registry import FEEDS
from indexer.feeds.transport.politeness import Politeness

FIGURES: Final = {
    "rate": "requests a second; 0 is no limit",
    "attempts": "tries of one request",
    "first_wait": "seconds before the second try; it doubles, with jitter",
    "longest_wait": "seconds, at most, between two tries",
    "longest_retry_after": "seconds; asked to wait longer, the harvest stops and comes back",
    "connect_timeout": "seconds",
    "read_timeout": "seconds between two bytes",
    "deadline": "seconds for one whole answer",
    "download_deadline": "seconds for one whole file",
    "largest_download": "bytes of one file",
    "failures": "failed requests in a row after which a host is left alone, for",
    "pause": "seconds",
    "idle_pages": "pages in a row without anything new after which a list is given up",
    "private_hosts": 'hosts that may be reached though not public, `["host:port"]`',
    "contact": "a mail address, told to every host",
    "ca_file": "certificates to trust instead of the public ones",
}
TEXT: Final = """\
# Feeds

Made from the program's own tables by `make docs`; do not edit.

`samework harvest NAME…` reads feeds from where they were left, side by side, each at its own
rate. A page and its checkpoint are stored together, so a harvest that was killed goes on with the
same command. A harvest is `complete` only when the source said that its list is at its end and
the counts agree; otherwise it is `incomplete`, with the number that lacks where it is known, exit
status 3, and the gap is read again the next time. A list that brings nothing new for a hundred
pages (`idle_pages`) is given up as incomplete. What cannot be read lies in the dead letters, and
the harvest ends with exit status 3 too.

A table `[feeds.NAME]` of samework.toml replaces any column, option or figure of a feed below, or
adds a feed of one's own:

```toml
[feeds.arxiv]
set = "cs"
contact = "harvest@library.example"

[feeds.library]                     # a repository of one's own
protocol = "oai_pmh"
endpoint = "https://repository.library.example/oai"
prefix = "oai_openaire"
slice_days = 30

[feeds.inbox]                       # a folder that exports are dropped into
protocol = "folder"
endpoint = "/data/inbox"
```

`unique` sources hold one record a version by themselves; name them as `unique_source` to have two
records of one never joined. Keys are read from the environment and from nowhere else; an endpoint
may hold no password. Rates are below what the sources allow; what a host states in its answers
comes first.
"""


def page() -> str:
    """The page as it has to be."""
    return "\n".join((TEXT, *_feeds(), *_protocols(), *_figures(), *_files())) + "\n"


def _feeds() -> Iterator[str]:
    yield "## Feeds there are\n"
    names = ("feed", "what it is", "protocol", "endpoint", "a second", "licence of its metadata")
    yield f"| {' | '.join((*names, 'key', 'unique'))} |"
    yield "|---|---|---|---|---|---|---|---|"
    for feed in FEEDS.values():
        rate = f"{feed.rate:g}" if feed.rate else ""
        key = f"`{feed.key.variable}`" if feed.key else ""
        cells = (f"`{feed.name}`", feed.about, f"`{feed.protocol}`", f"`{feed.endpoint}`")
        unique = "yes" if feed.unique else ""
        yield f"| {' | '.join((*cells, rate, feed.licence, key, unique))} |"


def _protocols() -> Iterator[str]:
    yield "\n## Protocols and their options\n"
    yield "| protocol | options |"
    yield "|---|---|"
    for name, opener in PROTOCOLS.items():
        yield f"| `{name}` | {opener.options} |"


def _figures() -> Iterator[str]:
    yield "\n## Figures of politeness\n"
    yield "| figure | default | meaning |"
    yield "|---|---|---|"
    standard = Politeness()
    for figure in fields(Politeness):
        if figure.name in FIGURES:
            value = getattr(standard, figure.name)
            shown = f"{value:g}" if isinstance(value, float) else str(value) if value else ""
            yield f"| `{figure.name}` | {shown} | {FIGURES[figure.name]} |"


_OWN_KEYS: Final = """
A JSON export of one's own is read as `own`. Its keys are, with texts, numbers or lists of them:
{plain}; and with objects or lists, too: {trees} (`{{"family", "given", "orcid"}}`,
`["pmid", "31234567"]`, `{{"kind", "target"}}`). What stands under other keys stays in `extra`.
An object with a tree of its own beside little more than a title, or whose title or authors stand
under other keys, is refused by its keys, since the half that is known would lose the rest."""


def _files() -> Iterator[str]:
    yield "\n## Files that are read\n"
    yield "Told by their content, gzip or zstd or plain: " + _list(f.name for f in FORMATS) + "."
    yield "\nJSON objects: " + _list(shape.name for shape in SHAPES) + "."
    yield _OWN_KEYS.format(trees=_list(sorted(own.TREES)), plain=_list(_plain_keys()))
    answers = (" → ".join(path) for path in sorted((*LISTS, *MAPS)))
    yield "\nSaved answers of an API: their rows may stand under " + _list(answers) + "."
    yield "\nXML, told by its elements: " + _list(sorted(VOCABULARIES)) + "."


def _plain_keys() -> list[str]:
    return sorted(own.EVERY_KEY - own.TREES - {"record_id"})


def _list(names: Iterator[str] | list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    print(page(), end="")
