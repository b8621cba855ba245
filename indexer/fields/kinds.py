"""
Kinds: what feeds call a record's type, stage and language, in few words.

    "info:eu-repo/semantics/doctoralThesis"  ->  "thesis"

Tables only. An unknown word gives "", which is no evidence. A new word of a feed is
one word in its row and one line in tests/cases/kinds.csv.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# Spelled without spaces, signs and case. "review" is a review of a work; a review
# article is an article. Rows go from the telling to the vague: of several types that a
# record states, the one in the first row counts.
_KINDS: Final[dict[str, str]] = {
    "correction": "correction erratum corrigendum publishederratum correctedandrepublishedarticle "
                  "errata addendum",
    "retraction": "retraction retractionofpublication retractionnotice expressionofconcern "
                  "withdrawal removal",
    "review": "bookreview reviewbook bookreviews peerreview peerreviewreport refereereport "
              "productreview brev mediareview",
    "comment": "comment commentary reply articlecommentary response rejoinder decisionletter",
    "letter": "letter letters lettertotheeditor correspondence",
    "editorial": "editorial editorialmaterial introduction preface foreword",
    "thesis": "thesis dissertation dissertationthesis doctoralthesis phdthesis mastersthesis "
              "masterthesis bachelorthesis diplomathesis thes doctoraldissertation habilitation "
              "etd mathesis mscthesis resourcetypethesis",
    "patent": "patent pat patentapplication",
    "registration": "registration trialregistryrecord trialregistration clinicaltrialregistration "
                    "clinicaltrialregistry clinicaltrialregistryrecord trialregistryentry",
    "dataset": "dataset datasets data database researchdata datapaperdataset collection "
               "datafile aggregateddatabase stataset",
    "software": "software computerprogram computationalnotebook sourcecode code comp "
                "model workflow",
    "slides": "slides presentation slide lectureslides slideshow lecture talk poster "
              "conferenceposter conferencepresentation conferenceobjectposter speech",
    "component": "component supplementarymaterials supplementarymaterial supplement image figure "
                 "graphic figur table stub paratext interactiveresource audiovisual video film "
                 "sound mediaobject artwork",
    "preprint": "preprint postedcontent postedcontentpreprint workingpaper unpublished unpb "
                "manuscript unpd eprint submittedmanuscript researchpaperpreprint wp "
                "workingpaperspreprints inprogress",
    "chapter": "chapter bookchapter booksection bookpart incollection inbook chap section ch "
               "referenceentry encyclopediaarticle encyclopediaentry dictionaryentry entry "
               "entryencyclopedia entrydictionary ency dict bookitem partofbookorchapterofbook "
               "contribution referencebookentry",
    "proceedings": "proceedings conferenceproceeding conferenceproceedings proceedingsseries",
    "conference": "conferencepaper inproceedings proceedingsarticle paperconference conf cpaper "
                  "conferenceobject conferenceabstract conferencearticle meetingabstract "
                  "conferenceitem conferencecontribution conference abstract proceedingspaper "
                  "abst conferencepapers conferenceproceedingsarticle abstracts congress "
                  "workshoppaper conferencelecture",
    "book": "book monograph editedbook referencebook bookset bookseries booktrack ebook edbook "
            "edboo collectionofessays mvbook scholarlyedition",
    "report": "report techreport technicalreport rprt reportseries reportcomponent researchreport "
              "govdoc standard stand technicaldocumentation projectdeliverable "
              "outputmanagementplan "
              "deliverable internalreport reportpart",
    "article": "article journalarticle articlejournal researcharticle jour originalarticle "
               "reviewarticle review systematicreview casereport briefreport articlemagazine "
               "articlenewspaper magazinearticle newspaperarticle contributiontoperiodical "
               "contributiontojournal journal ejour mgzn news scholarlyarticle datapaper "
               "clinicaltrial randomizedcontrolledtrial metaanalysis rapidcommunication jfull "
               "journalpaper academicarticle articleinpress shortcommunication "
               "comparativestudy observationalstudy researchsupport shortsurvey note",
}  # fmt: skip
KINDS: Final = tuple(_KINDS)
_ROW: Final = {word: (row, kind) for row, (kind, words) in enumerate(_KINDS.items())
               for word in words.split()}  # fmt: skip
_PREFIX: Final = re.compile(
    r"^(?:info:eu-repo/semantics/|https?://(?:purl\.org|schema\.org|purl\.org/coar)/\S*/|"
    r"https?://\S*[/#]|(?:text|document|other|type|resourcetype)\s*[:/.]+\s*)",
    re.IGNORECASE,
)
_COAR: Final = {
    "c_6501": "article", "c_2df8fbb1": "article", "c_dcae04bc": "article", "c_46ec": "thesis",
    "c_db06": "thesis", "c_bdcc": "thesis", "c_7a1f": "thesis", "c_816b": "preprint",
    "c_8042": "preprint", "c_3248": "chapter", "c_2f33": "book", "c_5794": "conference",
    "c_c94f": "conference", "c_6670": "slides", "c_ddb1": "dataset", "c_93fc": "report",
    "c_18gh": "report", "c_ba08": "review", "c_5ce6": "software", "c_0640": "",
    "c_f744": "proceedings", "c_beb9": "article", "c_3e5a": "article", "c_b239": "editorial",
    "c_545b": "letter", "c_15cd": "patent",
}  # fmt: skip


@lru_cache(maxsize=4096)
def kind_of(type_: str) -> str:
    """The kind of work of a type as harvested; of "A; B" the more telling of the two."""
    best = (len(_KINDS), "")
    for part in re.split(r"[;|,]|\s/\s", type_[:200]):
        bare = _PREFIX.sub("", part.strip())
        if bare.lower() in _COAR:
            return _COAR[bare.lower()]
        best = min(best, _ROW.get(re.sub(r"[\W_]+", "", bare).lower(), best))
    return best[1]


_STAGES: Final = {
    word: stage
    for stage, words in {
        "draft": "draft ao authorsoriginal",
        "submitted": "submitted submittedversion smur preprint underreview submittedmanuscript",
        "accepted": "accepted acceptedversion am acceptedmanuscript postprint aam "
                    "authoracceptedmanuscript",
        "published": "published publishedversion vor versionofrecord publisherversion p",
        "updated": "updated updatedversion evor cvor enhancedversionofrecord "
                   "correctedversionofrecord",
    }.items()
    for word in words.split()
}  # fmt: skip


@lru_cache(maxsize=4096)
def stage_of(stage: str, kind: str) -> str:
    """The NISO RP-8 stage a record states; a preprint that states none was submitted."""
    word = re.sub(r"[\W_]+", "", _PREFIX.sub("", stage.strip())).lower()
    return _STAGES.get(word, "submitted" if kind == "preprint" else "")


_LANGUAGES: Final = {
    name: code
    for code, names in {
        "ar": "ara arabic", "bg": "bul bulgarian", "ca": "cat catalan", "cs": "ces cze czech",
        "da": "dan danish", "de": "deu ger german deutsch", "el": "ell gre greek",
        "en": "eng english englisch anglais ingles", "es": "spa spanish espanol castellano",
        "et": "est estonian", "eu": "eus baq basque", "fa": "fas per persian farsi",
        "fi": "fin finnish", "fr": "fra fre french francais", "gl": "glg galician",
        "he": "heb hebrew", "hi": "hin hindi", "hr": "hrv scr croatian", "hu": "hun hungarian",
        "hy": "hye arm armenian", "id": "ind indonesian", "is": "isl ice icelandic",
        "it": "ita italian italiano", "ja": "jpn japanese", "ka": "kat geo georgian",
        "ko": "kor korean", "la": "lat latin", "lt": "lit lithuanian", "lv": "lav latvian",
        "mk": "mkd mac macedonian", "ms": "msa may malay", "nl": "nld dut dutch",
        "no": "nor nob nno nb nn norwegian", "pl": "pol polish", "pt": "por portuguese portugues",
        "ro": "ron rum romanian", "ru": "rus russian", "sk": "slk slo slovak",
        "sl": "slv slovenian slovene", "sq": "sqi alb albanian", "sr": "srp scc serbian",
        "sv": "swe swedish", "th": "tha thai", "tr": "tur turkish", "uk": "ukr ukrainian",
        "vi": "vie vietnamese", "zh": "zho chi chinese",
    }.items()
    for name in (code, *names.split())
}  # fmt: skip


@lru_cache(maxsize=4096)
def language_of(language: str) -> str:
    """The ISO 639-1 code of a language as harvested, "" when it cannot be told."""
    word = re.split(r"[-_;,|\s(]", language.strip().lower(), maxsplit=1)[0]
    return _LANGUAGES.get(word, "")
