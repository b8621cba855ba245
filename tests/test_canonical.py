"""The merged record of a work: which value of each field is taken, and from where."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from detector.works.members import members_of
from detector.works.merging import canonical as merging
from detector.works.merging.canonical import alone, canonical, renamed
from detector.works.merging.lone import lone
from detector.works.works import Work
from indexer.feeds.formats import read_files
from indexer.fields import fields_of
from indexer.fields.packing import flat_of, packed
from indexer.records import Author, Occurrence, Record, Relation

# The seed case, with the left title as it might have come in capitals.
ARCHIVE = Record(
    "ia:1",
    source="internet_archive",
    title="Distilling the Knowledge of Romanian BERTs Using Multiple Teachers",
    authors=(Author("Andrei-Marius Avram"), Author("Mihai DascÄƒlu"), Author("Dan TufiÅŸ")),
    date="2022-04-13",
    urls=("https://web.archive.org/web/20220523200334/https://arxiv.org/pdf/2112.12650v3.pdf",),
    abstract="Running large-scale pre-trained language models in computationally constrained "
    "environments remains a challenging problem yet to be addressed.",
)
OPENALEX = Record(
    "openalex:W4226067207",
    source="openalex",
    title="DISTILLING THE KNOWLEDGE OF ROMANIAN BERTS USING MULTIPLE TEACHERS",
    authors=(Author("Andrei-Marius Avram"), Author("M. Dascalu"), Author("D. Tufis")),
    date="2021-12-23",
    container="arXiv (Cornell University)",
    doi="10.48550/arxiv.2112.12650",
    urls=("https://arxiv.org/pdf/2112.12650",),
)
PREPRINT = Record(
    "made:preprint",
    source="made",
    type="preprint",
    title="A draft of one thing",
    authors=(Author("Ana Pop"),),
    date="2019-03-05",
    container="Made Preprints",
    doi="10.48550/arxiv.1903.00001",
    urls=("https://example.org/a",),
)
ARTICLE = Record(
    "made:article",
    source="made",
    type="article",
    title="On another matter entirely",
    authors=(Author("Pop, A"),),
    year="2020",
    container="Journal of Made Results",
    volume="12",
    pages="139-54",
    doi="10.5555/made.1",
    urls=("https://example.org/b", "https://example.org/a"),
)


def merged_of(*records: Record, groups: Sequence[Sequence[Record]] = ()) -> dict[str, Any]:
    by_id = {one.record_id: one for one in records}
    held = tuple(tuple(sorted(one.record_id for one in group)) for group in groups or [records])
    work = Work("w1", tuple(sorted(by_id)), held)
    return canonical(work, by_id, {name: fields_of(one) for name, one in by_id.items()})


def test_a_record_alone_is_its_own_canonical_repaired() -> None:
    """Every work has a canonical record, and it is fit to be shown."""
    found = merged_of(ARCHIVE)

    assert found["authors"][1] == "Mihai Dascălu"
    assert found["origin"]["authors"] == "ia:1"
    assert "doi" not in found


def test_the_title_in_capitals_is_not_taken() -> None:
    """Capitals lose which words are names and acronyms."""
    found = merged_of(ARCHIVE, OPENALEX)

    assert found["title"] == ARCHIVE.title
    assert found["origin"]["title"] == "ia:1"


def test_a_foreign_title_under_the_right_doi_is_outvoted() -> None:
    """One feed gave the DOI of an English article a longer title in German."""
    own = replace(ARTICLE, title="Seven kinds of mountain meadow")
    copies = [replace(own, record_id=f"made:{at}") for at in range(2)]
    foreign = replace(ARTICLE, record_id="made:9", title="Sieben Arten der Wiese in den Bergen")

    assert merged_of(*copies, foreign)["title"] == own.title
    assert merged_of(*copies, foreign)["alternate_titles"] == [foreign.title]


def test_copies_of_the_preprint_do_not_outvote_the_title_of_the_article() -> None:
    """The article was retitled, and three feeds hold its preprint."""
    drafts = [replace(PREPRINT, record_id=f"made:{at}") for at in range(3)]

    assert merged_of(*drafts, ARTICLE)["title"] == ARTICLE.title


def test_a_title_with_its_subtitle_is_not_outvoted_by_copies_without() -> None:
    """Half of the feeds drop what stands behind the colon."""
    full = replace(ARTICLE, title="Seven kinds of mountain meadow: a survey of the eastern Alps")
    short = [
        replace(ARTICLE, record_id=f"made:{at}", title="Seven kinds of mountain meadow")
        for at in range(3)
    ]

    assert merged_of(full, *short)["title"] == full.title


def test_full_given_names_are_taken_before_initials() -> None:
    """Three names in full on the left, one on the right (after the seed case)."""
    found = merged_of(ARCHIVE, OPENALEX)

    assert found["origin"]["authors"] == "ia:1"


def test_what_one_record_lacks_comes_from_the_other() -> None:
    """Container and DOI from OpenAlex, abstract from the archive."""
    found = merged_of(ARCHIVE, OPENALEX)

    assert found["doi"] == "10.48550/arxiv.2112.12650"
    assert found["origin"]["doi"] == "openalex:W4226067207"
    assert found["origin"]["abstract"] == "ia:1"


def test_each_version_is_listed_as_in_the_seed() -> None:
    """One entry a record, in the order of the work, with the seed's seven keys."""
    found = merged_of(ARCHIVE, OPENALEX)

    assert found["versions"][1] == {
        "year": 2021,
        "source": "openalex",
        "title": OPENALEX.title,
        "container": "arXiv (Cornell University)",
        "urls": ["https://arxiv.org/pdf/2112.12650"],
        "doi": "10.48550/arxiv.2112.12650",
        "publication_date": "2021-12-23",
    }
    assert found["versions"][0]["source"] == "internet_archive"


def test_what_belongs_to_a_version_comes_from_the_published_one() -> None:
    """Half preprint and half article is a record of neither."""
    found = merged_of(PREPRINT, ARTICLE, groups=[[PREPRINT], [ARTICLE]])

    taken = {name: found["origin"][name] for name in ("title", "date", "container", "doi", "type")}
    assert set(taken.values()) == {"made:article"}
    assert (found["container"], found["date"]) == ("Journal of Made Results", "2020")


def test_the_title_of_the_preprint_stays_findable() -> None:
    """Who knows the preprint's title must find the work."""
    found = merged_of(PREPRINT, ARTICLE, groups=[[PREPRINT], [ARTICLE]])

    assert found["alternate_titles"] == [PREPRINT.title]
    assert found["origin"]["alternate_titles"] == ["made:preprint"]


def test_a_spelling_of_the_title_is_no_other_title() -> None:
    """Typing errors are not worth a line."""
    typed = Record("made:typed", title="On another mattr entirely", authors=ARTICLE.authors)

    assert "alternate_titles" not in merged_of(ARTICLE, typed)


def test_identifiers_and_urls_are_united_once_with_their_records() -> None:
    """No identifier is lost; the origin stands beside each value."""
    found = merged_of(PREPRINT, ARTICLE, groups=[[PREPRINT], [ARTICLE]])

    assert found["doi"] == "10.5555/made.1"
    assert ["doi", "10.48550/arxiv.1903.00001"] in found["identifiers"]
    assert ["doi", "10.5555/made.1"] not in found["identifiers"]
    assert found["urls"] == ["https://example.org/b", "https://example.org/a"]
    assert found["origin"]["urls"] == ["made:article", "made:article"]


def test_a_day_is_taken_before_a_year() -> None:
    """A year is a date that lost its day."""
    day = Record("b", title="One matter", date="2020-05-04")
    year = Record("a", title="One matter", year="2020", abstract="x")

    assert merged_of(day, year)["date"] == "2020-05-04"


def test_a_place_is_completed_only_where_it_does_not_contradict() -> None:
    """The issue of volume 12 is added, that of volume 13 is not."""
    issue = Record("made:b", title=ARTICLE.title, volume="12", issue="3")
    wrong = Record("made:c", title=ARTICLE.title, volume="13", issue="9", pages="1-2")

    found = merged_of(ARTICLE, issue)
    assert (found["volume"], found["issue"], found["pages"]) == ("12", "3", "139-154")
    assert "issue" not in merged_of(
        Record("made:a", title=ARTICLE.title, volume="12", pages="139-154", doi="10.5555/x"),
        Record("made:c", title=ARTICLE.title, volume="13", issue="9"),
    )
    assert merged_of(issue, wrong)["volume"] == "13"


def test_a_stub_and_a_whole_text_are_no_abstract_while_there_is_one() -> None:
    """The longest is taken only among those that can be an abstract."""
    stub = Record("a", title="One matter", abstract="No abstract.")
    sane = Record("b", title="One matter", abstract="We measure one matter. " * 8)
    text = Record("c", title="One matter", abstract="And so on, page after page. " * 900)

    assert merged_of(stub, sane, text)["origin"]["abstract"] == "b"
    assert merged_of(stub)["abstract"] == "No abstract."


def test_a_title_with_lost_characters_is_not_taken() -> None:
    """A question mark inside a word cannot be repaired, another record can."""
    lost = Record("a", title="The work of D?sc?lu", abstract="x")
    whole = Record("b", title="The work of Dascălu")

    assert merged_of(lost, whole)["title"] == "The work of Dascălu"


def test_the_canonical_record_can_be_read_as_a_record() -> None:
    """What is written goes in again: same keys, structured names kept."""
    record = Record(
        "made:1",
        title="One matter",
        authors=(Author(family="Pop", given="Ana", orcid="0000-0002-1825-0097"),),
        relations=(Relation("is-preprint-of", "doi:10.5555/made.1"),),
    )

    found = merged_of(record)

    assert found["authors"] == [{"family": "Pop", "given": "Ana", "orcid": "0000-0002-1825-0097"}]
    assert found["relations"] == [{"kind": "is-preprint-of", "target": "doi:10.5555/made.1"}]


def test_the_order_of_records_does_not_matter() -> None:
    """A canonical record is a function of the set."""
    records = [ARCHIVE, OPENALEX, PREPRINT, ARTICLE]
    once = merged_of(*records)
    random = Random(20)
    for _ in range(10):
        random.shuffle(records)
        assert merged_of(*records) == once


def test_an_empty_record_gives_an_empty_canonical() -> None:
    """Nothing is made up."""
    found = merged_of(Record("a"))

    assert found.keys() == {"origin", "versions"}
    assert found["origin"] == {}


def test_origins_can_be_named_as_the_input_names_records() -> None:
    """Outputs use the ids that the input gave."""
    names: Mapping[str, str] = {"made:a": "a"}

    assert renamed({"title": "made:a", "urls": ["made:a", "made:b"]}, names) == {
        "title": "a",
        "urls": ["a", "made:b"],
    }


def test_the_primary_version_is_the_published_one() -> None:
    """Members are ranked before anything is taken from them."""
    by_id = {one.record_id: one for one in (PREPRINT, ARTICLE)}
    work = Work("w1", ("made:article", "made:preprint"), (("made:preprint",), ("made:article",)))

    members = members_of(work, by_id, {name: fields_of(one) for name, one in by_id.items()})

    assert [(one.record_id, one.primary) for one in members] == [
        ("made:article", True),
        ("made:preprint", False),
    ]


FIRST = Record(
    "made.bib:a",
    title="All kinds of made grain",
    authors=(Author("Sower, Ada"),),
    editors=(Author("Reaper, Ed"),),
    keywords=("Grain", "markets", "Two-row"),
    notes=("Checked",),
    groups=("fields; barns", "north"),
    publisher_place="Lund",
    database="Embase",
    accession_number="L200",
    extra=(("bibtex:file", ":papers/a.pdf:PDF"), ("bibtex:owner", "ada"), ("ris:AD", "Lund")),
)
SECOND = Record(
    "made.bib:b",
    title="All kinds of made grain",
    authors=(Author("Sower, A."),),
    keywords=("ＭＡＲＫＥＴＳ", "grain", "barley"),
    notes=("Read twice",),
    groups=("north", "south"),
    database="Medline",
    extra=(("bibtex:file", ":papers/b.pdf:PDF"), ("bibtex:owner", "Ada")),
)


def test_what_has_no_compared_field_is_united_too() -> None:
    """Keywords, notes and groups of a duplicate were lost with it."""
    found = merged_of(FIRST, SECOND)

    assert found["keywords"] == ["Grain", "markets", "Two-row", "barley"]
    assert found["notes"] == ["Checked", "Read twice"]
    assert found["groups"] == ["fields; barns", "north", "south"]
    assert (found["database"], found["accession_number"]) == (["Embase", "Medline"], ["L200"])
    assert (found["editors"], found["publisher_place"]) == (["Reaper, Ed"], "Lund")
    assert found["extra"] == [
        ["bibtex:file", ":papers/a.pdf:PDF"],
        ["bibtex:owner", "ada"],
        ["ris:AD", "Lund"],
        ["bibtex:file", ":papers/b.pdf:PDF"],
    ]
    assert found["origin"]["notes"] == ["made.bib:a", "made.bib:b"]


def test_a_byline_that_begins_again_names_nobody_twice() -> None:
    """Six names for four people, the last two in other spellings; the fuller one is shown."""
    names = ("Lang, Erik", "Rust, Ana", "Hind, Nell", "Gale, Sal", "Rust, Ana M. T.", "Gale, Sally")
    doubled = Record("a", title="One matter", authors=tuple(map(Author, names[:5])))
    whole = Record("b", title="One matter", authors=tuple(map(Author, names[:4])), year="2001")

    assert merged_of(doubled)["authors"] == ["Lang, Erik", "Rust, Ana M. T.", *names[2:4]]
    assert len(merged_of(doubled, whole)["authors"]) == 4


def test_two_people_of_one_name_in_a_byline_stay_two() -> None:
    """Initials alone, or others behind them, are no second list."""
    initials = tuple(map(Author, ("Ito, S", "Abe, K", "Ito, S")))
    brothers = tuple(map(Author, ("Ito, Sen", "Ito, Senji", "Abe, Ken")))

    assert len(merged_of(Record("a", title="One matter", authors=initials))["authors"]) == 3
    assert len(merged_of(Record("a", title="One matter", authors=brothers))["authors"]) == 3


def test_a_whole_byline_given_twice_is_given_once() -> None:
    twice = tuple(map(Author, ("Ito, S", "Abe, K"))) * 2

    assert merged_of(Record("a", title="One matter", authors=twice))["authors"] == [
        "Ito, S",
        "Abe, K",
    ]


def test_an_editor_is_no_author_where_another_record_tells_them_apart() -> None:
    """The byline with the editor in it is longer, not better."""
    mixed = Record("a", title="One matter", authors=(Author("Cook, Ann"), Author("Boss, Bea")))
    apart = Record("b", title="One matter", authors=mixed.authors[:1], editors=mixed.authors[1:])

    found = merged_of(mixed, apart)

    assert (found["authors"], found["editors"]) == (["Cook, Ann"], ["Boss, Bea"])


def test_a_word_for_no_abstract_is_none() -> None:
    """R writes NA where it has no value."""
    assert "abstract" not in merged_of(Record("a", title="One matter", abstract="NA"))


def test_an_underscore_that_tex_escapes_stays() -> None:
    """It is no subscript."""
    record = Record(
        "a",
        title=r"The tool a\_b and 50\% of it",
        keywords=(r"a\_b",),
        urls=(r"https://made.example/a\_b?c=1\&d=2",),
    )

    found = merged_of(record)

    assert found["title"] == "The tool a_b and 50% of it"
    assert found["keywords"] == ["a_b"]
    assert found["urls"] == ["https://made.example/a_b?c=1&d=2"]


def test_a_serial_number_with_a_wrong_digit_stays_as_it_came() -> None:
    """It identifies nothing, but it was in the record."""
    wrong = Record("a", title="One matter", issn=("1234-9670", "0303-8467 (Print)"))
    right = Record("b", title="One matter", issn=("03038467",), isbn=("0-306-40615-2",))

    found = merged_of(wrong, right)

    assert sorted(found["issn"]) == ["0303-8467", "1234-9670"]
    assert len(found["isbn"]) == 1


def test_a_record_alone_is_merged_as_a_work_of_one() -> None:
    """The short way leaves out what ranks several; examples and cases are of every shape."""
    rows = read_files(["examples", "tests/made"])
    records = [row.record for row in rows if isinstance(row, Occurrence)]
    both = replace(
        ARTICLE,
        alternate_titles=("Sur autre chose", "On another matter entirely"),
        editors=(Author("Ana Pop"), Author("Ion Rus")),
        identifiers=(("doi", "10.5555/made.1"), ("pmid", "123456")),
    )

    doubled = replace(ARTICLE, authors=(Author("Pop, Ana"), Author("Pop, Ion"), Author("Pop, Ana")))
    untold = replace(ARTICLE, publisher="<b></b>", abstract=" n/a ", year="", urls=())
    left_to_alone = 0
    for record in (ARCHIVE, OPENALEX, PREPRINT, ARTICLE, both, doubled, untold, *records):
        name, fields = record.record_id, fields_of(record)
        work = Work("w", (name,), ((name,),))
        members = members_of(work, {name: record}, {name: fields})
        short, whole = alone(record, fields), merging.merged_of(work, members)
        assert short == whole
        assert list(short.items()) == list(whole.items())  # in the same order
        assert list(short["origin"]) == list(whole["origin"])
        for form in (fields, packed(fields)):
            plain = lone(json.loads(record.to_json()), flat_of(form), "called")
            whole["origin"] = renamed(whole["origin"], {name: "called"})
            assert plain is None or orjson.dumps(plain) == orjson.dumps(whole)
            left_to_alone += plain is None
    assert len(records) > 90
    assert left_to_alone / 2 < len(records) / 5


AWKWARD = st.sampled_from(
    (
        "",
        " ",
        "n/a",
        "<b></b>",
        r"a\_b",
        "A &amp; B",
        "Heft.",
        "12–34",
        "10.5555/made.1",
        "Ü ",
        "e12",
    )
)
TEXTS = st.lists(AWKWARD, max_size=3).map(tuple)
PEOPLE = st.lists(
    st.builds(Author, *(st.sampled_from(("", "Pop", "Pop, A.", "Rus")) for _ in range(3))),
    max_size=3,
).map(tuple)


@given(
    st.fixed_dictionaries(
        {
            **dict.fromkeys(("title", "container", "publisher", "publisher_place"), AWKWARD),
            **dict.fromkeys(("volume", "issue", "pages", "article_number", "abstract"), AWKWARD),
            **dict.fromkeys(("year", "type", "doi", "database", "accession_number"), AWKWARD),
            **dict.fromkeys(("keywords", "notes", "groups", "issn", "isbn", "urls"), TEXTS),
            "date": st.sampled_from(("", "2020", "2020-05", "2020-05-31", "31 May")),
            "authors": PEOPLE,
            "extra": st.lists(st.tuples(AWKWARD, AWKWARD), max_size=2).map(tuple),
            "relations": st.lists(st.builds(Relation, AWKWARD, AWKWARD), max_size=2).map(tuple),
        }
    )
)
def test_a_lone_record_of_plain_values_is_merged_as_objects_are(said: dict[str, Any]) -> None:
    record = Record("made:1", source="made", **said)
    fields = fields_of(record)
    whole = alone(record, fields)
    whole["origin"] = renamed(whole["origin"], {"made:1": "called"})

    plain = lone(json.loads(record.to_json()), flat_of(packed(fields)), "called")

    assert plain is None or orjson.dumps(plain) == orjson.dumps(whole)
