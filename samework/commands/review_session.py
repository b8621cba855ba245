"""
Review session: pairs shown one by one, each answered by one key.

    Answering, Keyboard  ->  card, key, what became of the works  ->  the next card

Does not: store (`detector/review/answering.py` does) or draw cards (`review_card.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from detector.decision.verdicts import Verdict
from detector.review.alike import Alike, alike
from detector.review.answering import Answer, Answering
from detector.review.cards import Card, cards_of
from indexer.errors import BackendBusy, CannotUndo
from samework.commands.keyboard import Keyboard
from samework.commands.review_card import counted, draw, like_lines
from samework.commands.terminal import inert

ANSWERS: Final[Mapping[str, Verdict]] = {
    "d": Verdict.DUPLICATE,
    "v": Verdict.VERSION,
    "r": Verdict.RELATED,
    "n": Verdict.DISTINCT,
    "u": Verdict.REVIEW,
}
WORDS: Final[Mapping[Verdict, str]] = {Verdict.DISTINCT: "different", Verdict.REVIEW: "unsure"}
PROMPT: Final = "d duplicate  v version  r related  n different  u unsure  s skip  ? help: "
HELP: Final = """\
  d  duplicate: one work, one version, described twice
  v  version: one work, two versions of it (a preprint and its article)
  r  related, but two works (an erratum, part two, a thesis and its paper)
  n  different: two works, however alike they read
  u  unsure: noted, and not asked again
  s  skip: not asked again in this session
  z  take back the last answer and see its pair again
  a  alike: the pairs that wait for the same reason
  A  answer all that are alike at once; what changes is shown first
  q  quit; every answer is stored already"""
MOST_LINES: Final = 12  # of a group, or of what an answer would change


@dataclass(slots=True)
class Session:
    """One person at the terminal."""

    answering: Answering
    keys: Keyboard
    on: Console
    blind: bool = False

    def run(self) -> None:
        """Ask until nothing waits, or until the person has had enough."""
        while True:
            doubt = self.answering.next()
            if doubt is None:
                if not self._taken_back_at_the_end():
                    return
                continue
            number = 1 + len(self.answering.passed)
            card = next(cards_of(self.answering.detector, [doubt], number), None)
            if card is None:
                self.answering.skip(doubt)
            elif not self._asked(card):
                return

    def _taken_back_at_the_end(self) -> bool:
        """Where nothing waits any more the last answer may still be taken back."""
        self._say("no other pair waits for a person")
        if not self.answering.answers:
            return False
        if self._key("z take back the last answer, any other key ends: ") != "z":
            return False
        try:
            return self._taken_back()
        except (BackendBusy, CannotUndo) as refused:
            self._say(f"nothing was taken back: {refused}")
            return True

    def _asked(self, card: Card) -> bool:
        """Show one card until a key ends it; False where that is the end of the session."""
        draw(card, self.on, blind=self.blind)
        while True:
            key = self._key(PROMPT)
            if key in ("q", ""):
                return False
            if key == "?":
                self._say(HELP)
            elif key == "s":
                self.answering.skip(card.doubt)
                return True
            elif key in ANSWERS or key in ("z", "a", "A"):
                if self._obeyed(key, card):
                    return True
            else:
                self._say(f"{key!r} is no answer; ? shows all keys")

    def _obeyed(self, key: str, card: Card) -> bool:
        """Do what a key asks for; True where the next card is to be shown."""
        try:
            if key == "z":
                return self._taken_back()
            if key in ("a", "A"):
                return self._alike(card, answers=key == "A")
            self._answered(self.answering.answer([card.doubt], ANSWERS[key]))
        except BackendBusy as busy:
            self._say(f"nothing was stored: {busy}; the same key tries again")
            return False
        except CannotUndo as later:
            self._say(f"nothing was taken back: {later}")
            return False
        return True

    def _key(self, prompt: str) -> str:
        self.keys.forget()
        self.on.print(Text(prompt), end="")
        key = self.keys.pressed()
        self.on.print(Text(inert(key)))
        return key

    def _taken_back(self) -> bool:
        """Take back the last answer, so that its pair comes again; False where there is none."""
        answer = self.answering.take_back()
        if answer is None:
            self._say("nothing was answered in this session")
            return False
        pairs = f" {len(answer.doubts)} pairs" if len(answer.doubts) > 1 else ""
        self._say(f"{_word(answer.verdict)}{pairs}, {answer.run}: taken back")
        return True

    def _alike(self, card: Card, *, answers: bool) -> bool:
        """Show the pairs that are like this one; where asked for, answer them. True: answered."""
        group = alike(self.answering.detector, card.doubt, self.answering.passed)
        if group is None or len(group.doubts) == 1:
            self._say("no other pair waits for the same reason")
            return False
        self._show(group)
        if not answers:
            return False
        verdict = ANSWERS.get(self._key(f"for all {len(group.doubts)}: d v r n u, else back: "))
        if verdict is None:
            self._say("nothing was answered")
            return False
        would = self.answering.preview(group.doubts, verdict)
        self._say(f"{_word(verdict)} for {len(group.doubts)} pairs would change:")
        self._list([*told(would.events)] or ["no work"])
        for conflict in would.conflicts:
            self._say(f"  conflict: {conflict.reason}")
        if self._key("y to do so, any other key not to: ") != "y":
            self._say("nothing was answered")
            return False
        self._answered(self.answering.answer(group.doubts, verdict))
        return True

    def _show(self, group: Alike) -> None:
        if not self.blind:
            self._say(f"{len(group.doubts)} alike: {group.likeness}")
        cards = cards_of(self.answering.detector, group.doubts[:MOST_LINES])
        lines = [line for card in cards for line in like_lines(card)]
        self._list(lines, len(group.doubts))

    def _list(self, lines: Sequence[str], of: int = 0) -> None:
        for line in lines[:MOST_LINES]:
            self._say(f"  {line}")
        if (rest := (of or len(lines)) - MOST_LINES) > 0:
            self._say(f"  and {rest} more")

    def _answered(self, answer: Answer) -> None:
        events = "; ".join(list(told(answer.acted.events))[:MOST_LINES])
        pairs = f" {len(answer.doubts)} pairs" if len(answer.doubts) > 1 else ""
        self._say(f"{_word(answer.verdict)}{pairs}, {answer.run}: {events or 'no work changed'}")
        for conflict in () if self.blind else answer.acted.conflicts:
            self._say(f"conflict: {conflict.reason}")

    def _say(self, text: str) -> None:
        self.on.print(Text(inert(text)))


def told(events: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What became of works, a phrase an event; last, where ids lead that no work has any more."""
    for event in sorted(events, key=lambda event: "to" in event):
        work, moved = event.get("work_id", ""), []
        for sign, records in (("+", event.get("came", ())), ("-", event.get("went", ()))):
            if records:
                moved.append(f"{sign}{counted(len(records), 'record')}")
        if event.get("to"):
            yield f"{work} leads to {event['to']} now"
        elif work:
            yield f"{work} {event['event']}{f' ({chr(32).join(moved)})' if moved else ''}"


def _word(verdict: Verdict) -> str:
    return WORDS.get(verdict, str(verdict))
