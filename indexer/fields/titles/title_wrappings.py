"""
Title wrappings: what databases, programmes and publishers put around a title.

    "[Ozone therapy]. [Russian] [33 refs]"  ->  Unwrapped("Ozone therapy")
    "Zur Ozontherapie bei Karies [On ozone therapy of caries]"
        ->  Unwrapped("Zur Ozontherapie bei Karies", inside ["On ozone therapy of caries"])

Does not: fold, or tell what a title is about (`notices.py`). A new suffix is a word of
`_SUFFIX` and one line in tests/cases/titles.csv.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from indexer.fields.text.folding import fold_original, script_of


class Unwrapped(NamedTuple):
    """A title without its wrappings."""

    bare: str
    mark: str = ""  # what they said of the work, one of notices.MARKS
    inside: tuple[str, ...] = ()  # other titles that stood inside it


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
    r" (?:appears|in|to)\b.{0,120}|comment(?:ary)? in\b.{0,120}"
    r"|version \d+; (?:peer review|referees?|awaiting).{0,120}"
    r"|electronic resource|microform|e-?books?|book|(?:phd |ph\.d\. |doctoral |master'?s? )?"
    r"(?:thesis|dissertation)|data ?set|video|slides|presentation|supplementary material"
    r"|(?:pdf|html)(?: version)?|online|open access|reprint"
    r")[\])]\s*[.;,]?\s*$",
    re.IGNORECASE,
)
_LANGUAGE_SENTENCE: Final = re.compile(rf"[.?!\]]\s+(?:{_LANGUAGES})\.?$", re.IGNORECASE)
_LANGUAGE_WORDS: Final = frozenset(_LANGUAGES.split("|"))
# Google Scholar puts the copies that it knows behind a title: "… - group of 14 »".
_LEFTOVER: Final = re.compile(
    r"(?:~!.*| ?- (?:group of|all) \d+(?: versions)?(?: ?»)?"
    r"| pp\.?|[ \[]version \d+; .*|[✩☆★*†‡§¶#]+)$",
    re.IGNORECASE,
)
_TAG: Final = re.compile(
    r"^\s*(?:(?:\[(?:e-?books?|electronic resource|invited|letter|review|abstract|"
    r"pdf|html|citation|book|[A-Z]{1,3}-?\d{1,4})\]"
    r"|[\[(](?:19|20)\d\d[\])]\.?)\s+)+",
    re.IGNORECASE,
)
# The number of a conference abstract before its title: "EP-1888: …", "TH-A-211-02: …".
_ABSTRACT_CODE: Final = re.compile(
    r"^(?:(?:[A-Z]{1,3}-\d{3,4}[a-z]?|[A-Z]{2}-[A-Z]{1,3}-(?:[\w ]{1,16}-)?\d{1,3}|#\d{1,5})"
    r"\s*[:.]?|\d{1,4} (?:poster|oral|invited|speaker|proffered paper):?)\s+(?=[A-Z])"
)
# What a programme puts behind a talk, also before its subtitle.
_SESSION: Final = re.compile(
    r"\s*\((?:panel|tutorial|demo|demonstration|keynote|invited|industrial|poster)"
    r"(?: (?:session|abstract|paper|talk|description|lecture))?\)",
    re.IGNORECASE,
)
_SESSION_WORD: Final = re.compile(
    r"\((?:panel|tutorial|demo|keynote|invited|industrial|poster)", re.IGNORECASE
)
_ARXIV_MARGIN: Final = re.compile(
    r"^arXiv:\s*\S+(?:\s*\[[\w.-]{2,20}\])?(?:\s*\d{1,2}\s+[A-Z][a-z]{2}\s+\d{4})?\s+(?=\S+ \S+)"
)
_ARXIV_BEHIND: Final = re.compile(
    r"(?<=\S{3}),?\s+arXiv:\s*(?:[a-z.-]+/\d{7}|\d{4}\.\d{3,5})(?:v\d+)?\b.{0,40}$", re.IGNORECASE
)
# The same stamp as read off a page's margin: "ar X iv : m at h / 02 04 20 5 v 1 5 A pr 2 00 2 …".
_TORN_MARGIN: Final = re.compile(
    r"(?P<stamp>ar ?X ?iv ?: ?[^\[]{4,40}(?:\[[^\]]{2,40}\] ?)?)?[\d ]{1,4}"
    r"(?P<date>(?:J ?a ?n|F ?e ?b|M ?a ?r|A ?p ?r|M ?a ?y|J ?u ?n|J ?u ?l|A ?u ?g|S ?e ?p|O ?c ?t"
    r"|N ?o ?v|D ?e ?c) ?\d(?: ?\d){3})\s+(?=\S+ \S+)"
)
_CODE_BEGINS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ#0123456789")
_HYPHENS: Final = str.maketrans("‐‑‒−", "----")


def unwrapped(text: str) -> Unwrapped:
    """A repaired title without what was put around it."""
    mark = ""
    bare = text
    if bare and (
        bare[-1] in "]).✩☆★*†‡§¶#»"
        or bare.endswith(" pp")
        or "~!" in bare
        or (";" in bare and "; referees" in bare.lower())
    ):
        bare, mark = _without_suffixes(bare)
    elif match := _language_sentence(bare):
        bare = bare[: match.start() + 1]
    if "(" in bare and _SESSION_WORD.search(bare):
        bare = _SESSION.sub("", bare)
    if bare and bare[0] in "[(" and (match := _TAG.match(bare)):
        bare = bare[match.end() :]
    bare = _unbracketed(bare)
    if bare[:1] in _CODE_BEGINS and (match := _ABSTRACT_CODE.match(_with_hyphens(bare))):
        bare, mark = bare[match.end() :], mark or "abstract"
    elif bare[:6].lower() == "arxiv:":
        bare = _ARXIV_MARGIN.sub("", bare)
    elif "arxiv:" in bare.lower():
        bare = _ARXIV_BEHIND.sub("", bare)
    if bare[:1].isdigit() or bare[:2] == "ar":
        bare = _without_torn_margin(bare)
    bare, inside = _without_parallels(bare)
    return Unwrapped(bare, mark, tuple(inside))


def _with_hyphens(text: str) -> str:
    return text if text.isascii() else text.translate(_HYPHENS)


def _without_torn_margin(text: str) -> str:
    """A title may begin with a date, "4 May 1999"; a torn one, "4 M ay 1 99 9", is a stamp."""
    match = _TORN_MARGIN.match(text)
    if match is None or not (match["stamp"] or match["date"].count(" ") > 1):
        return text
    return text[match.end() :]


def _without_suffixes(text: str) -> tuple[str, str]:
    mark = ""
    for _ in range(6):
        bracket = _last_bracket(text)
        if bracket > 0 and (match := _SUFFIX.match(text, bracket)):
            mark = mark or str(match.lastgroup or "")
            text = text[:bracket].rstrip()
        elif _may_leave_over(text) and (match := _LEFTOVER.search(text)) and match.start() > 0:
            text = text[: match.start()]
        elif match := _language_sentence(text):
            text = text[: match.start() + 1]
        else:
            break
    return text, mark


def _language_sentence(text: str) -> re.Match[str] | None:
    """ "[…]. Russian" at the end of a title; most end in no such word, which is told sooner."""
    if text.isascii() and text[text.rfind(" ") + 1 :].strip(".").lower() not in _LANGUAGE_WORDS:
        return None
    return _LANGUAGE_SENTENCE.search(text, max(0, len(text) - 40))


def _may_leave_over(text: str) -> bool:
    """Whether what _LEFTOVER looks for may be there."""
    ends = text[-4:].lower().endswith((" pp", " pp.", "#"))
    return ends or "~!" in text or ";" in text or not text.isascii()


def _last_bracket(text: str) -> int:
    """Where the bracket opens that closes at the end of a title, -1 when none does."""
    end = text.rstrip(" .;,")
    closing = end[-1:]
    opening = {"]": "[", ")": "("}.get(closing)
    if opening is None:
        return -1
    depth = 0
    for place in range(len(end) - 1, max(-1, len(end) - 200), -1):
        depth += (end[place] == closing) - (end[place] == opening)
        if depth == 0:
            return place
    return -1


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
_PARENTHESISED_END: Final = re.compile(r"^(?P<before>[^()]{6,}?)\s*\((?P<inside>[^()]{6,})\)$")
_CITATION: Final = re.compile(
    r"(?:19|20)\d\d\s*[;:]|\d\s*[:(]\s*\d|\bpmid\b|\bdoi\b|appears in", re.I
)
_FEWEST_WORDS: Final = 3  # of a title on either side of a bracket or an equals sign
_OTHER_SCRIPT: Final = re.compile("[\u0400-\u1dff\u3040-\ud7ff]{3}")
_LATIN_RUN: Final = re.compile(r"[A-Za-zÀ-ɏ][\x20-\x7eÀ-ɏ‐-’“”]*[A-Za-zÀ-ɏ.)]")


def _without_parallels(text: str) -> tuple[str, list[str]]:
    """The first of parallel titles, and the others."""
    if "@" in text and "@@@" in text:
        first, *others = (part.strip() for part in text.split("@@@"))
        return first, [other for other in others if other]
    if text[-1:] in ("]", ".") and (match := _BRACKETED_END.match(text)):
        before, inside = match["before"].strip(), match["inside"].strip()
        long_enough = min(_words(before), _words(inside)) >= _FEWEST_WORDS
        if long_enough and not _CITATION.search(inside):
            return before, [inside]
    if text[-1:] == ")" and (match := _PARENTHESISED_END.match(text)):
        before, inside = match["before"].strip(), match["inside"].strip()
        scripts = {script_of(before), script_of(inside)}
        if len(scripts) == 2 and min(_words(before), _words(inside)) >= _FEWEST_WORDS:
            return before, [inside]
    if "=" in text and " = " in text:
        first, _, rest = text.partition(" = ")
        scripts = {script_of(first), script_of(rest)}
        if (len(scripts) == 2 and "" not in scripts) or _are_parallel(first, rest):
            return first, [rest]
    if not text.isascii() and _OTHER_SCRIPT.search(text):
        return text, _of_two_scripts(text)
    return text, []


def _are_parallel(first: str, rest: str) -> bool:
    """Titles on either side of an equals sign, not the sides of an equation."""
    around = [*first.split()[-1:], *rest.split()[:1]]
    return (
        len(around) == 2
        and min(_words(first), _words(rest)) > _FEWEST_WORDS
        and all(len(word) > 2 and word.isalpha() for word in around)
        and all(side.count("(") == side.count(")") for side in (first, rest))
    )


def _words(text: str) -> int:
    """How many words; an ideograph is half of one."""
    spaced = text.count(" ") + 1
    return (
        spaced
        if text.isascii()
        else max(spaced, len(fold_original(text)) // 2 if script_of(text) in ("han", "kana") else 0)
    )


def _of_two_scripts(text: str) -> list[str]:
    """The Latin and the other half of "Русское название Russian title"."""
    run = max(_LATIN_RUN.finditer(text), key=lambda m: len(m[0]), default=None)
    if run is None or _words(run[0]) <= _FEWEST_WORDS:
        return []
    rest = (text[: run.start()] + " " + text[run.end() :]).strip(" .:;,=/()[]-")
    return [run[0], rest] if len(rest) > 3 else []
