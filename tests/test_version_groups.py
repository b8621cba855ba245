"""Version groups inside one work; all records are made."""

from dataclasses import replace

from detector.decision.verdicts import Decision, Verdict
from detector.works.judgements import Judgement
from detector.works.version_groups import VersionFacts, facts_of, version_groups
from indexer.fields import Fields, fields_of
from indexer.records import Identifier, Record

Facts = dict[str, VersionFacts]


def decided(left: str, right: str, verdict: str = "duplicate", p: float = 0.99) -> Decision:
    return Decision(left, right, Verdict(verdict), probability=p)


def arxiv(number: str) -> VersionFacts:
    return VersionFacts(form="preprint", numbers={"arxiv": frozenset({number})})


def groups_of(facts: Facts, *decisions: Decision, said: Judgement | None = None) -> list[str]:
    ids = sorted({one for pair in decisions for one in (pair.left, pair.right)})
    groups = version_groups(ids, decisions, facts, [said] if said else [])
    return [" ".join(group) for group in groups]


def test_a_duplicate_joins_and_a_version_does_not() -> None:
    """Groups are of one version; the work holds them all."""
    found = groups_of({}, decided("a", "b"), decided("b", "c", "version"))

    assert found == ["a b", "c"]


def test_two_stated_arxiv_versions_never_share_a_group() -> None:
    """Version 1 and version 3 of one paper, even when called duplicates."""
    facts = {"a": arxiv("1"), "b": arxiv("3")}

    assert groups_of(facts, decided("a", "b")) == ["a", "b"]


def test_a_record_that_states_no_version_does_not_bridge_two() -> None:
    """Without the bound v1 = none = v3 would be one group."""
    facts = {"a": arxiv("1"), "c": arxiv("3")}

    assert groups_of(facts, decided("a", "b", p=0.99), decided("b", "c", p=0.9)) == ["a b", "c"]
    assert groups_of(facts, decided("a", "b", p=0.9), decided("b", "c", p=0.99)) == ["a", "b c"]


def test_equal_evidence_goes_to_the_latest_version() -> None:
    """A record that says no version most likely describes the newest."""
    facts = {"a": arxiv("1"), "c": arxiv("3")}

    found = groups_of(facts, decided("a", "b", p=0.9991), decided("b", "c", p=0.9990))

    assert found == ["a", "b c"]


def test_the_article_is_later_than_its_preprint() -> None:
    """A bare record of title and authors goes to what was published."""
    facts = {"a": VersionFacts(form="article"), "c": VersionFacts(form="preprint")}

    assert groups_of(facts, decided("a", "b"), decided("b", "c")) == ["a b", "c"]


def test_a_pair_of_versions_is_not_bridged_by_a_duplicate_of_both() -> None:
    """The verdict `version` keeps apart as what records state does."""
    found = groups_of({}, decided("a", "b"), decided("a", "c", "version"), decided("b", "c", p=0.9))

    assert found == ["a b", "c"]


def test_a_joined_pair_to_review_is_the_version_that_its_kind_says() -> None:
    """Joined by policy or chain, a preprint and an article still are two versions."""
    doubtful = Decision("a", "b", Verdict.REVIEW, "preprint", 0.9)

    assert groups_of({}, doubtful) == ["a", "b"]
    assert groups_of({}, replace(doubtful, kind="")) == ["a b"]


def test_a_person_may_join_what_states_two_versions() -> None:
    """Feeds misstate versions; a judgement overrides them."""
    facts = {"a": arxiv("1"), "b": arxiv("3")}
    said = Judgement("b", "a", Verdict.DUPLICATE)

    assert groups_of(facts, decided("a", "b", "version"), said=said) == ["a b"]


def test_a_record_that_lists_several_versions_agrees_with_each() -> None:
    """Its URLs name v1 and v2; it may describe either, but then not both."""
    facts = {"a": arxiv("1"), "b": arxiv("2")}
    both = VersionFacts(numbers={"arxiv": frozenset({"1", "2"})})

    found = groups_of({**facts, "c": both}, decided("a", "c", p=0.9), decided("b", "c", p=0.99))

    assert found == ["a", "b c"]


def test_the_stage_a_feed_states_is_believed() -> None:
    """NISO RP-8: a submitted manuscript is not the version of record."""
    submitted = facts_of(Fields("a", kind="article", stage="submitted"))
    published = facts_of(Fields("b", kind="article", stage="published"))

    assert not submitted.agrees_with(published)


def test_an_arxiv_doi_alone_states_a_preprint_whatever_the_type() -> None:
    """OpenAlex calls arXiv papers articles (seed case 147, right side)."""
    record = Record("openalex:W1", type="article", doi="10.48550/arxiv.2112.12650")

    assert facts_of(fields_of(record)).form == "preprint"


def test_a_place_in_a_journal_states_the_article() -> None:
    """Volume and pages are given to what was published."""
    record = Record("crossref:1", type="article", container="Made Journal", volume="7", pages="1-9")

    assert facts_of(fields_of(record)).form == "article"


def test_a_place_in_a_thesis_or_in_a_repository_states_nothing() -> None:
    """Pages are also counted in what was never published."""
    thesis = Record("core:1", type="thesis", container="Made University", pages="1-215")
    deposit = Record("core:2", container="arXiv", pages="1-9")

    assert not facts_of(fields_of(thesis)).states_version
    assert not facts_of(fields_of(deposit)).states_version


def test_a_title_alone_states_no_version() -> None:
    """A guess would part duplicates."""
    assert not facts_of(fields_of(Record("core:1", title="Distilling"))).states_version


def test_version_numbers_are_read_from_identifiers() -> None:
    """The v3 of an arXiv URL tells the version, the bare id does not."""
    told = Fields("a", identifiers=(Identifier("arxiv", "2112.12650", version="3"),))
    bare = Fields("b", identifiers=(Identifier("arxiv", "2112.12650"),))

    assert facts_of(told).numbers == {"arxiv": frozenset({"3"})}
    assert facts_of(told).agrees_with(facts_of(bare))
