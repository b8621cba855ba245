"""
Numerals: the numbers in a title, and which of them names a part.

    "Type II errors. Part three"  ->  numbers ("2", "3"), part "3"

Figures, ordinals, number words and roman numerals all become figures, so that
"Part II", "Part two" and "Part 2" agree. A roman numeral is one only where it stands
as one: "I" the pronoun and "C" the language are not.

Does not: know which numbers matter (`detector.comparisons` does). A new marker of
parts is a word of `_MARKERS` and one line in tests/cases/titles.csv.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.fields.text.roman_numerals import ROMAN

# --- values --------------------------------------------------------------------------


_ROMAN: Final = {roman: str(number) for roman, number in ROMAN.items() if number < 300}
# Roman numerals of I, V, X that need no marker; "XX" is a karyotype, "XXX" none either.
_FREE: Final = frozenset(roman for roman, number in ROMAN.items() if 1 < number < 40) - {
    *("v", "x", "xx", "xxx")
}
# Written small, these are other things: intravenous, an editor, the letter xi.
_SMALL_AMBIGUOUS: Final = frozenset({"iv", "vi", "ix", "xi", "xv", "xx", "xiv", "xxx"})
_SURE: Final = _FREE - _SMALL_AMBIGUOUS
_CAPITALS: Final = re.compile(r"\b[IVX]{2,6}\b")

_CARDINALS: Final = (
    "one eins", "two zwei deux dois", "three drei trois tres tre", "four vier quatre cuatro quatro "
    "quattro", "five funf cinq cinco cinque", "six sechs seis", "seven sieben sete siete",
    "eight acht ocho oito", "nine neun nueve nove", "ten zehn dix diez dez", "eleven elf",
    "twelve zwolf", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty zwanzig",
)  # fmt: skip
_ORDINALS: Final = (
    "first erste erster erstes premier premiere primera primeiro primeira primo prima pervaia",
    "second zweite zweiter zweites deuxieme seconde segundo segunda seconda vtoraia",
    "third dritte dritter drittes troisieme tercero tercera terza tretia",
    "fourth vierte vierter viertes quatrieme cuarta quarta",
    "fifth funfte funfter cinquieme quinta",
    "sixth sechste sixieme sexta", "seventh siebte septieme", "eighth achte huitieme",
    "ninth neunte neuvieme", "tenth zehnte dixieme", "eleventh", "twelfth", "thirteenth",
    "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
)  # fmt: skip
_ORDINAL_WORDS: Final = {
    word: str(number) for number, words in enumerate(_ORDINALS, 1) for word in words.split()
}
_WORDS: Final = {
    **{word: str(number) for number, words in enumerate(_CARDINALS, 1) for word in words.split()},
    **_ORDINAL_WORDS,
    "thirty": "30", "forty": "40", "fifty": "50", "hundred": "100", "thousand": "1000",
}  # fmt: skip
_DIGITS: Final = re.compile(r"\d+")
_PART_NUMBER: Final = re.compile(r"0*(\d{1,3}[a-h]?)$")


def _value(token: str) -> str:
    """A folded numeral as figures, "" when it is none; the letter of "2a" stays."""
    if figures := _PART_NUMBER.match(token):
        return figures[1]
    return _WORDS.get(token) or _ROMAN.get(token) or ""


def figures_of(word: str) -> str:
    """The figures of a word that may be a number: "3rd", "third", "iii", "3", "3D"; else ""."""
    if ordinal := _ORDINAL_FIGURES.match(word):
        return ordinal[1]
    return _WORDS.get(word) or (_ROMAN[word] if word in _NUMBERISH else "")


_ORDINAL_FIGURES: Final = re.compile(r"0*(\d{1,3})(?:st|nd|rd|th|d)?$")

# --- numbers -------------------------------------------------------------------------

_NUMBERISH: Final = frozenset(_WORDS) | {roman for roman in _ROMAN if set(roman) <= set("ivx")}
# Words before which a single I, V or X is a number.
_CLASSIFYING: Final = (
    "type types class phase phases stage stages grade level group factor factors part parts volume "
    "vol chapter section book series report paper lecture study experiment version model collagen "
    "angiotensin topoisomerase polymerase complex war band teil tome tomo parte"
)
_CLASSIFIERS: Final = frozenset(_CLASSIFYING.split())


def numbers_of(text: str, words: Sequence[str]) -> tuple[str, ...]:
    """
    Every number of a title as figures, in order.

    Args:
        text: the title with its case and signs: they tell numerals from words.
        words: of the same, folded.
    """
    if _NUMBERISH.isdisjoint(words) and "".join(words).isalpha():
        return ()
    numbers: list[str] = []
    before = ""
    standing: frozenset[str] | None = None
    for word in words:
        if not word.isalpha():  # inside words too: "interleukin 6", "interleukin6", "21st"
            numbers += (digits.lstrip("0") or "0" for digits in _DIGITS.findall(word))
        elif word in _NUMBERISH:
            if word in _WORDS:
                numbers.append(_WORDS[word])
            else:
                standing = _standing_numerals(text) if standing is None else standing
                if before in _CLASSIFIERS or word in standing or word in _SURE:
                    numbers.append(_ROMAN[word])
        before = word
    return tuple(numbers)


def _standing_numerals(text: str) -> frozenset[str]:
    """The roman numerals that their case and place in a title show to be ones."""
    lone = _LONE_NUMERAL.search(text)
    numerals = {letter.lower() for letter in lone.groups() if letter} if lone else set()
    return frozenset(numerals | {n for n in map(str.lower, _CAPITALS.findall(text)) if n in _FREE})


# --- parts ---------------------------------------------------------------------------

_MARKERS: Final = (
    "part|parts|pt|volume|volumes|vol|vols|chapter|chapters|chap|section|lecture|lesson|book|"
    "report|paper|issue|session|episode|module|unit|series|supplement|appendix|"
    "teil|band|bd|kapitel|heft|folge|lieferung|abschnitt|abteilung|"
    "tome|tomo|partie|chapitre|fascicule|parte|volumen|capitulo|capitolo|fasciculo|"
    "deel|hoofdstuk|kapittel|czesc|cz|tom|rozdzial|cast|dil|svazek|osa|resz|kotet|cilt|bolum|"
    "chast|glava|vypusk|soobshchenie|chastina|bagian|bab|jilid"
)
_FIGURES_ONLY: Final = "no|nr|num|number|numero|numer|nummer|ch|del|kn"
_NUMERAL: Final = rf"\d{{1,3}}[a-h]?|[ivxlc]{{1,7}}|{'|'.join(_WORDS)}"
_MARKER_WORDS: Final = frozenset(f"{_MARKERS}|{_FIGURES_ONLY}".split("|"))
_MARKED: Final = re.compile(
    rf"\b(?:(?:{_MARKERS})(?: (?:no|nr|number))? (?P<numeral>{_NUMERAL})"
    rf"|(?:{_FIGURES_ONLY}) (?P<figures>\d{{1,3}})"
    r"|(?:part|teil|series|section|appendix) (?P<letter>[a-h])"
    rf"|(?P<ordinal>\d{{1,2}}(?:st|nd|rd|th)|{'|'.join(_ORDINAL_WORDS)}) "
    r"(?:part|volume|chapter|lecture|teil|band|kapitel|partie|tome|parte|tomo|chast|tom)"
    r"|(?P<plain>\d{1,2}) (?:teil|band|kapitel|partie|tome))\b"
)
_ALONE: Final = r"(?P<{}>[IVX]{{1,5}}|\d{{1,2}})"
_LEADING: Final = re.compile(
    r"^\(?(?:(?P<leading>\d{1,2})(?:[.)]\s+(?=[^\W\d_])|\s+[-–—]\s+(?=[A-ZÀ-Þ]))"
    r"|(?P<leading_roman>[IVX]{2,5}|I|[VX](?=\s+[–—]))(?:[.)]|\s+[–—])\s+(?=[A-ZÀ-Þ]))"
)
# "... somatotropin. 2. Effects", "... signals I: noise"; but no initials ("by I. E. Lawton")
# and no genus ("V. cholerae").
_BETWEEN: Final = re.compile(
    r"[.:?!;]\s+\(?" + _ALONE.format("after_stop") + r"[.:)]\s+(?=[^\W\d_a-z(])"
    r"|[\s,(]" + _ALONE.format("before_colon") + r"\)?:\s+(?=[^\W_(])"
    r"|\s(?P<before_stop>[IVX]{2,5}|\d{1,2})\.\s+(?=[A-Z][A-Za-z]{2})"
)
# Whatever stands between: looked for first, in a sixth of the time.
_STOPPED: Final = re.compile(r"[0-9IVX][.:)]")
_TRAILING: Final = re.compile(
    r"(?P<before>\w*)[.,:;]?[\s(–—-]+\(?" + _ALONE.format("trailing") + r"\)?[\s.]*$"
)
_JOINING: Final = (
    "and or of to from in by vs versus than at age aged over under with between de und et y e le "
    "= &"
)
_NOT_A_PART_AFTER: Final = frozenset(_JOINING.split())
# A numeral of one letter that stands as one: at a border of the title, or before a colon.
_LONE_NUMERAL: Final = re.compile(
    r"(?:[.:?]\s+\(?([IVX])[.:)]\s|\s\(?([IVX])\)?:\s|^\(?(I)[.)]\s|[.(]\s*([IVX])\)?[\s.]*$"
    r"|\b(?!(?:and|or|of|AND|OR|OF)\b)\w+\s([IV])[\s.]*$)"
)
_IDEOGRAPHIC: Final = re.compile(
    r"第\s?([一二三四五六七八九十]|\d{1,3})\s?(?:部|章|卷|巻|編|编|篇|集|回|册|冊|講|讲|報|报|号|號|期)"
    r"|その\s?([一二三四五六七八九十]|\d{1,3})|제\s?(\d{1,3})\s?(?:부|장|권|편|보)"
    r"|[((〈]([上中下])[))〉]\s*$"
)
_IDEOGRAPHS: Final = dict(zip("一二三四五六七八九十", map(str, range(1, 11)), strict=True)) | {
    "上": "1",
    "中": "2",
    "下": "3",
}


def part_of(text: str, words: Sequence[str]) -> str:
    """
    The number of the part a title names, "" for none; volume 2, part 1 is "2.1".

    The title has its case and signs, its words are folded.

    A marker ("Part II", "Teil 2", "2nd volume") comes first, then a number before the
    title, between its segments, or at its end.
    """
    if not _MARKER_WORDS.isdisjoint(words):
        marked = [_marked_value(match) for match in _MARKED.finditer(" ".join(words))]
        if parts := [value for value in marked if value]:
            return ".".join(dict.fromkeys(parts))
    if match := _LEADING.match(text):
        return _value(match[str(match.lastgroup)].lower())
    stopped = _STOPPED.search(text) or not text.isascii()
    if stopped and (match := _BETWEEN.search(text)) and not _listed(match):
        return _value(match[str(match.lastgroup)].lower())
    last = text[text.rfind(" ") + 1 :].strip("().,:;-–—")
    if (
        (last.isdigit() or last.lower() in _ROMAN)
        and (match := _TRAILING.search(text, max(0, len(text) - 60)))
        and _may_trail(match)
    ):
        return _value(match["trailing"].lower())
    if not text.isascii() and (match := _IDEOGRAPHIC.search(text)):
        sign = str(match[match.lastindex or 0])
        return _IDEOGRAPHS.get(sign) or sign.lstrip("0")
    return ""


def _listed(match: re.Match[str]) -> bool:
    """ "Toll-like 2 and 4: …", "women over age 50: …"."""
    before = match.string[: match.start()].rsplit(None, 1)[-1:]
    return bool(before) and before[0].lower() in _NOT_A_PART_AFTER


def _marked_value(match: re.Match[str]) -> str:
    numeral = match["numeral"] or match["figures"] or match["plain"]
    if numeral:
        return numeral if numeral == "c" else _value(numeral)
    if ordinal := match["ordinal"]:
        return _ORDINAL_WORDS.get(ordinal) or _DIGITS.findall(ordinal)[0].lstrip("0")
    return str(match["letter"])


def _may_trail(match: re.Match[str]) -> bool:
    numeral, text = match["trailing"], match.string
    if match["before"].lower() in _NOT_A_PART_AFTER or not match["before"]:
        return False
    joint = text[match.end("before") : match.start("trailing")]
    if numeral.isdigit():
        return "-" not in joint or " " in joint  # "interleukin-6" is a name
    return numeral != "X" or any(sign in joint for sign in ".,:;(")


def without_enumeration(text: str) -> str:
    """A title without the number it begins with: "13. Random walks", "Chapter 6: Random walks"."""
    match = _LEADING.match(text) or _LEADING_CHAPTER.match(text)
    return text[match.end() :] if match else text


_LEADING_CHAPTER: Final = re.compile(
    r"^(?:chapter|chap\.?|kapitel|chapitre|cap[ií]tulo|capitolo|lecture|lesson|session|unit|section|"
    rf"module|lektion)\s+(?:no\.?\s*)?(?:{_NUMERAL})\s*[.:–—-]+\s*(?=[^\s\d])",
    re.IGNORECASE,
)
