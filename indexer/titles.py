"""
Titles: what a title says, taken apart once so that comparisons need not.

    "[Ozone therapy. Part II]. [Russian]"  ->  Title(key "ozone therapy part ii", part "2", ...)

Does not: compare two titles, or know which titles are generic (learnt from the index).
Notices are told in `notices.py`, numbers and parts in `numerals.py`. A new suffix that
databases append is a word of `_SUFFIX` and one line in tests/cases/titles.csv.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from indexer.notices import notice_of
from indexer.numerals import numbers_of, part_of, without_enumeration
from indexer.text import fold, fold_original, repair, script_of


@dataclass(frozen=True, slots=True)
class Title:
    """One title of a work; every part is empty when the title does not have it."""

    text: str = ""  # repaired, for display
    key: str = ""  # folded, without what databases add: suffixes, labels, marks, chapter numbers
    words: tuple[str, ...] = ()  # of the key
    main: str = ""  # the subject without its subtitle
    compact: str = ""  # the key without spaces: missing spaces do not matter here
    original: str = ""  # the key in its own script, "" for Latin
    numbers: tuple[str, ...] = ()  # arabic, roman, ordinals and number words as digits, in order
    part: str = ""  # number after part, volume, chapter ..., or a trailing numeral
    notice: str = ""  # one of notices.NOTICES: a publication about a work
    mark: str = ""  # one of notices.MARKS: something that befell the work itself
    subject: str = ""  # the key without the words of the notice
    script: str = ""  # of the text, as text.script_of names it
    placeholder: bool = False  # no title at all: "", "Untitled", "#NAME?"


NO_TITLE: Final = Title(placeholder=True)

_PLACEHOLDERS: Final = frozenset(
    {
        "untitled", "no title", "no title available", "title not available", "not available",
        "title not supplied", "title unavailable", "title missing", "missing title", "title",
        "n a", "na", "nan", "null", "none", "nil", "unknown", "unknown title", "undefined", "tba",
        "tbd", "to be announced", "name", "ref", "value", "div 0", "num", "s n", "s t", "sn", "st",
        "sin titulo", "sem titulo", "sans titre", "ohne titel", "senza titolo", "zonder titel",
        "titel", "titre", "titulo", "titolo", "bez nazvaniia", "bez nazwy", "untitled document",
        "untitled 1", "document", "article", "wu ti", "microsoft word", "paper", "x", "test",
    }
)  # fmt: skip
_SPREADSHEET_ERROR: Final = re.compile(r"#(?:NAME\?|REF!|VALUE!|N/?A|DIV/0!|NUM!|NULL!)\s*$")

# --- what stands around a title ------------------------------------------------------

_LANGUAGES: Final = (
    "afrikaans|albanian|arabic|armenian|azerbaijani|basque|bosnian|bulgarian|catalan|chinese|"
    "croatian|czech|danish|dutch|english|estonian|finnish|flemish|french|georgian|german|greek|"
    "hebrew|hindi|hungarian|icelandic|indonesian|italian|japanese|korean|latvian|lithuanian|"
    "macedonian|malay|norwegian|persian|polish|portuguese|romanian|russian|serbian|"
    "serbo-croatian|slovak|slovakian|slovene|slovenian|spanish|swedish|thai|turkish|ukrainian|"
    "vietnamese|farsi|ger|fre|spa|rus|chi|jpn|por|ita|pol|dut"
)
_SUFFIX: Final = re.compile(
    r"[\[(](?:(?:article )?(?:in )?(?:" + _LANGUAGES + r")(?: (?:with|and) [^\])]{1,40})?"
    r"|(?:systematic |literature |mini-?)?reviews?(?: article)?|\d+ refs?\.?|references"
    r"|(?P<abstract>(?:provisional |structured |meeting |extended |conference |poster |panel )?"
    r"abstracts?(?: (?:only|no\.? ?\w+|\w?\d+))?|poster(?: presentation)?)"
    r"|panel|demo|demonstration|keynote|invited (?:paper|talk)|oral(?: presentation)?"
    r"|(?:short|full|extended|long|preliminary|revised) (?:version|paper)"
    r"|(?:multiple |the )?letters?(?: to the editor)?|letter; ?comment|comments?|see comments?"
    r"|editorial|author'?s? transl|transl(?:ation)?|proceedings|discussion|preprint|postprint"
    r"|(?P<corrected>corrected)|(?:published |publisher )?(?:erratum|errata|corrigendum|correction)"
    r" (?:appears|in|to)\b[^\]]{0,120}|comment(?:ary)? in\b[^\]]{0,120}"
    r"|electronic resource|microform|e-?books?|book|(?:phd |ph\.d\. |doctoral |master'?s? )?"
    r"(?:thesis|dissertation)|data ?set|video|slides|presentation|supplementary material"
    r"|(?:pdf|html)(?: version)?|online|open access|reprint"
    r")[\])]\s*[.;,]?\s*$",
    re.IGNORECASE,
)
_LANGUAGE_SENTENCE: Final = re.compile(rf"[.?!\]]\s+(?:{_LANGUAGES})\.?$", re.IGNORECASE)
_LEFTOVER: Final = re.compile(r"(?:~!.*| pp\.?|[✩☆★*†‡§¶#]+)$")
_TAG: Final = re.compile(
    r"^\s*(?:\[(?:e-?books?|electronic resource|invited|letter|review|abstract|[A-Z]{1,3}-?\d{1,4})\]"
    r"|[\[(](?:19|20)\d\d[\])]\.?)\s+",
    re.IGNORECASE,
)
# The number of a conference abstract before its title: "EP-1888: …", "TH-A-211-02: …".
_ABSTRACT_CODE: Final = re.compile(
    r"^(?:[A-Z]{1,3}-\d{3,4}[a-z]?|[A-Z]{2}-[A-Z]{1,3}-(?:[\w ]{1,16}-)?\d{1,3}|#\d{1,5})\s*[:.]?\s+"
    r"(?=[A-Z])"
)
_ARXIV_MARGIN: Final = re.compile(
    r"^arXiv:\s*\S+(?:\s*\[[\w.-]{2,20}\])?(?:\s*\d{1,2}\s+[A-Z][a-z]{2}\s+\d{4})?\s+(?=\S+ \S+)"
)
_HYPHENS: Final = str.maketrans("‐‑‒−", "----")


def title_of(raw: str) -> Title:
    """The parts of a title as harvested."""
    return titles_of(raw)[0]


def titles_of(raw: str, others: Iterable[str] = ()) -> tuple[Title, tuple[Title, ...]]:
    """
    A record's title and its other titles, each once.

    Others are those the record states and those that stand inside its title: a
    translation in brackets, a parallel title after "=" or "@@@", a second script.
    """
    text = repair(raw)
    bare, mark, inside = _undressed(text)
    title = _title(text, bare, mark)
    if not inside and not others:
        return title, ()
    stated = [(other, *_undressed(other)) for other in map(repair, others)]
    found = [_title(other, bare, mark) for other, bare, mark, _ in stated]
    found += [_title(other, other, "") for other in inside]
    found += [_title(other, other, "") for _, _, _, within in stated for other in within]
    distinct = {other.key: other for other in found if not other.placeholder}
    distinct.pop(title.key, None)
    return title, tuple(distinct.values())


def _title(text: str, bare: str, mark: str) -> Title:
    """
    Args:
        text: the title repaired, for display.
        bare: the same without what stands around it.
        mark: what a suffix said of it.
    """  # noqa: D205
    notice = notice_of(bare, fold(bare))
    body = without_enumeration(_joined_isotopes(notice.body))
    key = _key(body)
    if not key or key in _PLACEHOLDERS or _SPREADSHEET_ERROR.match(text):
        return Title(text=text, placeholder=True, script=script_of(text))
    subject = key
    subject_text = body
    if notice.notice:
        subject_text = without_enumeration(_joined_isotopes(notice.subject))
        subject = _key(subject_text)
    script = script_of(text)
    return Title(
        text=text,
        key=key,
        words=tuple(key.split()),
        main=_main(subject_text, subject),
        compact=key.replace(" ", ""),
        original="" if script in ("latin", "") else fold_original(body),
        numbers=numbers_of(body, key),
        part=part_of(bare, key if body is bare else fold(bare)),
        notice=notice.notice,
        mark=mark or notice.mark,
        subject=subject,
        script=script,
    )


def _key(text: str) -> str:
    """The folded text; of a script that cannot be transliterated, its code points."""
    if (key := fold(text)) or text.isascii():
        return key
    return " ".join("".join(f"u{ord(c):x}" for c in word) for word in fold_original(text).split())


# --- undressing ----------------------------------------------------------------------


def _undressed(text: str) -> tuple[str, str, list[str]]:
    """A title without what databases put around it, the mark they left, titles inside it."""
    mark = ""
    bare = text
    if bare and (bare[-1] in "]).✩☆★*†‡§¶#" or bare.endswith(" pp") or "~!" in bare):
        bare, mark = _without_suffixes(bare)
    elif match := _LANGUAGE_SENTENCE.search(bare, max(0, len(bare) - 40)):
        bare = bare[: match.start() + 1]
    if bare and bare[0] in "[(" and (match := _TAG.match(bare)):
        bare = bare[match.end() :]
    bare = _unbracketed(bare)
    if (bare[:1].isupper() or bare[:1] == "#") and ("-" in bare[:6] or "‐" in bare[:6] or "#" in bare[:1]):
        code = _ABSTRACT_CODE.match(bare.translate(_HYPHENS))
        bare = bare[code.end() :] if code else bare
    elif bare[:6].lower() == "arxiv:":
        bare = _ARXIV_MARGIN.sub("", bare)
    bare, inside = _without_parallels(bare)
    return bare, mark, inside


def _without_suffixes(text: str) -> tuple[str, str]:
    mark = ""
    for _ in range(6):
        bracket = max(text.rfind("["), text.rfind("("))
        if bracket > 0 and (match := _SUFFIX.match(text, bracket)):
            mark = mark or str(match.lastgroup or "")
            text = text[:bracket].rstrip()
        elif (match := _LEFTOVER.search(text)) and match.start() > 0:
            text = text[: match.start()]
        elif match := _LANGUAGE_SENTENCE.search(text, max(0, len(text) - 40)):
            text = text[: match.start() + 1]
        else:
            break
    return text, mark


def _unbracketed(text: str) -> str:
    """The title inside brackets that enclose the whole: "[A translated title]."."""
    inner = text.rstrip(" .;,")
    if len(inner) < 3 or inner[0] != "[" or inner[-1] != "]":
        return text
    depth = 0
    for place, sign in enumerate(inner):
        depth += (sign == "[") - (sign == "]")
        if depth == 0 and place < len(inner) - 1:
            return text  # "[11C]-labelled … [18F]"
    return inner[1:-1]


_BRACKETED_END: Final = re.compile(r"^(?P<before>.{10,}?)\s*\[(?P<inside>[^\[\]]{12,})\]\s*\.?$")
_CITATION: Final = re.compile(r"(?:19|20)\d\d\s*[;:]|\d+\s*[:(]\s*\d+|\bpmid\b|\bdoi\b|appears in", re.I)
_FEWEST_WORDS: Final = 3  # of a title on either side of a bracket or an equals sign
_OTHER_SCRIPT: Final = re.compile("[\u0400-\u1dff\u3040-\ud7ff]{3}")
_LATIN_RUN: Final = re.compile(r"[A-Za-zÀ-ɏ][\x20-\x7eÀ-ɏ‐-’“”]*[A-Za-zÀ-ɏ.)]")


def _without_parallels(text: str) -> tuple[str, list[str]]:
    """The first of parallel titles, and the others."""
    if "@@@" in text:
        first, *rest = (part.strip() for part in text.split("@@@"))
        return first, [part for part in rest if part]
    if text[-1:] in ("]", ".") and (match := _BRACKETED_END.match(text)):
        before, inside = match["before"].strip(), match["inside"].strip()
        long_enough = min(_words(before), _words(inside)) >= _FEWEST_WORDS
        if long_enough and not _CITATION.search(inside):
            return before, [inside]
    if " = " in text:
        first, _, rest = text.partition(" = ")
        if script_of(first) != script_of(rest) or min(_words(first), _words(rest)) > _FEWEST_WORDS:
            return first, [rest]
    if not text.isascii() and _OTHER_SCRIPT.search(text):
        return text, _of_two_scripts(text)
    return text, []


def _words(text: str) -> int:
    """How many words; an ideograph is half of one."""
    spaced = text.count(" ") + 1
    return spaced if text.isascii() else max(spaced, len(fold_original(text)) // 2 if
                                             script_of(text) in ("han", "kana") else 0)


def _of_two_scripts(text: str) -> list[str]:
    """The Latin and the other half of "Русское название Russian title"."""
    run = max(_LATIN_RUN.finditer(text), key=lambda m: len(m[0]), default=None)
    if run is None or _words(run[0]) <= _FEWEST_WORDS:
        return []
    rest = (text[: run.start()] + " " + text[run.end() :]).strip(" .:;,=/()[]-")
    return [run[0], rest] if len(rest) > 3 else []


# --- parts of a title ----------------------------------------------------------------

_SUBTITLE: Final = re.compile(
    r"[:：](?:\s|(?=[^\W\d_]{2}))|\s[-–/]+\s|—|--|[?;]\s(?=\S)"
    r"|\.(?<=[^\W\d_]{4}\.)\s(?=[^\W\d_])"
)


def _main(text: str, key: str) -> str:
    """The folded title up to its first subtitle."""
    match = _SUBTITLE.search(text)
    return fold(text[: match.start()]) or key if match else key


# --- radiochemistry ------------------------------------------------------------------

_TRACERS: Final = (
    "C-11|C-13|C-14|F-18|O-15|N-13|I-123|I-124|I-125|I-131|Tc-99m|Ga-67|Ga-68|Cu-64|Cu-67|In-111|"
    "Lu-177|Zr-89|Y-90|Tl-201|Rb-82|At-211|Ra-223|Re-188|Sr-89|Xe-133|P-31|P-32"
)
_HYPHEN_NUMBER: Final = re.compile(r"-\d\d")
_TRACER: Final = re.compile(rf"\b(?:{_TRACERS})(?![\w])", re.IGNORECASE)
_IN_PARENTHESES: Final = re.compile(r"(?<=[A-Za-z])\((\d{1,3})\)|\((\d{1,3}m?)\)(?=[A-Z][A-Za-z]?(?:\W|[A-Z]))")


def _joined_isotopes(text: str) -> str:
    """ "C-11", "(11)C" and "[11C]" all as "11C"; "B(12)" as "B12"."""
    if "(" in text:
        text = _IN_PARENTHESES.sub(r"\1\2", text)
    if _HYPHEN_NUMBER.search(text):
        text = _TRACER.sub(lambda m: "".join(reversed(m[0].split("-"))), text)
    return text
