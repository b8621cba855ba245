"""MARC 21 and UNIMARC, binary: what a record says, and records whose lengths are wrong."""

from __future__ import annotations

from pymarc import Field, Indicators, Leader, Subfield
from pymarc import Record as Marc

from indexer.feeds.formats import read_bytes
from indexer.feeds.formats.vocabularies.marc import record_of
from indexer.feeds.reading.byte_account import ByteAccount
from indexer.feeds.reading.files import ReadSettings
from indexer.records import Author, Occurrence, Record, Rejected


def field(tag: str, first: str, *pairs: str) -> Field:
    """A field with its first indicator, and subfields as "aValue"."""
    parts = [Subfield(pair[0], pair[1:]) for pair in pairs]
    return Field(tag, Indicators(first, " "), parts)


def marc(*fields: Field, leader: str = "00000nam a2200000 a 4500") -> Marc:
    made = Marc()
    made.leader = Leader(leader)
    made.fields = list(fields)
    return made


def read(data: bytes) -> tuple[list[Record], list[str], ByteAccount]:
    accounts: list[ByteAccount] = []
    settings = ReadSettings(on_file_read=lambda _, account: accounts.append(account))
    rows = list(read_bytes(data, "made.mrc", settings))
    records = [row.record for row in rows if isinstance(row, Occurrence)]
    return records, [row.reason for row in rows if isinstance(row, Rejected)], accounts[0]


TITLE = field("245", "1", "aRivers of made lowlands")


def test_parts_of_a_title_without_punctuation_are_told_apart() -> None:
    made = record_of(marc(field("245", "1", "aRivers", "bA study", "n2", "pLowlands")))
    with_isbd = record_of(marc(field("245", "1", "aRivers :", "bA study /", "cA. Ionescu")))

    assert made.title == "Rivers : A study. 2. Lowlands"
    assert with_isbd.title == "Rivers : A study"


def test_editors_translators_and_others_are_no_authors_of_a_book() -> None:
    made = record_of(
        marc(
            TITLE,
            field("100", "1", "aIonescu, Ana", "4aut"),
            field("700", "1", "aMüller, Jana", "eHerausgeber"),
            field("700", "1", "aPopescu, C.", "4http://id.loc.gov/vocabulary/relators/trl"),
            field("700", "1", "aAnybody, A.", "4oth"),
            field("700", "1", "aStone, Li"),
        )
    )

    assert [author.name for author in made.authors] == ["Ionescu, Ana", "Stone, Li"]
    assert made.editors == (Author(name="Müller, Jana"),)


def test_others_are_coauthors_of_an_article() -> None:
    leader = "00000nab a2200000 a 4500"
    people = (field("100", "1", "aIonescu, Ana"), field("700", "1", "aStone, Li", "4oth"))

    assert len(record_of(marc(TITLE, *people, leader=leader)).authors) == 2


def test_arxiv_and_report_numbers_of_037_and_088_are_identifiers() -> None:
    made = record_of(
        marc(
            TITLE,
            field("037", " ", "9arXiv", "aarXiv:2101.00001", "chep-ex"),
            field("037", " ", "aSTOCK-12", "bSupplier"),
            field("088", " ", "aMADE-2021-1"),
            field("024", "8", "a10.5555/made.1"),
        )
    )

    assert made.doi == "10.5555/made.1"
    assert made.identifiers == (("arxiv", "2101.00001"), ("report", "MADE-2021-1"))


def test_a_thesis_is_one_by_note_genre_or_code_unless_a_book_was_made_of_it() -> None:
    note = marc(TITLE, field("502", " ", "bDissertation", "cMade University"))
    genre = marc(TITLE, field("655", " ", "aHochschulschrift"))
    code = marc(Field("008", data="210503s2021    xx       m    000 0 eng d"), TITLE)
    book = marc(TITLE, field("502", " ", "aOriginally presented as the author's thesis"))

    assert [record_of(made).type for made in (note, genre, code, book)] == [*["thesis"] * 3, "book"]


def test_unimarc_keeps_its_doi_pages_issue_and_roles() -> None:
    made = record_of(
        marc(
            field("017", "7", "a10.5555/uni.1", "2doi"),
            field("100", " ", "a20180101d2018    m  y0frey50      ba"),
            field("200", "1", "aFleuves inventés", "eune étude", "dInvented rivers"),
            field("215", " ", "a139-154 p."),
            field("463", " ", "tRevue inventée", "x2049-3630", "v12, 3"),
            field("606", " ", "aFleuves", "xSédiments"),
            field("700", " ", "aIonescu", "bAna", "4070"),
            field("702", " ", "aStone", "bLi", "4730"),
            leader="00000naa0 2200000   450 ",
        )
    )

    assert (made.doi, made.date, made.volume, made.issue, made.pages, made.type) == (
        *("10.5555/uni.1", "2018", "12", "3", "139-154", "article"),
    )
    assert made.title == "Fleuves inventés : une étude"
    assert made.alternate_titles == ("Invented rivers",)
    assert made.authors == (Author(family="Ionescu", given="Ana"),)
    assert made.keywords == ("Fleuves -- Sédiments",)


def test_subjects_notes_place_and_edition_arrive() -> None:
    made = record_of(
        marc(
            TITLE,
            field("250", " ", "aSecond edition"),
            field("264", " ", "aBucharest :", "bMade Press,", "c2021"),
            field("500", " ", "aWith a map"),
            field("650", "0", "aRivers", "zMadeland.", "0(X)1"),
        )
    )

    assert (made.publisher, made.publisher_place) == ("Made Press", "Bucharest")
    assert made.notes == ("With a map",)
    assert made.keywords == ("Rivers -- Madeland",)
    assert made.extra == (("marc:250", "Second edition"),)


def test_a_record_longer_than_its_leader_can_say_is_read_by_its_marks() -> None:
    long = "very " * 30_000
    made = marc(TITLE, field("520", " ", "a" + long), field("500", " ", "aLast")).as_marc()
    records, reasons, account = read(b"99999" + made[made.index(b"nam") :])

    assert reasons == []
    assert (records[0].title, records[0].notes) == ("Rivers of made lowlands", ("Last",))
    assert len(records[0].abstract) == len(long.strip())
    assert account.accounted == account.records


def test_a_directory_counted_in_letters_instead_of_bytes_costs_nothing() -> None:
    made = marc(field("245", "1", "aFlüße"), field("500", " ", "aLast"))
    latin = made.as_marc().replace("ü".encode(), b"u").replace("ß".encode(), b"s")
    back = latin.replace(b"Fluse", "Flüße".encode())
    records, reasons, _ = read(back)

    assert reasons == []
    assert (records[0].title, records[0].notes) == ("Flüße", ("Last",))


def test_a_record_over_the_limit_costs_no_other_and_every_byte_is_told() -> None:
    one = marc(TITLE).as_marc()
    data = one + b"\n" + b"00000" + b"x" * 300_000 + b"\x1d" + one + b"\r\n\x1a"
    accounts: list[ByteAccount] = []
    settings = ReadSettings(row_limit=100_000, on_file_read=lambda _, a: accounts.append(a))
    rows = list(read_bytes(data, "made.mrc", settings))

    assert [isinstance(row, Occurrence) for row in rows] == [True, False, True]
    assert accounts[0].accounted == len(data)
