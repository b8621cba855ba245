"""Comparisons: pure, symmetric, and silent where one side does not say."""

from dataclasses import replace

import numpy as np
import pytest

from detector.comparisons import COLUMN, COMPARISONS, NAMES, Comparer, Tally, tallied
from detector.comparisons.agreeing import FEW_PAIRS
from detector.decision.guards import guards_of
from indexer.fields import fields_of
from indexer.keys.epoch import Epoch
from indexer.records import Author, Record

ARTICLE = Record(
    record_id="made:1",
    title="Seasonal nitrogen uptake in subalpine meadow grasses",
    authors=(Author(name="Okonjo, Marta"), Author(name="Haddad, Nadia")),
    year="2011",
    container="Journal of Alpine Ecology",
    volume="11",
    issue="2",
    pages="101-112",
    doi="10.5555/mx1000",
)


def levels(left: Record, right: Record) -> dict[str, str]:
    """The levels of one pair by name, those that are missing left out."""
    row = Comparer(Epoch.empty()).compare([(fields_of(left), fields_of(right))])[0]
    return {name: COMPARISONS[at].levels[row[at]].name for name, at in COLUMN.items() if row[at]}


def test_a_record_agrees_with_itself_in_all_it_says() -> None:
    """The best level of every field that is there, and no conflict."""
    found = levels(ARTICLE, ARTICLE)

    assert found["title"] == "exact"
    assert found["authors"] == "all_two"
    assert found["year"] == found["volume"] == found["doi"] == "same"
    assert "conflicts" not in found


@pytest.mark.parametrize(
    "name", ["title", "authors", "year", "container", "volume", "pages", "doi"]
)
def test_a_missing_field_is_never_a_different_one(name: str) -> None:
    """What a feed leaves out says nothing: no comparison may count it as a conflict."""
    empty: object = () if name == "authors" else ""
    found = levels(ARTICLE, replace(ARTICLE, **{name: empty}))  # type: ignore[arg-type]

    against = {
        comparison.name: {level for order in comparison.conflict for level in order}
        for comparison in COMPARISONS
    }
    told_by_title = {"title_length", "title_rarity"}
    assert not {n for n, level in found.items() if level in against[n]} - told_by_title


def test_two_empty_records_have_nothing_to_compare() -> None:
    """Missing on both sides is no agreement either."""
    assert levels(Record("made:1"), Record("made:2")) == {}


def test_every_comparison_states_its_claim_and_its_levels_once() -> None:
    """The claim is shown to users; a level named twice would have two weights."""
    for comparison in COMPARISONS:
        names = [level.name for level in comparison.levels]
        ordered = [n for order in (*comparison.agree, *comparison.conflict) for n in order]
        assert comparison.claim.endswith("."), comparison.name
        assert len(names) == len(set(names))
        assert names[0] == "missing"
        assert len(ordered) == len(set(ordered))
        assert set(ordered) <= set(names[1:]), comparison.name
    assert len(set(NAMES)) == len(NAMES)


def test_tallies_come_last() -> None:
    """They count the columns before them."""
    kinds = [isinstance(comparison, Tally) for comparison in COMPARISONS]

    assert kinds == sorted(kinds)


def test_no_pairs_have_no_levels() -> None:
    """An empty batch is a batch."""
    assert Comparer(Epoch.empty()).compare([]).shape == (0, len(COMPARISONS))
    assert Comparer(Epoch.empty()).compare([]).dtype == np.int8


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("Okonjo, Marta; Haddad, Nadia", "M. Okonjo; N. Haddad", "all_two"),
        ("Okonjo, Marta; Haddad, Nadia", "Haddad, Nadia; Okonjo, Marta", "all_two"),
        ("Glöckner, Helge", "Gloeckner, H.", "one_initial"),
        ("Okonjo, Marta", "Okonjo, Peter", "none"),
        ("Okonjo, Marta; Haddad, Nadia", "Lindqvist, Oskar", "none"),
        ("Okonjo M.", "Okonjo Marta", "one_initial"),
        ("Okonjo M. L.", "Okonjo Marta Luise", "one_initial"),
        ("Marta, O.", "Marta Okonjo", "one_initial"),
        ("Rafael Camps", "Rafael Camps Paré", "one_full"),
        ("Okonjo M.", "Okonjo Peter", "none"),
        ("Marta, P.", "Marta Okonjo", "none"),
        ("Bob Haddad", "Robert H. Haddad", "one_initial"),
        ("Bob Haddad", "Peter Haddad", "none"),
        ("Bill Rosenblatt", "Bill Rosneblatt", "one_full"),
        ("S. Arnold; T. Bruno", "A. Sahuge; B. Tannou", "all_two"),
        ("S. Arnold; T. Bruno", "A. Sahuge; T. Tannou", "none"),
        ("S. Arnold; T. Bruno", "Anna Sahuge; B. Tannou", "none"),
        ("S. Arnold; T. Bruno; Haddad, Nadia", "A. Sahuge; B. Tannou", "all_two"),
    ],
)
def test_bylines(left: str, right: str, level: str) -> None:
    """Initials and order do not part authors; other given names do."""
    ours, theirs = (
        replace(ARTICLE, authors=tuple(Author(name=name) for name in side.split("; ")))
        for side in (left, right)
    )

    assert levels(ours, theirs)["authors"] == level


def test_one_name_exchanged_with_its_initial_says_nothing() -> None:
    """Of two strangers that is chance, of one person a feed's slip."""
    ours = replace(ARTICLE, authors=(Author(name="S. Arnold"),))
    theirs = replace(ARTICLE, authors=(Author(name="A. Sahuge"),))

    assert not {"authors", "first_author"} & levels(ours, theirs).keys()


def test_names_in_two_scripts_say_nothing() -> None:
    """Feeds romanise names in many ways."""
    ours = replace(ARTICLE, authors=(Author(name="孢武度"),))
    theirs = replace(ARTICLE, authors=(Author(name="Wudu Lu"),))

    assert not {"authors", "first_author"} & levels(ours, theirs).keys()


@pytest.mark.parametrize(
    ("author", "container", "level"),
    [
        ("H. V. Jagadish", "Journal of Alpine Ecology", "own_review"),
        ("Okonjo, Marta", "Journal of Alpine Ecology", "one_side"),
        ("H. V. Jagadish", "Wildlife Acoustics Quarterly", "one_side"),
    ],
)
def test_nobody_reviews_a_book_of_ones_own(author: str, container: str, level: str) -> None:
    """A record of a review may bear the title of the book alone."""
    review = replace(ARTICLE, title=f"{ARTICLE.title} - Book Review", container="J Alpine Ecol",
                     authors=(Author(name="H. V. Jagadish"),))  # fmt: skip
    other = replace(ARTICLE, authors=(Author(name=author),), container=container)

    assert levels(review, other)["notice"] == level


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("Limpets of the coast: a survey", "Limpets of the coast", "subtitle"),
        ("Faults in rotor blades of mills", "Faults in rotorblades of mills", "spacing"),
        ("A framework for flow in granul…", "A framework for flow in granular drums", "subtitle"),
        ("Thermal tolerance of limpets", "Granular flow in drums", "less"),
    ],
)  # fmt: skip
def test_titles(left: str, right: str, level: str) -> None:
    """Each view of a title has a level of its own."""
    assert levels(replace(ARTICLE, title=left), replace(ARTICLE, title=right))["title"] == level


def test_a_title_cut_off_says_nothing_of_the_numbers_behind_the_cut() -> None:
    """What a search engine did not show is missing, not different."""
    whole = replace(ARTICLE, title="Thermal tolerance of limpets in summer. Part 2")
    cut = replace(ARTICLE, title="Thermal tolerance of limpets in …")

    assert not {"numbers", "part"} & levels(whole, cut).keys()
    assert levels(whole, replace(cut, title="Thermal tolerance of limpets"))["part"] == "one_side"


@pytest.mark.parametrize(("doi", "level"), [(ARTICLE.doi, "subtitle"), ("", "contained_short")])
def test_under_one_doi_a_title_behind_a_colon_is_the_whole_title(doi: str, level: str) -> None:
    """Feeds put the book's title before its chapter's; of other books it is another chapter."""
    headed = replace(ARTICLE, title="Tidal Measurement and Control: Risk measures")
    chapter = replace(ARTICLE, title="Risk measures", doi=doi)

    assert levels(headed, chapter)["title"] == level


def test_a_function_word_is_no_information() -> None:
    """Nobody counts them, and what nobody counted would be the rarest word of all."""
    bare = replace(ARTICLE, title="Measures of risk")

    found = levels(replace(bare, title="The Measures of Risk"), bare)

    assert found["title_words"] == "few_more"


@pytest.mark.parametrize(
    ("container", "title", "arxiv", "support"),
    [
        ("arXiv: Probability", ARTICLE.title, "named", "one"),
        ("arXiv: Probability", f"{ARTICLE.title} revisited", "named", "weak"),
        ("Journal of Alpine Ecology", ARTICLE.title, None, "weak"),
    ],
)
def test_one_title_on_arxiv_in_one_year_supports_it(
    container: str, title: str, arxiv: str | None, support: str
) -> None:
    """A copy that names arXiv and no number is that of the paper; arXiv keeps no two of a name."""
    numbered = Record("arxiv:1105.0100", title=ARTICLE.title, year="2011",
                      urls=("https://arxiv.org/abs/1105.0100",))  # fmt: skip
    copy = Record("s2:1", title=title, year="2011", container=container)

    found = levels(numbered, copy)

    assert (found.get("arxiv"), found["support"]) == (arxiv, support)


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        (("11", "2"), ("11", "2"), "same"),
        (("11", "2"), ("2", "11"), "swapped"),
        (("11", "2"), ("12", "2"), "differ"),
        (("75A", "9"), ("75", "9"), "same"),
        (("2019", "11"), ("12", "2"), "differ"),
    ],
)
def test_volumes(left: tuple[str, str], right: tuple[str, str], level: str) -> None:
    """Volume and issue the wrong way round are no conflict."""
    ours, theirs = (replace(ARTICLE, volume=v, issue=i) for v, i in (left, right))

    assert levels(ours, theirs)["volume"] == level


def test_one_arxiv_id_is_found_in_a_doi_and_in_an_archived_address() -> None:
    """The seed case: the id stands inside a Wayback URL on one side, inside a DOI on the other."""
    left = Record(
        "ia:1",
        urls=("https://web.archive.org/web/20220523200334/https://arxiv.org/pdf/2112.12650v3.pdf",),
    )
    right = Record("openalex:1", doi="10.48550/arxiv.2112.12650")

    assert levels(left, right)["arxiv"] == "same"


def test_a_year_in_place_of_the_volume_says_nothing() -> None:
    """Databases number by years what a publisher numbers by volumes."""
    ours, theirs = replace(ARTICLE, volume=ARTICLE.year), replace(ARTICLE, volume="7")

    assert "volume" not in levels(ours, theirs)


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ({"issue": "1", "pages": "264"}, {"issue": "264", "pages": ""}, "number"),
        ({"issue": "", "pages": "46001"}, {"issue": "", "article_number": "046001"}, "number"),
        ({"issue": "", "pages": "23-26"}, {"issue": "", "pages": "23-Jun"}, "first"),
        ({"issue": "", "pages": "6-23"}, {"issue": "", "pages": "23-Jun"}, "both"),
        ({"issue": "", "pages": "1-30"}, {"issue": "", "pages": "1-42"}, "near"),
        ({"issue": "21", "pages": "353"}, {"issue": "22", "pages": "383"}, "differ"),
        ({"issue": "8", "pages": "1223-1237"}, {"issue": "", "pages": "S189-S190"}, "differ"),
        ({"issue": "1", "pages": "189-190"}, {"issue": "", "pages": "S189-S190"}, "slip"),
        ({"issue": "1", "pages": "189"}, {"issue": "", "pages": "e12"}, None),
    ],
)
def test_pages(left: dict[str, str], right: dict[str, str], level: str | None) -> None:
    """A number keeps its meaning wherever a database has put it."""
    ours, theirs = (replace(ARTICLE, **{"pages": "", **side}) for side in (left, right))  # type: ignore[arg-type]

    assert levels(ours, theirs).get("page") == level
    assert levels(theirs, ours).get("page") == level


@pytest.mark.parametrize(("left", "right"), [("9", "2313"), ("aug", "8")])
def test_issues_that_are_none_say_nothing(left: str, right: str) -> None:
    """An article number, or a month against a number."""
    ours, theirs = (replace(ARTICLE, issue=issue, pages="") for issue in (left, right))

    assert "issue" not in levels(ours, theirs)


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        (("embase", "72234616"), ("embase", "72234616"), "same"),
        (("embase", "72234616"), ("embase", "72014806"), "differ"),
        (("wos", "WOS:000123456700001"), ("wos", "WOS:000123456700002"), "differ"),
        (("openalex", "W4226067207"), ("openalex", "W4226067208"), None),
        (("embase", "72234616"), ("scopus", "2-s2.0-85012345678"), None),
    ],
)
def test_numbers_of_edited_databases_speak_both_ways(
    left: tuple[str, str], right: tuple[str, str], level: str | None
) -> None:
    """Embase gives a publication one number; OpenAlex numbers copies, so its say nothing."""
    ours, theirs = (replace(ARTICLE, identifiers=(one,)) for one in (left, right))

    assert levels(ours, theirs).get("identifier") == level
    assert levels(theirs, ours).get("identifier") == level


def test_numbers_of_unlike_titles_are_not_asked() -> None:
    """That two papers have two numbers says nothing that their titles do not."""
    ours = replace(ARTICLE, identifiers=(("embase", "72234616"),))
    theirs = replace(ours, title="Random loops", identifiers=(("embase", "72014806"),))

    assert "identifier" not in levels(ours, theirs)


@pytest.mark.parametrize(
    ("copy", "article", "level"),
    [
        ("2017", "2020", None),
        ("2017", "2021", "five"),
        ("2020", "2018", None),
        ("2020", "2017", "three"),
    ],
)
def test_an_article_appears_up_to_three_years_after_its_preprint(
    copy: str, article: str, level: str | None
) -> None:
    """Years from posting to printing say nothing of identity; a copy three years later does."""
    ours = replace(ARTICLE, year=copy, container="arXiv", volume="", issue="", pages="", doi="")
    theirs = replace(ARTICLE, year=article)

    assert levels(ours, theirs).get("year") == level
    assert levels(theirs, ours).get("year") == level


def test_few_pairs_are_tallied_and_guarded_as_many_are() -> None:
    """Of few pairs levels are looked up, of many each is tested."""
    draw = np.random.default_rng(1)
    most = [len(comparison.levels) for comparison in COMPARISONS]
    levels = draw.integers(0, most, (20 * FEW_PAIRS, len(COMPARISONS))).astype(np.int8)
    some = levels[: FEW_PAIRS // 2]

    many, few = tallied(levels.copy()), tallied(some.copy())

    assert few.tolist() == many[: len(some)].tolist()
    columns = ({name: each[:, at] for name, at in COLUMN.items()} for each in (few, many))
    of_few, of_many = map(guards_of, columns)
    assert of_few.tolist() == of_many[: len(some)].tolist()
    assert len(set(of_few.tolist())) > 3
