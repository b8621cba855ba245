"""
Titles compared: by their characters, and by their words.

    Profile, Profile  ->  title, title_words

Does not: say what an equal title is worth (`shared_titles` does), or decide whether two make
one work.
"""

from __future__ import annotations

from typing import Final

from rapidfuzz.distance import Indel, Levenshtein

from detector.comparisons.base import MISSING, Comparison, Values, codes, levels
from detector.comparisons.profile import Profile
from indexer.fields.text.folding import fold
from indexer.fields.titles.numerals import figures_of
from indexer.fields.titles.titles import Title

TITLE: Final = levels(
    ("exact", "the titles are the same"),
    ("spacing", "the titles are the same but for spaces"),
    ("alternate", "one record's title is another title of the other"),
    ("subtitle", "the titles are the same but for a subtitle or heading, or an end cut off"),
    ("wrapped", "one title stands inside the other among names, venue or year"),
    ("begun", "one title is how the other begins"),
    ("contained", "one title stands whole inside the other"),
    ("contained_short", "one title, a short one, stands whole inside the other"),
    ("over_97", "the titles differ in very few characters"),
    ("over_94", "the titles differ in few characters"),
    ("over_90", "nine tenths of the titles' characters agree"),
    ("over_85", "the titles are alike"),
    ("over_80", "the titles are rather alike"),
    ("over_70", "the titles are loosely alike"),
    ("over_60", "the titles have something in common"),
    ("less", "the titles differ"),
)
_T: Final = codes(TITLE)
BINS: Final = tuple((bound / 100, _T[f"over_{bound}"]) for bound in (97, 94, 90, 85, 80, 70, 60))
_INSIDE: Final = frozenset({_T["begun"], _T["contained"], _T["over_97"], _T["over_94"]})
SHORT_PART: Final = 4  # words: "Risk measures" ends many titles
_RUN_IN: Final = 30  # characters that no other title ends with by chance


def compare_titles(left: Profile, right: Profile) -> int:
    """Both records carry the same title."""
    ours, theirs = left.fields.title, right.fields.title
    if ours.placeholder or theirs.placeholder:
        return MISSING
    level = _level(ours, theirs)
    if level > _T["subtitle"] and not left.own.isdisjoint(right.own) and _headed(ours, theirs):
        level = _T["subtitle"]
    if level > _T["alternate"] and _alternate(left, right):
        level = _T["alternate"]
    if level in _INSIDE and wrapped(left, right):
        level = _T["wrapped"]
    if level >= _T["over_85"] and ours.script != theirs.script:
        return MISSING  # a title and its translation or romanisation: nothing to compare
    return level


def _level(ours: Title, theirs: Title) -> int:
    if ours.key == theirs.key:
        return _T["exact"]
    if ours.compact == theirs.compact:
        return _T["spacing"]
    if ours.main == theirs.key or ours.key == theirs.main or cut_off(ours, theirs):
        return _T["subtitle"]
    alike = Indel.normalized_similarity(ours.compact, theirs.compact, score_cutoff=0.6)
    for bound, level in BINS[:2]:
        if alike >= bound:
            return level
    if words := contained(ours, theirs):
        short, long = _by_length(ours, theirs)
        begun = long.compact.startswith(short.compact)
        return _T["contained_short" if words < SHORT_PART else "begun" if begun else "contained"]
    return next((level for bound, level in BINS[2:] if alike >= bound), _T["less"])


def _by_length(ours: Title, theirs: Title) -> tuple[Title, Title]:
    return (ours, theirs) if len(ours.key) < len(theirs.key) else (theirs, ours)


def contained(ours: Title, theirs: Title) -> int:
    """How many words the shorter title has, where it begins or ends the longer; else 0."""
    short, long = _by_length(ours, theirs)
    at_words = long.key.startswith(f"{short.key} ") or long.key.endswith(f" {short.key}")
    # "Clinical Trials and OutcomesReliability of …": a heading runs into the title.
    run_in = len(short.compact) >= _RUN_IN and (
        long.compact.startswith(short.compact) or long.compact.endswith(short.compact)
    )
    return len(short.words) if len(short.words) > 1 and (at_words or run_in) else 0


# What a reference says beside names, venue and year, and no title ends or begins with.
_OF_REFERENCES: Final = frozenset(
    {"and", "in", "of", "proc", "techreport", "appeared", "appears", "vol", "pp"}
)
_EXPLAINED: Final = 2 / 3  # of the words over; some are misspelt


def wrapped(left: Profile, right: Profile) -> bool:
    """
    One title stands in the other, and what is over is names, venue or year of one of the two.

    "s. abiteboul and h. garcia. object fusion in mediator systems", "… opportunities. vldb '99".
    """
    ours, theirs = left.fields.title, right.fields.title
    if contained(ours, theirs) < SHORT_PART:
        return False
    short, long = _by_length(ours, theirs)
    count = len(short.words)
    at_start = long.key.startswith(f"{short.key} ")
    over = long.words[count:] if at_start else long.words[:-count]
    said = _OF_REFERENCES | left.beside_title | right.beside_title
    told = [word for word in over if len(word) > 1]
    return bool(told) and sum(word in said for word in told) >= _EXPLAINED * len(told)


def _headed(ours: Title, theirs: Title) -> bool:
    """The book's title stands before the chapter's: "Quantum Measurement and Control: Noise"."""
    short, long = _by_length(ours, theirs)
    if not long.key.endswith(f" {short.key}"):
        return False
    parts = long.text.split(":")
    return any(fold(":".join(parts[at:])) == short.key for at in range(1, len(parts)))


def cut_off(ours: Title, theirs: Title) -> bool:
    """One title breaks off and says so: "An architectural framework for homogen…"."""
    short, long = _by_length(ours, theirs)
    says_so = short.text.rstrip().endswith(("…", "..."))
    return says_so and len(short.words) >= SHORT_PART and long.key.startswith(short.key)


def _alternate(left: Profile, right: Profile) -> bool:
    """One record's title, or another title of it, is one of the other's."""
    if not (left.fields.alternates or right.fields.alternates):
        return False
    ours = {t.compact for t in (left.fields.title, *left.fields.alternates) if t.compact}
    theirs = {t.compact for t in (right.fields.title, *right.fields.alternates) if t.compact}
    return not ours.isdisjoint(theirs)


WORDS: Final = levels(
    ("same", "the titles have the same words"),
    ("spelling", "the titles' words differ in spelling only"),
    ("few_more", "one title has a few words more"),
    ("more", "one title has words more"),
    ("many_more", "one title has many words more"),
    ("swap_10", "each title has a light word of its own"),
    ("swap_20", "each title has a word of its own"),
    ("swap_35", "each title has words of its own"),
    ("swap_50", "each title has many words of its own"),
    ("other", "most words of the titles differ"),
)
_W: Final = codes(WORDS)
ADDED: Final = ((0.2, _W["few_more"]), (0.5, _W["more"]), (9e9, _W["many_more"]))
SWAPPED: Final = ((0.1, _W["swap_10"]), (0.2, _W["swap_20"]), (0.35, _W["swap_35"]),
                   (0.5, _W["swap_50"]), (9e9, _W["other"]))  # fmt: skip


def compare_words(left: Profile, right: Profile) -> int:
    """Both titles are made of the same words, rare words counting more."""
    ours, theirs = left.fields.title, right.fields.title
    if ours.placeholder or theirs.placeholder:
        return MISSING
    if ours.key == theirs.key:
        return _W["same"]
    if ours.compact == theirs.compact:
        return _W["spelling"]
    if _alternate(left, right) or wrapped(left, right):
        return _W["same"]
    if ours.script != theirs.script:
        return MISSING
    if cut_off(ours, theirs):
        return _W["few_more"]
    ours_only = [word for word in left.words if word not in right.words]
    theirs_only = [word for word in right.words if word not in left.words]
    if not ours_only and not theirs_only:
        return _W["same"]
    if ours_only and theirs_only:
        _drop_spellings(ours_only, theirs_only)
        if not ours_only and not theirs_only:
            return _W["spelling"]
    return _words_level(left, right, ours_only, theirs_only)


def _words_level(
    left: Profile, right: Profile, ours_only: list[str], theirs_only: list[str]
) -> int:
    whole = min(left.information, right.information)
    ours, theirs = left.words, right.words
    alone = sum([ours[w] for w in ours_only]) / whole, sum([theirs[w] for w in theirs_only]) / whole
    table, value = (ADDED, max(alone)) if min(alone) == 0 else (SWAPPED, min(alone))
    for bound, level in table:
        if value < bound:
            return level
    return MISSING


MOST_SLIPS: Final = 4  # titles with more words apart are other titles


def _drop_spellings(ours: list[str], theirs: list[str]) -> None:
    """
    Take out the words that differ by one slip of the pen, and numbers written in two ways.

    "Part two" and "Part II"; two numbers are never a slip.
    """
    if max(len(ours), len(theirs)) > MOST_SLIPS:
        return
    for word in list(ours):
        twin = next((other for other in theirs if _same_word(word, other)), None)
        if twin is not None:
            ours.remove(word)
            theirs.remove(twin)


def _same_word(one: str, other: str) -> bool:
    ours, theirs = figures_of(one), figures_of(other)
    if ours and theirs:
        return ours == theirs
    shorter = min(len(one), len(other))
    if shorter < 4 or abs(len(one) - len(other)) > 2 or one.isdigit() or other.isdigit():
        return False
    return Levenshtein.distance(one, other, score_cutoff=2) <= (1 if shorter < 8 else 2)


def shares_title(left: Profile, right: Profile) -> bool:
    """The two titles are the same, or nearly."""
    ours, theirs = left.fields.title, right.fields.title
    if ours.placeholder or theirs.placeholder:
        return False
    if ours.key == theirs.key:
        return True
    return _reaches(0.9, ours, theirs)


def resembles_title(left: Profile, right: Profile) -> bool:
    """The two titles are near enough to ask whether they are one; two blank ones are."""
    return _reaches(0.7, left.fields.title, right.fields.title)


def _reaches(least: float, ours: Title, theirs: Title) -> bool:
    return Indel.normalized_similarity(ours.compact, theirs.compact, score_cutoff=least) >= least


def under_two_titles(left: Profile, right: Profile) -> bool:
    """Both carry a title, and the two are unlike."""
    ours, theirs = left.fields.title, right.fields.title
    if ours.placeholder or theirs.placeholder or ours.main == theirs.main:
        return False
    return not shares_title(left, right) and not contained(ours, theirs)


def shown_titles(left: Profile, right: Profile) -> Values:
    """The two titles as repaired."""
    return left.fields.title.text, right.fields.title.text


TITLES: Final = (
    Comparison("title", compare_titles, TITLE, shown_titles,
               (("exact", "spacing", "over_97", "over_94"), ("alternate",), ("subtitle",),
                ("wrapped",), ("begun",)),
               (("over_90", "over_85", "over_80", "over_70", "over_60", "less"),)),
    Comparison("title_words", compare_words, WORDS, shown_titles,
               (("same", "spelling"),),
               (("few_more", "more", "many_more"),
                ("swap_10", "swap_20", "swap_35", "swap_50", "other"))),
)  # fmt: skip
