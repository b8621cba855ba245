"""Several works in one document: graphs, Crossref's answers and deposits, wrappers (made)."""

from __future__ import annotations

from indexer.feeds.formats import read_bytes
from indexer.feeds.reading.byte_account import ByteAccount
from indexer.feeds.reading.files import ReadSettings
from indexer.records import Author, Occurrence, Record, Relation
from tests.reading import occurrences, records_of, rejected, rows_of

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:bib="http://purl.org/net/biblio#"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:foaf="http://xmlns.com/foaf/0.1/" xmlns:bibo="http://purl.org/ontology/bibo/"
 xmlns:vcard="http://nwalsh.com/rdf/vCard#"
 xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/">%s</rdf:RDF>"""
PERSON = (
    "<rdf:li><foaf:Person><foaf:surname>%s</foaf:surname>"
    "<foaf:givenName>%s</foaf:givenName></foaf:Person></rdf:li>"
)
ZOTERO = RDF % (
    '<bib:Article rdf:about="#item_1"><z:itemType>journalArticle</z:itemType>'
    '<dcterms:isPartOf rdf:resource="urn:issn:2049-3630"/>'
    f"<bib:authors><rdf:Seq>{PERSON % ('Okonjo', 'Amara')}{PERSON % ('Stone', 'Li')}</rdf:Seq>"
    "</bib:authors><dc:title>Sediment memory of braided rivers</dc:title>"
    "<dcterms:abstract>Rivers were watched.</dcterms:abstract><dc:date>2018-04</dc:date>"
    '<dcterms:isReferencedBy rdf:resource="#item_9"/><dc:subject>rivers</dc:subject>'
    "<dc:subject><z:AutomaticTag><rdf:value>sediment</rdf:value></z:AutomaticTag></dc:subject>"
    "<bib:pages>139-154</bib:pages><dc:identifier>DOI 10.5555/jmh.2018.139</dc:identifier>"
    "</bib:Article>"
    '<bib:Journal rdf:about="urn:issn:2049-3630"><prism:volume>12</prism:volume>'
    "<dc:title>J. Made Hydrol.</dc:title><prism:number>3</prism:number>"
    "<dc:identifier>ISSN 2049-3630</dc:identifier></bib:Journal>"
    '<bib:Memo rdf:about="#item_9"><rdf:value>&lt;p&gt;Read &amp;amp; kept&lt;/p&gt;</rdf:value>'
    "</bib:Memo>"
    '<z:Attachment rdf:about="#item_7"><z:itemType>attachment</z:itemType>'
    "<dc:title>Full text</dc:title></z:Attachment>"
    '<bib:BookSection rdf:about="#item_2"><z:itemType>bookSection</z:itemType>'
    "<dcterms:isPartOf><bib:Book><dc:identifier>ISBN 9780306406157</dc:identifier>"
    "<dc:title>The made book</dc:title></bib:Book></dcterms:isPartOf>"
    "<dc:publisher><foaf:Organization><vcard:adr><vcard:Address><vcard:locality>Oxford"
    "</vcard:locality></vcard:Address></vcard:adr><foaf:name>Made Press</foaf:name>"
    "</foaf:Organization></dc:publisher>"
    f"<bib:editors><rdf:Seq>{PERSON % ('Ed', 'Ira')}</rdf:Seq></bib:editors>"
    "<dc:title>A chapter</dc:title></bib:BookSection>"
    '<z:Collection rdf:about="#collection_1"><dc:title>To read</dc:title>'
    '<dcterms:hasPart rdf:resource="#item_1"/></z:Collection>'
)


def account_of(data: bytes) -> ByteAccount:
    accounts: list[ByteAccount] = []
    settings = ReadSettings(on_file_read=lambda _, account: accounts.append(account))
    list(read_bytes(data, "made.xml", settings))
    return accounts[0]


def test_every_work_of_a_graph_is_a_record_with_what_stands_elsewhere() -> None:
    article, chapter = records_of(ZOTERO.encode())

    assert article.title == "Sediment memory of braided rivers"
    assert article.authors == (
        Author(family="Okonjo", given="Amara"),
        Author(family="Stone", given="Li"),
    )
    assert (article.container, article.volume, article.issue) == ("J. Made Hydrol.", "12", "3")
    assert (article.pages, article.issn) == ("139-154", ("2049-3630",))
    assert (article.doi, article.date) == ("10.5555/jmh.2018.139", "2018-04")
    assert article.keywords == ("rivers", "sediment")
    assert article.notes == ("Read & kept",)
    assert article.groups == ("To read",)
    assert (chapter.container, chapter.isbn) == ("The made book", ("9780306406157",))
    assert (chapter.publisher, chapter.publisher_place) == ("Made Press", "Oxford")
    assert chapter.editors == (Author(family="Ed", given="Ira"),)


def test_what_belongs_to_a_work_of_a_graph_is_named_in_the_account() -> None:
    data = ZOTERO.encode()
    account = account_of(data)

    assert account.accounted == len(data)
    named = {"journal of a work", "note on a work", "attachment of a work", "collection of works"}
    assert named <= account.no_record.keys()


def test_a_graph_of_bibo_gives_every_article() -> None:
    item = (
        '<bibo:AcademicArticle rdf:about="https://doi.org/10.5555/x.{0}"><dcterms:title>Title {0}'
        "</dcterms:title><dcterms:creator><foaf:Person><foaf:name>Amara Okonjo</foaf:name>"
        "</foaf:Person></dcterms:creator><bibo:doi>10.5555/x.{0}</bibo:doi>"
        "<bibo:pageStart>1</bibo:pageStart><bibo:pageEnd>9</bibo:pageEnd></bibo:AcademicArticle>"
    )
    first, second = records_of((RDF % (item.format(1) + item.format(2))).encode())

    assert (first.title, second.title) == ("Title 1", "Title 2")
    assert first.authors == (Author(name="Amara Okonjo"),)
    assert (first.doi, first.pages, first.type) == ("10.5555/x.1", "1-9", "AcademicArticle")


def test_a_broken_resource_takes_no_other_with_it() -> None:
    whole = '<bib:Article rdf:about="#{0}"><dc:title>Title {0}</dc:title></bib:Article>'
    broken = '<bib:Article rdf:about="#2"><dc:title>Title 2</dc:titl></bib:Article>'
    rows = rows_of((RDF % (whole.format(1) + broken + whole.format(3))).encode())

    assert [row.record.title for row in occurrences(rows)] == ["Title 1", "Title 3"]
    assert "not well-formed" in rejected(rows)[0].reason


def crossref(works: str) -> str:
    return f"<crossref>{journal(works)}</crossref>"


def journal(works: str) -> str:
    told = "<journal_metadata><full_title>J. Made</full_title></journal_metadata>"
    return f"<journal>{told}{works}</journal>"


def article(number: int, more: str = "") -> str:
    return (
        f"<journal_article><titles><title>Title {number}</title></titles><contributors>"
        '<person_name sequence="first" contributor_role="author"><given_name>Amara</given_name>'
        "<surname>Okonjo</surname></person_name><organization "
        'contributor_role="author">River Group</organization></contributors>'
        f"{more}<doi_data><doi>10.5555/x.{number}</doi></doi_data></journal_article>"
    )


def test_every_query_of_an_answer_of_crossref_is_a_row() -> None:
    query = '<query status="resolved"><doi>10.5555/x.{0}</doi><doi_record>{1}</doi_record></query>'
    unresolved = '<query status="unresolved" key="q3"><journal_title>J</journal_title></query>'
    body = query.format(1, crossref(article(1))) + query.format(2, crossref(article(2)))
    rows = rows_of(
        '<crossref_result version="3.0"><query_result><head><id>x</id></head>'
        f"<body>{body}{unresolved}</body></query_result></crossref_result>".encode()
    )

    assert [row.record.doi for row in occurrences(rows)] == ["10.5555/x.1", "10.5555/x.2"]
    assert rejected(rows)[0].reason == "Crossref did not resolve the query 'q3' (unresolved)"


def test_every_article_of_a_deposit_is_a_row_with_group_and_relations() -> None:
    related = (
        "<program><related_item><inter_work_relation relationship-type='isPreprintOf' "
        "identifier-type='doi'>10.5555/y.1</inter_work_relation></related_item></program>"
        "<crossmark><updates><update type='retraction'>10.5555/old</update></updates></crossmark>"
    )
    body = journal(article(1, related) + article(2))
    data = f"<doi_batch><head><depositor>D</depositor></head><body>{body}</body></doi_batch>"
    first, second = records_of(data.encode())

    assert (first.doi, second.doi) == ("10.5555/x.1", "10.5555/x.2")
    assert first.authors[1] == Author(name="River Group")
    assert first.relations == (
        Relation("is-preprint-of", "10.5555/y.1"),
        Relation("is-retraction-of", "doi:10.5555/old"),
    )
    assert account_of(data.encode()).accounted == len(data)


def test_every_mods_of_a_collection_is_a_row() -> None:
    mods = "<mods><titleInfo><title>Title {}</title></titleInfo></mods>"
    data = f"<modsCollection>{mods.format(1)}{mods.format(2)}</modsCollection>"

    assert [record.title for record in records_of(data.encode())] == ["Title 1", "Title 2"]


def test_person_pages_of_dblp_are_named_and_no_record() -> None:
    data = (
        b'<dblp><www key="homepages/o/Okonjo"><author>A. Okonjo</author><title>Home Page</title>'
        b'</www>\n<article key="journals/x/1"><title>Title 1.</title></article></dblp>'
    )
    assert [record.title for record in records_of(data)] == ["Title 1."]
    assert account_of(data).no_record["person page"] == data.index(b"\n") - len(b"<dblp>")


def test_text_beside_the_records_is_counted_by_its_element() -> None:
    data = (
        b"<records><note>kept by nobody</note><record><titles><title>Title 1</title></titles>"
        b"</record></records>"
    )
    account = account_of(data)

    assert account.no_record["<note> beside the records"] == len(b"<note>kept by nobody")
    assert account.accounted == len(data)


def test_an_entry_of_j_stage_is_read_in_both_languages() -> None:
    data = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Articles</title><entry><article_title>'
        "<en>Sediment memory</en><ja>網状河川</ja></article_title><author><en><name>Amara Okonjo"
        "</name></en></author><material_title><en>J. Made</en></material_title><volume>12</volume>"
        "<startingPage>139</startingPage><endingPage>154</endingPage><pubyear>2018</pubyear>"
        "<doi>10.5555/jm.1</doi></entry></feed>"
    )
    (record,) = records_of(data.encode())

    assert isinstance(record, Record)
    assert (record.title, record.alternate_titles) == ("Sediment memory", ("網状河川",))
    assert (record.container, record.pages, record.source) == ("J. Made", "139-154", "jstage")


def test_formats_that_are_not_read_are_refused_by_name() -> None:
    for root, name in (("datei", "MAB2"), ("ONIXMessage", "ONIX")):
        (row,) = rejected(rows_of(f"<{root}><x>1</x></{root}>".encode()))
        assert name in row.reason


def test_a_graph_that_names_people_twice_names_each_once() -> None:
    person = (
        "<dcterms:creator><foaf:Person><foaf:familyName>{}</foaf:familyName><foaf:givenName>{}"
        "</foaf:givenName></foaf:Person></dcterms:creator>"
    )
    data = RDF % (
        '<rdf:Description xmlns:dc="d" xmlns:dcterms="t" xmlns:foaf="f" rdf:about="http://x/1">'
        "<dcterms:title>Made rivers</dcterms:title>"
        + person.format("Ionescu", "Ana")
        + person.format("鈴木", "寿")
        + "<dc:creator>Ana Ionescu</dc:creator><dc:creator>鈴木寿</dc:creator><dc:creator>Stone, Li"
        "</dc:creator><prism:publicationName>Made Journal</prism:publicationName>"
        "<prism:startingPage>5</prism:startingPage><prism:endingPage>17</prism:endingPage>"
        "</rdf:Description>"
    )
    (row,) = read_bytes(data.encode(), "made.rdf")

    assert isinstance(row, Occurrence)
    assert [author.display for author in row.record.authors] == [
        *("Ionescu, Ana", "鈴木, 寿", "Stone, Li"),
    ]
    assert (row.record.container, row.record.pages) == ("Made Journal", "5-17")
