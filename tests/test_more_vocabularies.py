"""Vocabularies of directories, theses, research information systems and marked-up texts."""

from __future__ import annotations

import pytest

from indexer.feeds.formats import read_bytes
from indexer.records import Author, Occurrence, Record, Rejected

OAI = (
    "<OAI-PMH><ListRecords><record><header><identifier>oai:made.example:1</identifier>"
    "<datestamp>2024-01-01</datestamp></header><metadata>{}</metadata></record></ListRecords>"
    "</OAI-PMH>"
)


def records_of(xml: str) -> list[Record]:
    rows = list(read_bytes(xml.encode(), "made.xml"))
    assert all(isinstance(row, Occurrence) for row in rows), rows
    return [row.record for row in rows if isinstance(row, Occurrence)]


DOAJ = """<publisher>Made Press</publisher><journalTitle>Made Journal</journalTitle>
<issn>1234-5679</issn><publicationDate>2021-03-01</publicationDate><volume>4</volume>
<issue>2</issue><startPage>5</startPage><endPage>17</endPage><doi>10.5555/doaj.1</doi>
<title language="eng">Made rivers</title><title language="ger">Flüsse</title>
<authors><author><name>Ana Ionescu</name><orcid_id>0000-0002-1825-0097</orcid_id></author></authors>
<abstract>What rivers do.</abstract><keywords language="eng"><keyword>rivers</keyword></keywords>"""


@pytest.mark.parametrize(
    "xml",
    [
        OAI.format(f'<oai_doaj:doajArticle xmlns:oai_doaj="http://doaj.org/">{DOAJ}'
                   "</oai_doaj:doajArticle>").replace("<publisher>", "<oai_doaj:publisher>")
        .replace("</publisher>", "</oai_doaj:publisher>"),
        f"<records><record>{DOAJ}</record></records>",
    ],
)  # fmt: skip
def test_doaj_gives_its_articles_over_oai_and_in_files(xml: str) -> None:
    (made,) = records_of(xml)

    assert (made.title, made.alternate_titles) == ("Made rivers", ("Flüsse",))
    assert made.authors == (Author(name="Ana Ionescu", orcid="0000-0002-1825-0097"),)
    assert (made.container, made.pages, made.doi) == ("Made Journal", "5-17", "10.5555/doaj.1")
    assert (made.keywords, made.publisher) == (("rivers",), "Made Press")


def test_dim_tells_the_date_of_issue_from_others_and_authors_from_advisors() -> None:
    fields = (
        ("contributor", "author", "Ionescu, Ana"),
        ("contributor", "advisor", "Stone, Li"),
        ("date", "accessioned", "2024-01-01"),
        ("date", "issued", "2019"),
        ("title", "", "A made thesis"),
        ("identifier", "uri", "http://hdl.handle.net/1/11"),
        ("subject", "ddc", "551"),
    )
    (made,) = records_of(
        OAI.format(
            "<dim:dim xmlns:dim='x'>"
            + "".join(
                f'<dim:field mdschema="dc" element="{name}" qualifier="{qualifier}">{value}'
                "</dim:field>"
                for name, qualifier, value in fields
            )
            + "</dim:dim>"
        )
    )

    assert (made.title, made.date) == ("A made thesis", "2019")
    assert [author.name for author in made.authors] == ["Ionescu, Ana"]
    assert (made.urls, made.keywords) == (("http://hdl.handle.net/1/11",), ("551",))


@pytest.mark.parametrize(
    "inner",
    [
        "<thesis><title>Made rivers</title><creator>Ionescu, Ana</creator><date>2019</date>"
        "<degree><name>PhD</name><grantor>Made University</grantor></degree></thesis>",
        "<uketd_dc:uketddc xmlns:uketd_dc='x' xmlns:dc='y'><dc:title>Made rivers</dc:title>"
        "<dc:creator>Ionescu, Ana</dc:creator><dcterms:issued xmlns:dcterms='z'>2019"
        "</dcterms:issued><uketd_dc:institution>Made University</uketd_dc:institution>"
        "</uketd_dc:uketddc>",
        "<xMetaDiss><title>Made rivers</title><creator><person><name><foreName>Ana</foreName>"
        "<surName>Ionescu</surName></name></person></creator><issued>2019</issued><degree><grantor>"
        "<universityOrInstitution><name>Made University</name></universityOrInstitution></grantor>"
        "</degree></xMetaDiss>",
    ],
)
def test_formats_of_theses_give_author_year_and_university(inner: str) -> None:
    (made,) = records_of(OAI.format(inner))

    assert (made.title, made.date, made.type) == ("Made rivers", "2019", "thesis")
    assert [author.display for author in made.authors] == ["Ionescu, Ana"]
    assert made.publisher == "Made University"


def test_cerif_keeps_what_a_publication_stands_in_apart() -> None:
    (made,) = records_of(
        OAI.format(
            "<Publication id='1'><Title>Made rivers</Title><Subtitle>a study</Subtitle>"
            "<PublishedIn><Publication><Title>Made Journal</Title><ISSN>1234-5679</ISSN>"
            "</Publication></PublishedIn><PublicationDate>2019</PublicationDate>"
            "<DOI>10.5555/cerif.1</DOI><ISI-Number>000123456700001</ISI-Number><Authors><Author>"
            "<Person><PersonName><FamilyNames>Ionescu</FamilyNames><FirstNames>Ana</FirstNames>"
            "</PersonName></Person></Author></Authors><Editors><Editor><DisplayName>Stone, Li"
            "</DisplayName></Editor></Editors></Publication>"
        )
    )

    assert (made.title, made.container) == ("Made rivers: a study", "Made Journal")
    assert made.authors == (Author(family="Ionescu", given="Ana"),)
    assert (made.editors, made.issn) == ((Author(name="Stone, Li"),), ("1234-5679",))
    assert ("wos", "000123456700001") in made.identifiers


def test_results_of_openaire_are_told_from_those_of_europe_pmc() -> None:
    result = (
        "<result><header><objIdentifier>made::{n}</objIdentifier></header><metadata><entity>"
        "<result><title classid='alternative title'>Flüsse</title><title classid='main title'>"
        "Made rivers {n}</title><creator rank='2'>Stone, Li</creator><creator rank='1'>Ionescu, Ana"
        "</creator><pid classid='doi'>10.5555/oaf.{n}</pid><journal issn='12345679' vol='4' sp='5' "
        "ep='17'>Made Journal</journal></result></entity></metadata></result>"
    )
    one, two = records_of(
        f"<response><results>{result.format(n=1)}{result.format(n=2)}</results></response>"
    )

    assert (one.title, one.alternate_titles, one.doi) == (
        *("Made rivers 1", ("Flüsse",), "10.5555/oaf.1"),
    )
    assert [author.name for author in two.authors] == ["Ionescu, Ana", "Stone, Li"]
    assert (two.container, two.volume, two.pages) == ("Made Journal", "4", "5-17")


TEI = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title level="a"
type="main">Made rivers</title></titleStmt><sourceDesc><biblStruct><analytic><author><persName>
<forename type="first">Ana</forename><surname>Ionescu</surname></persName></author><title level="a">
Made rivers</title></analytic><monogr><title level="j">Made Journal</title><imprint><date
type="published" when="2021-03"/></imprint></monogr><idno type="DOI">10.5555/tei.1</idno>
</biblStruct></sourceDesc></fileDesc><profileDesc><abstract><p>What rivers do.</p></abstract>
<textClass><keywords><term>rivers</term></keywords></textClass></profileDesc></teiHeader><text>
<back><listBibl><biblStruct><monogr><title level="m">A made book</title><author><persName><surname>
Stone</surname></persName></author><imprint><publisher>Made Press</publisher><pubPlace>Bucharest
</pubPlace><date when="1999"/></imprint></monogr></biblStruct><biblStruct><analytic><title>A part
</title></analytic><monogr><title level="j">Made Journal</title><imprint><biblScope unit="volume">4
</biblScope><biblScope unit="page" from="5" to="17"/></imprint></monogr></biblStruct></listBibl>
</back></text></TEI>"""


def test_tei_gives_the_paper_and_every_reference() -> None:
    paper, book, part = records_of(TEI)

    assert (paper.title, paper.doi, paper.date) == ("Made rivers", "10.5555/tei.1", "2021-03")
    assert paper.authors == (Author(family="Ionescu", given="Ana"),)
    assert (paper.abstract, paper.keywords) == ("What rivers do.", ("rivers",))
    assert (book.title, book.container, book.publisher_place) == ("A made book", "", "Bucharest")
    assert (part.title, part.container, part.volume, part.pages) == (
        *("A part", "Made Journal", "4", "5-17"),
    )


def test_bibtex_in_xml_is_read_with_its_own_fields() -> None:
    (made,) = records_of(
        "<bibtex:file xmlns:bibtex='x'><bibtex:entry id='k'><bibtex:article><bibtex:author>"
        "Ionescu, Ana and Stone, Li</bibtex:author><bibtex:title>Made rivers</bibtex:title>"
        "<bibtex:year>2019</bibtex:year><bibtex:series>S</bibtex:series></bibtex:article></bibtex:entry></bibtex:file>"
    )

    assert (made.source_id, made.type, len(made.authors)) == ("k", "article", 2)
    assert made.extra == (("bibtex:series", "S"),)


def test_mods_keeps_editors_subjects_notes_and_place_and_leaves_the_host_its_own_doi() -> None:
    (made,) = records_of(
        "<modsCollection><mods><titleInfo><title>Made rivers</title></titleInfo><name><namePart "
        "type='family'>Ionescu</namePart><role><roleTerm>aut</roleTerm></role></name><name>"
        "<namePart>Stone, Li</namePart><role><roleTerm type='code'>trl</roleTerm></role></name>"
        "<subject><topic>Rivers</topic><geographic>Madeland</geographic></subject><note>A note"
        "</note><relatedItem type='host'><titleInfo><title>A made book</title></titleInfo><name>"
        "<namePart>Popescu, C.</namePart><role><roleTerm type='code'>edt</roleTerm></role></name>"
        "<originInfo><place><placeTerm type='text'>Oxford</placeTerm></place></originInfo>"
        "<identifier type='doi'>10.5555/book</identifier><identifier type='isbn'>9783161484100"
        "</identifier></relatedItem></mods></modsCollection>"
    )

    assert made.authors == (Author(family="Ionescu"),)
    assert made.editors == (Author(name="Popescu, C."),)
    assert (made.keywords, made.notes) == (("Rivers -- Madeland",), ("A note",))
    assert (made.publisher_place, made.doi, made.isbn) == ("Oxford", "", ("9783161484100",))


def test_pubmed_keeps_keywords_headings_and_what_retracts_what() -> None:
    (made,) = records_of(
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>31234567</PMID><Article>"
        "<ArticleTitle>Made rivers.</ArticleTitle></Article><KeywordList><Keyword>rivers</Keyword>"
        "</KeywordList><MeshHeadingList><MeshHeading><DescriptorName>Water</DescriptorName>"
        "<QualifierName>analysis</QualifierName></MeshHeading></MeshHeadingList>"
        "<CommentsCorrectionsList><CommentsCorrections RefType='PartialRetractionIn'><PMID>31234568"
        "</PMID></CommentsCorrections></CommentsCorrectionsList></MedlineCitation></PubmedArticle>"
        "</PubmedArticleSet>"
    )

    assert made.keywords == ("rivers", "Water/analysis")
    assert (made.database, made.accession_number) == ("PubMed", "31234567")
    assert [relation.kind for relation in made.relations] == ["PartialRetractionIn"]


def test_a_book_of_pubmed_keeps_doi_editors_and_place() -> None:
    (made,) = records_of(
        "<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID>31234567</PMID><ArticleIdList>"
        "<ArticleId IdType='bookaccession'>NBK1</ArticleId><ArticleId IdType='doi'>10.5555/b"
        "</ArticleId></ArticleIdList><Book><Publisher><PublisherName>Made Press</PublisherName>"
        "<PublisherLocation>Oxford</PublisherLocation></Publisher><BookTitle>Rivers</BookTitle>"
        "<AuthorList Type='editors'><Author><LastName>Stone</LastName><ForeName>Li</ForeName>"
        "</Author></AuthorList></Book><ArticleTitle>Lowlands</ArticleTitle><AuthorList "
        "Type='authors'><Author><LastName>Ionescu</LastName></Author></AuthorList></BookDocument>"
        "</PubmedBookArticle></PubmedArticleSet>"
    )

    assert (made.title, made.container, made.doi) == ("Lowlands", "Rivers", "10.5555/b")
    assert [author.family for author in made.editors] == ["Stone"]
    assert made.publisher_place == "Oxford"


def test_an_element_that_deletes_nothing_is_refused_and_accounted_for() -> None:
    (row,) = read_bytes(
        b"<PubmedArticleSet><DeleteCitation></DeleteCitation></PubmedArticleSet>", "made.xml"
    )

    assert isinstance(row, Rejected)
    assert row.reason == "<DeleteCitation> names no record, expected the number of one"


def test_a_package_gives_the_mods_inside_it_and_articles_of_scielo_are_jats() -> None:
    (packed,) = records_of(
        OAI.format(
            "<DIDL><Item><Descriptor><Statement>x</Statement></Descriptor><Item><Component><Resource>"
            "<mods><titleInfo><title>Made rivers</title></titleInfo></mods></Resource></Component>"
            "</Item></Item></DIDL>"
        )
    )
    article = (
        "<article><front><article-meta><title-group><article-title>{}</article-title></title-group>"
        "</article-meta></front></article>"
    )
    both = records_of(f"<articles>{article.format('One')}{article.format('Two')}</articles>")

    assert packed.title == "Made rivers"
    assert [record.title for record in both] == ["One", "Two"]
