"""
Bylines as columns: every author of every record of a batch, and every two authors of a pair.

    Batch  ->  Bylines, NamePairs

Two names are compared by numbers: of the family name, of the first given name and of its first
letters. What needs the names themselves is rare and is marked, to be asked one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from detector.columns.batch import Batch, Codes, Mask, codes_of, lengths_of, numbered, numbering
from detector.comparisons.names import FULL, INITIAL, NOBODY, SHORT_FORMS, SURNAME, plain
from detector.packed_sets import PackedSets, Rows, products, shared
from indexer.fields.text.folding import script_of

Qualities = NDArray[np.int8]
_END: Final = "\0"  # no name holds it
MOST_NAMES: Final = 60  # of a byline; products of longer ones are asked pair by pair


class Bylines:
    """The persons of all bylines behind each other, and what tells them apart."""

    def __init__(self, batch: Batch) -> None:
        bylines = [record.authors for record in batch.records]
        persons = [[name for name in one.names if not name.group] for one in bylines]
        self.sizes = np.array([len(byline) for byline in persons], np.int64)
        self.starts = np.cumsum(self.sizes) - self.sizes
        self.groups: Mask = np.array([len(one.names) for one in bylines]) > self.sizes
        self.unclear: Mask = np.array([one.scrambled or one.truncated for one in bylines], bool)
        self.script = codes_of(script_of(byline[0].text) if byline else "" for byline in persons)
        # All words of all names in one list, an end behind each name: one numbering has them all.
        spelling: list[str] = []
        for byline in persons:
            for name in byline:
                spelling.append(name.family)
                spelling += name.given
                spelling.append(_END)
        numbers = numbering(_END)
        spelt = numbered(numbers, spelling)
        self._read(spelt, cast(Mapping[str, int], numbers))
        ends = np.concatenate(([0], self.borders))[np.cumsum(self.sizes)]
        begins = np.concatenate(([0], self.borders))[self.starts]
        lines = zip((8 * begins).tolist(), (8 * ends).tolist(), strict=True)
        joined = spelt.tobytes()
        self.whole = codes_of([joined[at:end] for at, end in lines], b"")

    def _read(self, spelt: Codes, numbers: Mapping[str, int]) -> None:
        """The columns of the names, a number a name, and of their words, a number a word."""
        words = list(numbers)
        self.borders = np.flatnonzero(spelt == 0) + 1  # behind each name
        begins = np.concatenate(([0], self.borders[:-1])) if len(self.borders) else self.borders
        counts = self.borders - begins - 2  # of given names
        names, self.family = np.unique(spelt[begins], return_inverse=True)
        self.given = spelt[begins + 1]  # 0 where there is none
        self.families = FamilyNames([words[at] for at in names.tolist()])
        # the letter of the family, and that of the given name where it is cut to it, else 0
        self.letter = self.families.first[self.family]
        letters = np.array([ord(word) if len(word) == 1 else 0 for word in words], np.uint32)
        self.cut_to = np.where(self.given > 0, letters[self.given], np.uint32(0))
        holder = np.repeat(np.arange(len(counts)), counts)
        given = spelt[np.arange(len(holder)) + (begins + 1 - np.cumsum(counts) + counts)[holder]]
        self._read_given(words, np.unique(given))
        # A bit for each initial: names without a bit in common have no initial in common.
        self.initials = np.zeros(len(counts), np.uint64)
        bits = np.uint64(1) << (self.initial[given] & 63).astype(np.uint64)
        np.bitwise_or.at(self.initials, holder, bits)
        first = names.copy()
        for at in np.flatnonzero(self.families.spaced).tolist():
            first[at] = numbers.get(self.families.words[at].partition(" ")[0], 0) or names[at]
        firsts = np.stack((names, first), axis=1)[self.family].ravel()
        self.firsts = self._sets(firsts, np.full(len(counts), 2))
        self.givens = self._sets(given, counts)

    def _read_given(self, words: list[str], numbers: Codes) -> None:
        """The columns of the given names among the words."""
        given = [words[at] for at in numbers.tolist()]
        self.written_out = np.zeros(len(words), bool)
        self.written_out[numbers] = [len(word) > 1 for word in given]
        self.initial = np.zeros(len(words), np.int64)
        self.initial[numbers] = codes_of(word[:1] for word in given)
        self.start = np.zeros(len(words), np.int64)
        self.start[numbers] = codes_of(word[:3] for word in given)
        self.short_form = np.zeros(len(words), bool)
        self.short_form[numbers] = [word in SHORT_FORMS for word in given]

    def _sets(self, values: Codes, counts: Codes) -> PackedSets:
        """The distinct words of each byline, of words that stand name by name."""
        total = np.concatenate(([0], np.cumsum(counts)))
        sizes = total[self.starts + self.sizes] - total[self.starts]
        return PackedSets.distinct(values.astype(np.uint32), sizes)

    def exchanged(self, ours: Rows, theirs: Rows) -> Mask:
        """Where each of two names begins as the other's given name is cut to."""
        letters = self.letter[ours], self.letter[theirs]
        exchanged: Mask = (letters[0] == self.cut_to[theirs]) & (letters[1] == self.cut_to[ours])
        return exchanged

    def qualities(self, ours: Rows, theirs: Rows) -> tuple[Qualities, Mask]:
        """How far the given names of names agree, and where that has to be asked."""
        mine, yours = self.given[ours], self.given[theirs]
        none = (mine == 0) | (yours == 0)
        same = ~none & (mine == yours)
        letter = ~none & ~same & (self.initial[mine] == self.initial[yours])
        cut = ~(self.written_out[mine] & self.written_out[yours])
        out = np.full(len(ours), NOBODY, np.int8)
        out[letter] = SURNAME
        out[letter & (cut | (self.start[mine] == self.start[yours]))] = INITIAL
        out[same] = np.where(self.written_out[mine[same]], FULL, INITIAL)
        out[none] = SURNAME
        other = ~none & ~same
        asked = other & (self.short_form[mine] | self.short_form[yours])
        asked |= other & ~letter & ((self.initials[ours] & self.initials[theirs]) != 0)
        return out, asked


class FamilyNames:
    """Words by number, and which two of them may be spellings of one family name."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        rows = len(words)
        number = {word: at for at, word in enumerate(words)}
        joined = self.joined_up = [w.replace(" ", "") if " " in w else w for w in words]
        self.spaced = np.array([" " in word for word in words], bool)
        self.length = lengths_of(words)
        self.joined = lengths_of(joined)
        # the first two letters of each as numbers, 0 where there is none
        letters = np.array(joined or [""], "<U2").view(np.uint32).reshape(-1, 2)[:rows]
        self.first, self.second = letters[:, 0], letters[:, 1]
        # Most names are spelt as they stand, so that their own numbers tell them apart.
        self.spelling, self.plain = np.arange(rows), np.arange(rows)
        for at, word in enumerate(words):
            spaced = " " in word
            if spaced:
                self.spelling[at] = number.setdefault(joined[at], at)
            if spaced or "ae" in word or "oe" in word or "ue" in word:
                self.plain[at] = number.setdefault(plain(joined[at]), at)
        parts = [
            at * rows + number[part]
            for at in np.flatnonzero(self.spaced).tolist()
            for part in words[at].split()
            if part in number
        ]
        self.parts = np.array(sorted(parts), np.int64)  # a name of several words, and one of them

    def near(self, ours: Rows, theirs: Rows) -> Mask:
        """`same_family` of names that are not equal."""
        shorter = np.minimum(self.length[ours], self.length[theirs])
        apart = np.abs(self.joined[ours] - self.joined[theirs])
        lost = (self.second[ours] == self.first[theirs]) | (self.first[ours] == self.second[theirs])
        near: Mask = (shorter >= 6) & (apart == 1) & lost
        for row in np.flatnonzero(near).tolist():
            one, other = self.joined_up[ours[row]], self.joined_up[theirs[row]]
            near[row] = one[1:] == other or other[1:] == one
        slip = (shorter >= 4) & (apart <= 2) & (self.first[ours] == self.first[theirs])
        near |= slip & (self.plain[ours] == self.plain[theirs])
        spaced = np.flatnonzero(self.spaced[ours] | self.spaced[theirs])
        mine, yours = ours[spaced], theirs[spaced]
        part = np.isin(mine * len(self.words) + yours, self.parts)
        part |= np.isin(yours * len(self.words) + mine, self.parts)
        near[spaced] |= self.spelling[mine] == self.spelling[yours]
        near[spaced] |= part & (shorter[spaced] > 3)
        at = np.flatnonzero(slip & ~near & (shorter >= 5) & (apart <= 1))
        distances = cpdist(
            [self.joined_up[number] for number in ours[at].tolist()],
            [self.joined_up[number] for number in theirs[at].tolist()],
            scorer=OSA.distance,
            score_cutoff=1,
        )
        near[at[distances <= 1]] = True
        return near


class NamePairs:
    """
    The authors of both bylines of each pair against each other.

    `asked` marks the pairs of which names have to be read: with a name that may have changed
    places with a given one, a short form, initials in another order, or bylines of great length.
    Of the others `agreed` authors of the shorter byline stand in the longer one.
    """

    def __init__(self, batch: Batch) -> None:
        bylines = batch.of(Bylines)
        ours, theirs = batch.sides(bylines.sizes)
        turned = ours > theirs
        short, long = np.where(turned, (batch.right, batch.left), (batch.left, batch.right))
        self.persons = np.minimum(ours, theirs), np.maximum(ours, theirs)
        same = batch.sides(bylines.whole)
        self.same: Mask = (same[0] == same[1]) & (self.persons[0] > 0)
        long_lists = self.persons[1] > MOST_NAMES
        self.asked: Mask = ~self.same & (self.persons[0] > 0) & long_lists
        at = np.flatnonzero(~self.same & (self.persons[0] > 0) & ~long_lists)
        swaps = shared(bylines.firsts, short[at], bylines.givens, long[at])
        swaps += shared(bylines.givens, short[at], bylines.firsts, long[at])
        self.asked[at[swaps > 0]] = True
        at = at[swaps == 0]
        self.agreed = np.zeros(len(batch), np.int64)
        self.best_first = np.zeros(len(batch), np.int8)  # how far the first of the shorter agrees
        self.first_same: Mask = np.zeros(len(batch), bool)
        self.first_elsewhere: Mask = np.zeros(len(batch), bool)
        self.family_shared: Mask = np.zeros(len(batch), bool)
        self._compare(bylines, at, short[at], long[at])

    def _compare(self, bylines: Bylines, at: Rows, short: Rows, long: Rows) -> None:
        if not len(at):
            return
        sizes = bylines.sizes[short], bylines.sizes[long]
        pair, one, other = products(*sizes)
        begins = np.cumsum(sizes[0]) - sizes[0], np.cumsum(sizes[1]) - sizes[1]
        place = one - begins[0][pair], other - begins[1][pair]  # in the byline
        names = bylines.starts[short[pair]] + place[0], bylines.starts[long[pair]] + place[1]
        family = bylines.family[names[0]], bylines.family[names[1]]
        exact = family[0] == family[1]
        # A name that the other byline has to the letter is not looked for in other spellings.
        groups = np.flatnonzero(place[1] == 0)  # of the combinations of one name of the shorter
        found = np.repeat(np.logical_or.reduceat(exact, groups), sizes[1][pair[groups]])
        met = exact | self._near(bylines, family, ~exact & (~found | (place[1] == 0)))
        qualities = np.zeros(len(pair), np.int8)
        doubtful = np.zeros(len(pair), bool)
        rows = np.flatnonzero(met)
        qualities[rows], doubtful[rows] = bylines.qualities(names[0][rows], names[1][rows])
        best = np.maximum.reduceat(np.where(exact | ~found, qualities, 0), groups)
        heads = (place[0] == 0) & (place[1] == 0)
        self.asked[at[bylines.exchanged(names[0][heads], names[1][heads])]] = True
        self.agreed[at] = np.add.reduceat(best > 0, begins[0])
        self.best_first[at] = best[begins[0]]
        self.family_shared[at] = np.bincount(pair[exact], minlength=len(at)) > 0
        self.asked[at[pair[doubtful]]] = True
        self.first_same[at] = qualities[heads] > 0
        # The first of the longer byline among the shorter: spellings count where no name is equal.
        column = place[1] == 0
        among = np.zeros(len(at), bool)
        among[pair[column & exact]] = True
        counted = column & (qualities > 0) & (exact | ~among[pair])
        self.first_elsewhere[at] = (best[begins[0]] > 0) | (
            np.bincount(pair[counted], minlength=len(at)) > 0
        )

    @staticmethod
    def _near(bylines: Bylines, family: tuple[Rows, Rows], where: Mask) -> Mask:
        near = np.zeros(len(where), bool)
        rows = np.flatnonzero(where)
        near[rows] = bylines.families.near(family[0][rows], family[1][rows])
        return near
