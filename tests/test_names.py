"""How bylines are taken apart, and names with them."""

import csv
import time
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.fields.people import names, personal
from indexer.fields.people.name_order import Order
from indexer.fields.people.names import Name, Names, name_key, names_of
from indexer.fields.text.folding import fold
from indexer.records import Author

CASES = Path(__file__).parent / "cases" / "names.csv"
SECONDS = 10  # on a loaded machine; a quadratic reading would take hours


def rows() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read(*names: str) -> Names:
    return names_of([Author(name) for name in names])


def written(name: Name) -> str:
    """A name as the table writes it."""
    text = f"{name.family}, {' '.join(name.given)}" if name.given else name.family
    return text + (f" [{name.suffix}]" if name.suffix else "") + (" (group)" if name.group else "")


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["authors"][:60])
def test_a_byline_is_read_as_it_was_meant(row: dict[str, str]) -> None:
    """Anyone can add a row; `why` says what the row is about."""
    found = read(*row["authors"].split(" || "))

    assert "; ".join(map(written, found.names)) == row["expected"], row["why"]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["authors"][:60])
def test_a_byline_tells_whether_it_is_cut_or_guessed(row: dict[str, str]) -> None:
    """Names missing from a cut list, or parted at a guess, are weak evidence against."""
    found = read(*row["authors"].split(" || "))

    flags = {"truncated": found.truncated, "scrambled": found.scrambled}
    assert {name for name, is_set in flags.items() if is_set} == set(row["flags"].split())


def test_names_that_the_feed_took_apart_are_believed() -> None:
    """Crossref and PubMed give family and given name in fields of their own."""
    found = names_of(
        [
            Author(family="Vega Montes", given="Juan Carlos"),
            Author(name="Anna van der Meer", family="van der Meer", given="A."),
            Author(family="Stone"),
            Author(family="North Study Group"),
            Author(family="欧阳", given="小明"),
            Author(family="Anonymous"),
        ]
    )

    assert [written(name) for name in found.names] == [
        "vega montes, juan carlos", "van der meer, a", "stone", "north study group (group)",
        "ouyang, xiaoming",
    ]  # fmt: skip


def test_a_name_says_whether_it_may_be_the_other_way_round() -> None:
    """A comma, initials, capitals or a particle settle it; habit does not."""
    assert not any(
        read(text).names[0].swappable for text in ("Stone, Anna", "A. Stone", "Stone A.")
    )
    assert read("Anna Stone").names[0].swappable
    assert read("Wei Wang").names[0].swappable
    assert not read("Stone").names[0].swappable


def test_the_name_as_harvested_is_kept_for_display_repaired() -> None:
    """Reports show names as people write them."""
    assert read("Vasile PÄƒiÅŸ").names[0].text == "Vasile Păiş"


def test_names_are_counted_by_family_name_and_first_initial() -> None:
    """Feeds agree on no more of a given name."""
    assert name_key(read("Remco van der Meer").names[0]) == "van der meer r"
    assert name_key(read("Stone").names[0]) == "stone"


def test_nobody_is_no_name() -> None:
    """An empty byline is missing evidence and no agreement."""
    assert names_of([]) == Names()
    assert names_of([Author()]) == Names()


@pytest.mark.parametrize("style", ["{f}, {g}", "{g} {f}", "{f}, {i}.", "{i}. {f}", "{f} {i}"])
def test_one_person_has_one_key_in_every_style(style: str) -> None:
    """Whatever a feed's habit, the family name and the initial are the same."""
    people = [("Stone", "Anna"), ("Zuniga-Vega", "Carlos"), ("McMoss", "Eve"), ("Öz", "Ümit")]
    texts = [style.format(f=family, g=given, i=given[0]) for family, given in people]

    found = [name_key(name) for name in read(*texts).names]

    assert found == [f"{fold(family)} {fold(given)[0]}" for family, given in people]


def test_a_list_of_ten_thousand_authors_is_read() -> None:
    """Large collaborations exist."""
    names = [f"Stone{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}, A. {n % 9}" for n in range(10_000)]

    assert len(read(*names).names) == len(read("; ".join(names)).names) == 10_000


@given(st.lists(st.text(max_size=60), max_size=4))
def test_no_text_makes_the_reading_fail(texts: list[str]) -> None:
    """What is read is folded: small letters, digits and single spaces."""
    for name in read(*texts).names:
        assert name.family
        assert all(fold(part) == part for part in (name.family, *name.given))


@given(st.text("ABab .,-'()&;/andetlvJr\n0朱é", max_size=60))
def test_no_mixture_of_separators_makes_the_reading_fail(text: str) -> None:
    """Lists of names are where separators meet in every order."""
    names_of([Author(text), Author(family=text, given=text), Author(family=text)])


@pytest.mark.parametrize(
    "unit",
    ["a", "A", "A.", "A. ", "Aa", "AaBb ", "a, ", "A B, ", " and ", ";", "(", "(a)", ".", "-", "'",
     " ",
     "van ", "avan A", "et al ", "朱", "Stone A.", "1", "@", "A-", "AB C ", "x@"],
)  # fmt: skip
def test_a_megabyte_of_anything_takes_no_more_than_its_length(unit: str) -> None:
    """Hostile fields must not stop a harvest: time grows with length and not with its square."""
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()

    read(text)
    names_of([Author(family=text, given=text), Author(family=text)])

    assert time.process_time() - started < SECONDS


def read_closely(authors: list[Author]) -> Names:
    """The byline by the rules for any name, none being taken for a usual one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(names, "_of_usual_names", lambda authors: None)
        patch.setattr(personal, "plain_name", lambda text, family, given: None)
        personal._read.cache_clear()
        personal.read_as.cache_clear()
        closely = names_of(authors)
    personal._read.cache_clear()
    personal.read_as.cache_clear()
    return closely


WORDS = [
    "Stone", "Anna", "Reed", "van", "Van", "der", "De", "Le", "di", "Mc", "O'Neill", "D'Amelio",
    "McMoss", "MacLeod", "DeLong", "LeBlanc", "Sullivan", "Zuniga-Vega", "Jean-Pierre", "Mei-ling",
    "Zhang", "Wei", "Li", "Kim", "LI", "STONE", "stone", "anna", "Geert", "Leroux", "A", "A.", "B.",
    "J.-P.", "JP", "AB", "U.", "A.B.", "Yu.", "Jr", "Jr.", "III", "Dr", "Dr.", "MD", "PhD", "and",
    "And", "und", "Et", "et", "al", "al.", "Al", "Others", "others", "Etal", "i", "dr", "null",
    "None", "No", "author", "name", "Anonymous", "S", "N", "Group", "Study", "Board", "of", "The",
    "for", "Öz", "Ümit", "Dvořák", "İnci", "PÄƒiÅŸ", "MartÃn", "Ã", "Å", "ß", "Weiß", "ﬁn",
    "’t", "'t",
    "Y", "y", "Ortega", "Ing", "Miss", "2nd", "3", "Mariavan", "Saint-And", "Mag", "von", "Berg",
    "山田", "и", "др", "др.", "Фонлон", "Пис", "Б.", "Тоннасе", "Рyс", "Stongorî", "Ștefan",
    "Other", "(Nan)", "Stonejr", "X" * 45,
]  # fmt: skip
TEXTS = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", " ", ", ", ".", "-", "", "; ", " & "])),
    min_size=1,
    max_size=6,
).map(lambda pieces: "".join(word + joint for word, joint in pieces).strip(" ,;&-"))
INITIALS = st.lists(st.sampled_from(["A.", "B. C.", "J.-P.", "D.E.", "U. A.", "A"]), min_size=1)
RUN_TOGETHER = st.lists(
    st.tuples(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), INITIALS), min_size=1
).map(lambda names: "".join(f"{' '.join(words)} {initials[0]}" for words, initials in names))
USUAL = st.tuples(st.sampled_from(WORDS), st.lists(st.sampled_from(WORDS), max_size=3)).flatmap(
    lambda parts: st.sampled_from(
        [f"{parts[0]}, {' '.join(parts[1])}", f"{' '.join(parts[1])} {parts[0]}"]
    )
)


@example([Author("Stone A. B.Reed U. A.")])
@example([Author("Others"), Author("Stone")])
@example([Author("Фонлон, И др")])
@example([Author("And A.Stone B.")])
@example([Author("Stone, Etal"), Author("Reed, Al")])
@example([Author("Anna Mariavan Berg"), Author("Carol Reed")])
@example([Author(family="MartÃn", given="Anna")])
@example([Author("Null, Anna"), Author("Stone, None"), Author("No, Name")])
@given(
    st.lists(
        st.one_of(
            USUAL.map(Author),
            TEXTS.map(Author),
            RUN_TOGETHER.map(Author),
            st.builds(Author, name=st.just(""), family=TEXTS, given=TEXTS),
            st.builds(Author, name=TEXTS, family=st.sampled_from(WORDS)),
        ),
        max_size=4,
    )
)
def test_a_usual_name_is_read_as_if_it_were_looked_at_closely(authors: list[Author]) -> None:
    """What is taken for usual is only what the rules for any name leave as it is."""
    assert names_of(authors) == read_closely(authors)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["authors"][:60])
def test_a_byline_of_the_table_is_read_as_if_it_were_looked_at_closely(row: dict[str, str]) -> None:
    """The table has the shapes that were met, real ones changed."""
    authors = [Author(name) for name in row["authors"].split(" || ")]

    assert names_of(authors) == read_closely(authors)


PLAIN = [
    "Stone", "Li", "Van", "De", "Wang", "Anna", "Anna-Maria", "Mei-ling", "Group", "For", "Jr",
    "Dr", "No", "Author", "Anonymous", "Et", "Md", "St", "Mc", "Study-Group", "A.", "J.", "Y.",
    "E.", "I.",
]  # fmt: skip


@given(st.lists(st.sampled_from(PLAIN), min_size=2, max_size=6).map(" ".join))
def test_names_in_plain_words_are_read_as_any_others_are(text: str) -> None:
    with mock.patch.object(personal, "plain_words", return_value=None):
        expected = personal._read.__wrapped__(text)
    told = personal._read.__wrapped__(text)
    for order in Order:
        assert _final(told, text, order) == _final(expected, text, order)
    assert told[1:4] == expected[1:4]


def _final(reading: personal.Reading, text: str, order: Order) -> object:
    return personal.read_on(text, reading, order) if reading.waits else reading.name


UNUSUAL = [
    *("Stone, Anna", "Reed, C. D.", "Abu, Li", "Ann Lee, Jo Ray", "Börö S.", "Reed C.", "et al."),
    "Stone; Reed",
]


@given(st.lists(st.sampled_from([*PLAIN, *UNUSUAL]), max_size=5))
def test_one_unusual_author_does_not_change_how_the_others_are_read(texts: list[str]) -> None:
    authors = [Author(text) for text in texts]
    usual = names._of_usual_names(authors)
    assert usual in (None, names._of_any_names(authors))
