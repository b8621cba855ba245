"""A user's own policy: what a run counts as one work; all records are made."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import samework as sw
from detector.decision.decided import DecisionColumns
from detector.decision.relations import RELATED_RELATIONS, SAME_WORK_RELATIONS
from detector.decision.verdicts import Decision, Verdict
from detector.detecting.judging import judge
from detector.detecting.pipeline import Detector
from detector.errors import UnknownValue
from detector.works.joining.policies import AWAY, COLLAPSIBLE, NEVER, POLICIES, VERSION_KINDS
from detector.works.judgements import Judgement
from detector.works.version_groups import VersionFacts
from detector.works.work_rules import WorkLevel, WorkRules, rules_named
from detector.works.works import form_works
from indexer.index.embedded import EmbeddedEngine
from indexer.settings import load
from tests.command import here
from tests.made_works import near, records_of, stating, works_of


def test_a_policy_says_the_level_and_the_kinds_joined_beside_it(tmp_path: Path) -> None:
    """Verdicts say the level, every other word a kind of related works."""
    file = tmp_path / "s.toml"
    file.write_text("[policy]\ncollapse = ['duplicate', 'version', 'conference']\n")

    assert load(file).values == {"level": "work", "collapse": ["conference"]}


def test_an_unknown_kind_to_collapse_names_the_known_ones(tmp_path: Path) -> None:
    """A misspelt kind would join nothing, in silence."""
    done = here("dedupe", "r.jsonl", "--collapse", "conferences", cwd=tmp_path)

    assert done.returncode == 2
    assert "conference" in done.stderr


def test_a_policy_of_the_file_joins_what_is_related(tmp_path: Path) -> None:
    """A conference paper and its journal article, one work for those who count them so."""
    shared = {"title": "Rigid motions of tensegrity frames with slack cables", "year": "2012",
              "authors": ["Okonjo, Marta", "Haddad, Nadia"]}  # fmt: skip
    meeting = {"id": "a", "source": "a", "container": "Proceedings of the 3rd Made Conference"}
    journal = {"id": "b", "source": "b", "container": "Journal of Made Mechanics",
               "volume": "7", "pages": "1-9"}  # fmt: skip
    rows = [json.dumps({**shared, **one}) for one in (meeting, journal)]
    (tmp_path / "r.jsonl").write_text("\n".join(rows) + "\n")

    policies: list[list[str]] = []

    def works() -> int:
        done = here("dedupe", "r.jsonl", "--json", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        found: int = json.loads(done.stdout)["works"]
        policies.append(json.loads(done.stdout)["policy"])
        return found

    assert works() == 2
    (tmp_path / "samework.toml").write_text(
        "[policy]\ncollapse = ['duplicate', 'version', 'conference']\n"
    )
    assert works() == 1
    assert [("conference" in said, "preprint" in said) for said in policies] == [
        (False, True),
        (True, True),
    ]


GUIDE = (Path(__file__).resolve().parents[1] / "docs" / "guide.md").read_text("utf-8")
ONES = [f"r{at}" for at in range(6)]
DECIDED = st.dictionaries(
    st.tuples(st.sampled_from(ONES), st.sampled_from(ONES)).filter(lambda pair: pair[0] < pair[1]),
    st.sampled_from(["", *sorted(VERSION_KINDS)]),
).map(lambda found: [said(*pair, kind) for pair, kind in found.items()])
VERSIONS = [row.name for row in POLICIES if row.versions]
CHOSEN = st.sets(st.sampled_from(VERSIONS))
STATED = st.fixed_dictionaries(
    {one: st.sampled_from(["", "", "preprint", "accepted", "article"]) for one in ONES}
)


def said(left: str, right: str, kind: str) -> Decision:
    verdict = Verdict.VERSION if kind else Verdict.DUPLICATE
    return Decision(left, right, verdict, kind, probability=0.99)


def formed(decisions: list[Decision], forms: dict[str, str], rules: WorkRules) -> list[set[str]]:
    facts = stating({one: VersionFacts(form=form) for one, form in forms.items()})
    found = form_works(ONES, DecisionColumns.of(decisions), near, facts, rules=rules)
    return [set(work.records) for work in found.works]


def kept_apart(names: Iterable[str]) -> WorkRules:
    return rules_named("work", (), [AWAY + name for name in names])


@given(DECIDED, STATED, CHOSEN, st.sampled_from(VERSIONS))
def test_a_policy_turned_off_only_splits_works(
    decisions: list[Decision], forms: dict[str, str], off: set[str], another: str
) -> None:
    """So one turned on only joins them: nobody loses a duplicate by a policy."""
    before = formed(decisions, forms, kept_apart(off))
    after = formed(decisions, forms, kept_apart({*off, another}))

    assert all(any(part <= work for work in before) for part in after)


@given(DECIDED, STATED, CHOSEN)
def test_policies_lie_between_the_two_levels(
    decisions: list[Decision], forms: dict[str, str], off: set[str]
) -> None:
    """All that `--level version` joins is joined, and nothing that `--level work` does not."""
    chosen = formed(decisions, forms, kept_apart(off))
    finest = formed(decisions, forms, rules_named("version", (), ()))
    coarsest = formed(decisions, forms, rules_named("work", (), ()))

    assert all(any(part <= work for work in chosen) for part in finest)
    assert all(any(part <= work for work in coarsest) for part in chosen)


@given(DECIDED, STATED, CHOSEN, st.randoms(use_true_random=False))
def test_no_order_of_decisions_changes_a_policy(
    decisions: list[Decision], forms: dict[str, str], off: set[str], random: Random
) -> None:
    """Works are a function of what was found."""
    once = formed(decisions, forms, kept_apart(off))
    random.shuffle(decisions)

    assert formed(decisions, forms, kept_apart(off)) == once


def test_a_preprint_kept_apart_is_not_brought_back_by_a_record_that_states_no_version() -> None:
    """The bare record goes with the article; the preprint stays a work of its own."""
    decisions = [said("a", "p", "preprint"), said("a", "r", ""), said("p", "r", "")]
    facts = {"a": VersionFacts(form="article"), "p": VersionFacts(form="preprint")}

    found = works_of(decisions, rules=kept_apart(["preprint"]), facts=facts)

    assert records_of(found) == ["a r", "p"]


def test_one_policy_can_be_chosen_over_the_level_of_versions() -> None:
    """`--level version --collapse update`: v1 and v3 are one, a preprint stays apart."""
    decisions = [said("v1", "v3", "revision"), said("article", "v3", "preprint")]

    found = works_of(decisions, near, rules=rules_named("version", (), ["update"]))

    assert records_of(found) == ["article", "v1 v3"]


@pytest.mark.parametrize(
    "guard", ["part-differs", "numbers-differ", "notice-on-one-side", "trials-differ"]
)
def test_what_says_two_works_holds_under_every_policy(guard: str) -> None:
    """How works are counted is no answer to a title that names another part."""
    tied = Decision("a", "b", Verdict.RELATED, "conference", 0.9, guards=(guard,))

    assert records_of(works_of([tied], rules=rules_named("work", (), ["related"]))) == ["a", "b"]


@pytest.mark.parametrize("kind", ["erratum", "retraction", "correction", "reply", "part"])
def test_notices_and_parts_are_no_policy(kind: str) -> None:
    """An erratum is never the article that it corrects."""
    with pytest.raises(UnknownValue, match="expected preprint"):
        rules_named("work", (), [kind])


def test_a_policy_cannot_be_asked_for_and_turned_away() -> None:
    """Which of the two was meant is not guessed."""
    with pytest.raises(UnknownValue, match="policy beside 'preprint'"):
        rules_named("work", (), ["preprint", "no-preprint"])


def test_every_kind_that_decisions_tell_is_of_a_policy_or_never_joined() -> None:
    """A new relation has to be placed."""
    assert set(SAME_WORK_RELATIONS.values()) <= VERSION_KINDS
    assert set(RELATED_RELATIONS.values()) <= {*COLLAPSIBLE, *NEVER}


def test_help_and_guide_name_every_policy() -> None:
    """What can be chosen can be found."""
    told = here("dedupe", "--help").stdout

    for row in POLICIES:
        assert row.name in told
        assert f"| `{row.name}` | {row.joins} |" in GUIDE


def test_a_text_printed_apart_in_another_language_is_told_as_a_translation() -> None:
    """The German and the English edition of one journal, whose numbers say that they are one."""
    shared = {"title": "Catalytic routes to strained cages", "year": "2021",
              "authors": ["Brandt, Ewa", "Haddad, Nadia"]}  # fmt: skip
    german = {**shared, "doi": "10.1002/ange.202101234", "language": "de"}
    english = {**shared, "doi": "10.1002/anie.202101234", "language": "en"}

    assert sw.compare(german, english).decision.kind == "translation"
    assert sw.compare(german, {**english, "language": ""}).decision.kind == "edition"


def test_a_policy_joins_a_paper_to_a_work_of_several_records() -> None:
    """A second record of the article must not part what the policy joins."""
    paper = [Decision(article, "p", Verdict.RELATED, "conference", 0.001) for article in "ab"]
    tied = [*paper, said("a", "b", "")]

    assert records_of(works_of(tied, rules=rules_named("work", (), ["conference"]))) == ["a b p"]


def test_a_conference_paper_is_told_by_its_kind_where_the_container_says_nothing() -> None:
    """Two places under one title: one of them a meeting's."""
    shared = {"title": "Rigid motions of tensegrity frames with slack cables",
              "authors": ["Okonjo, Marta", "Haddad, Nadia"]}  # fmt: skip
    article = {**shared, "year": "2012", "volume": "7", "pages": "1-9", "type": "article"}
    meeting = {**shared, "year": "2011", "volume": "3", "pages": "301-307", "type": "conference"}

    assert sw.compare(article, meeting).decision.kind == "conference"
    assert sw.compare(article, {**meeting, "type": ""}).decision.kind == "publication"


@pytest.mark.parametrize("rules", [
    WorkRules(),
    WorkRules(level=WorkLevel.VERSION, unique_sources=frozenset({"pubmed", "scopus"})),
    WorkRules(join_review=True, collapse=frozenset({"conference"}), apart=frozenset({"preprint"})),
])  # fmt: skip
def test_rules_are_stored_as_they_are(rules: WorkRules, tmp_path: Path) -> None:
    """And a detector over the index has them, unless others are asked for."""
    with closing(EmbeddedEngine(str(tmp_path / "index"))) as engine:
        Detector(engine).holdings.store_rules(rules)

        assert Detector(engine).rules == rules
        assert Detector(engine, rules=WorkRules()).rules == WorkRules()


def test_what_a_policy_joined_stays_joined_when_its_index_is_judged(tmp_path: Path) -> None:
    """The index of an answer forms works again by the rules of its run, not by the defaults."""
    shared = {"title": "Rigid motions of tensegrity frames with slack cables",
              "authors": ["Okonjo, Marta", "Haddad, Nadia"]}  # fmt: skip
    given = [
        {**shared, "id": "a", "year": "2012", "volume": "7", "pages": "1-9", "type": "article"},
        {**shared, "id": "m", "year": "2011", "volume": "3", "pages": "301-307",
         "type": "conference"},
        {"id": "x", "title": "Another thing altogether", "authors": ["Visser, M."], "year": "1999"},
    ]  # fmt: skip
    (tmp_path / "given.jsonl").write_text("\n".join(map(json.dumps, given)), "utf-8")
    here("dedupe", "given.jsonl", "--out", "out", "--collapse", "conference", cwd=tmp_path)

    with closing(EmbeddedEngine(str(tmp_path / "out" / "index"))) as engine:
        detector = Detector(engine)
        before = sorted(work.records for work in detector.holdings.all_works())
        (one, _), (alone,) = sorted(before, key=len, reverse=True)
        judge(detector, [Judgement(one, alone, Verdict.DISTINCT)])
        after = sorted(work.records for work in detector.holdings.all_works())

    assert after == before
