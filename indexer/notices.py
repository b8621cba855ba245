"""
Notices: titles that are about another work, and marks on a work's own title.

    "Erratum to: Ozone therapy"  ->  Notice("correction", mark "", "Ozone therapy")
    "RETRACTED: Ozone therapy"   ->  Notice("", mark "retracted", "Ozone therapy")

A notice is a publication of its own; a mark stands on the very work. An ordinary title
that begins with the same word ("Correction of scoliosis", "A review of …", "Response
to exercise") is neither: where the word alone does not tell, a colon, a quotation mark
or a name must.

Does not: link a notice to its work. A new phrase is a row of `_RULES`, its first word
one of `_FIRST_WORDS`, and one line in tests/cases/titles.csv.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

NOTICES: Final = (
    "correction", "retraction", "concern", "addendum", "reply", "comment", "letter",
    "review", "peer review", "recommendation", "supplement", "editorial", "obituary",
    "front matter",
)  # fmt: skip
MARKS: Final = ("retracted", "withdrawn", "removed", "reprint", "corrected", "abstract")

# The rules read a title with its signs, in small letters without accents, with straight
# quotation marks and dashes.
_SEP: Final = r"(?:\s*[:.;]+\s*|\s+-+\s*|\s*--+\s*)"
_QUO: Final = r"""(?:\s*[:"'«„]+)"""
_END: Final = r"[\s.:!?]*$"
_BY: Final = r"(?:the |an? |author'?s?'? |editor'?s?'? |publisher'?s?'? )*"
_IN_DE: Final = "zu|zum|zur"

_RULES: Final[tuple[tuple[str, str], ...]] = (
    ("correction", rf"{_BY}corrections? notice(?:{_SEP}| (?:to|for) |{_END})"),
    ("correction", rf"{_BY}corrections?(?:{_SEP}(?:to:? )?|{_END}|(?: to| for)?{_QUO})"),
    ("correction", rf"{_BY}correction to (?=\S+ \S+ \S+)"),
    ("correction", r"corrections? for [^:]{2,60}? et al[.,:]*"),
    ("correction", rf"{_BY}(?:errat(?:um|a)|corrigend(?:um|a))(?: corrige)?(?: notice)?"
                   rf"(?:(?:{_SEP}| )(?:to|for|in|on|{_IN_DE}|a|al|au|aux|de|do|del|regarding)\b"
                   r"(?: the (?:article|paper))?|\b)"),
    ("correction", r"(?:berichtigung|correctif|fe de erratas?|rectificatie|sprostowanie|oprava|"
                   r"rattelse|rettelse|duzeltme|исправлени[ея]|поправк[аи]|опечатк[аи])"
                   rf"\b(?: (?:{_IN_DE}|a|au|na|k|till?|к)\b)?"),
    ("correction", rf"(?:korrektur|correccion|correcao|correzione)(?:{_SEP}|{_QUO}|{_END}|"
                   rf" (?:{_IN_DE}|a|ao|al)\b)"),
    ("correction", r"[《「]?(?:勘误|更正|訂正|正誤表)"),
    ("retraction", rf"{_BY}retraction(?: (?:note|notice|statement))?"
                   rf"(?:{_SEP}|{_QUO}|{_END}| to\b| (?:of|for){_QUO})"),
    ("retraction", r"retraction (?:note|notice|statement) (?:for|of)\b"),
    ("retraction", r"(?:notice of (?:retraction|withdrawal|removal)|(?:withdrawal|removal) notice)"
                   r"\b(?: (?:to|of|for)\b)?"),
    ("retraction", rf"(?:retractation|retratacao|retractacion|retraccion)"
                   rf"(?:{_SEP}|{_QUO}|{_END}| de\b| a\b)"),
    ("retraction", r"撤稿|撤回"),
    ("concern", rf"{_BY}(?:editorial )?(?:expression|note) of concern\b"
                r"(?: (?:for|to|on|about|regarding)\b)?"),
    ("addendum", rf"{_BY}addend(?:um|a)\b(?: (?:to|for|zu)\b)?"),
    ("peer review", r"peer review(?: report)?(?: ?#? ?\d+)?(?: of|:| for) "),
    ("peer review", rf"(?:review|decision letter|author response)(?: \d+)? (?:for|of)(?= ?[\"'])"
                    rf"|(?:decision letter|author response|evaluation summary|elife assessment)"
                    rf"(?:{_SEP}|{_END}| for\b)"),
    ("recommendation", r"(?:faculty opinions|f1000prime|f1000|faculty of 1000) "
                       r"(?:recommendation of|evaluation for)\b"),
    ("reply", rf"{_BY}(?:in )?repl(?:y|ies)\b(?: to the editor\b)?(?: (?:to|by|on)\b)?"),
    ("reply", r"the authors? (?:reply|respond)\b"),
    ("reply", r"(?:author|editor)s?'?s?'? (?:respon[sd]\w*|rejoinder)\b(?: to\b)?"),
    ("reply", rf"{_BY}(?:rejoinder|rebuttal|replik|erwiderung|schlusswort)"
              rf"(?:{_SEP}|{_QUO}|{_END}| (?:to|on|{_IN_DE}|auf)\b)"),
    ("reply", rf"{_BY}responses?(?:{_SEP}|{_END}| (?:to|on){_QUO})"),
    ("reply", rf"{_BY}(?:in )?responses? (?:to|on) (?=(?:the )?(?:letters?|comment\w*|editorials?|"
              r"critic\w*|critique\w*|authors?|reviewers?|readers?|discussion)\b"
              r"|\S+ et al\b|[^:]{1,60}? (?:comment|commentary|letter)\b)"),
    ("reply", r"(?:antwort (?:auf|an)|reponses? (?:a|aux|au)|respuesta (?:a|al)|resposta (?:a|ao)|"
              r"risposta (?:a|al|ai)|odpowiedz na|antwoord op|replica (?:a|al)|svar pa|ответ на)\b"),
    ("comment", rf"{_BY}(?:some |further |invited |expert |guest |editorial |brief |short )*"
                rf"comment(?:ary|aries)?(?:{_SEP}|{_QUO}|{_END}|"
                r" (?:on|to|regarding|concerning|about|from|by)\b)"),
    ("comment", rf"(?:some |further |additional )?comments(?:{_SEP}|{_END}|(?: on| to){_QUO}|"
                r" on (?=the (?:paper|article|letter|comment)))"),
    ("comment", r"editorial comment(?:ary|s)?\b"),
    ("comment", r"re ?:\s*"),
    ("comment", rf"discussion(?:{_SEP}| (?:of|on)(?: the (?:paper|article))?{_QUO}|"
                r" of the (?:paper|article)\b)"),
    ("comment", r"letter (?:by|from) [^:]{2,60}? (?:regarding|re|on|about)(?: (?:the )?article)?\b"),
    ("comment", r"letter (?:regarding|concerning|re)\b"),
    ("comment", rf"(?:kommentar|anmerkung(?:en)?|stellungnahme|bemerkung(?:en)?) (?:{_IN_DE})\b"),
    ("comment", r"(?:commentaires? (?:sur|a|au)|comentarios? (?:a|al|ao|sobre)|"
                r"commento (?:a|al|su)|комментарии? к)\b"),
    ("letter", r"letters? to (?:the |[^:]{1,30} )?editors?\b(?: (?:about|regarding|on|re)\b)?"),
    ("letter", rf"(?:letters?|correspondence|leserbrief)(?:{_SEP}|{_END}| zu\b)"),
    ("letter", r"(?:carta (?:al|ao) (?:director|editor|diretor)|lettre (?:a la redaction|"
               r"au redacteur)|brief an die redaktion|письмо в редакцию)\b"),
    ("review", r"(?:an? )?(?:book|film|media|software|essay) reviews?"
               rf"(?:{_SEP}|{_END}|{_QUO}| of\b|\b(?=.{{0,60}} edited by))"),
    ("review", rf"(?:an? )?review of(?: the book\b|{_QUO})"),
    ("review", r"(?:an? )?review of (?=.{5,200}? by .{3,150}?(?:\b(?:19|20)\d\d\b|\bpress\b|\bpp\b))"),
    ("review", r"(?:buchbesprechung(?:en)?|rezension(?:en)?|comptes?[- ]rendus?|resena|resenha|"
               r"recensione|recension|рецензия|boekbespreking|recenzja|recenze)"
               rf"(?:{_SEP}|{_QUO}|{_END}| (?:{_IN_DE}|von|de|du|del|da|do|di|na|van|на)\b)"),
    ("supplement", r"(?:online |electronic )?supplement(?:ary|al)? (?:materials?|data|information|"
                   r"files?|appendix|figures?|tables?|online content)(?: ?\w{1,3})?"
                   rf"(?:{_QUO}| (?:to|for|from|of|accompanying)\b)"),
    ("supplement", rf"supplements? to(?:{_QUO}| the (?:article|paper)\b)"),
    ("supplement", r"supporting information (?:for|to)\b"),
    ("supplement", rf"(?:raw |research |source )?data(?:set)? (?:from|for|of|to){_QUO}"),
    ("supplement", r"replication (?:data|files|materials|package) (?:for|of)\b"),
    ("supplement", r"data presented in the (?:paper|article)\b"),
    ("supplement", r"(?:additional file \d+|moesm\d+(?: \w+)?)(?: of| from)?\b"),
    ("supplement", r"(?:figure|fig\.?|table|image|video|movie|data ?sheet) ?s?\d+[a-z]?"
                   r"(?: (?:from|of|in)\b(?=.{20})|_)"),
    ("editorial", rf"(?:guest |invited )?editorials?(?:{_SEP}|{_END}|{_QUO})"),
    ("editorial", r"(?:guest )?(?:editor|publisher)s?'?s?'? "
                  r"(?:introduction|notes?|preface|foreword|page|message|corner|choice)\b"),
    ("editorial", r"(?:(?:message|note|letter|word) )?from the (?:guest )?editors?\b"),
    ("editorial", r"(?:preface|foreword|vorwort|geleitwort|prologo|avant[- ]propos|prefazione|"
                  rf"prefacio|предисловие|voorwoord)(?:{_SEP}|{_END}|{_QUO}|"
                  rf" (?:to|by|{_IN_DE}|a|al|de|к)\b)"),
    ("editorial", r"introduction(?: to)? (?:the |this )?(?:special|theme|thematic|focus) "
                  r"(?:issue|section|feature|volume)\b"),
    ("obituary", r"(?:obituar(?:y|ies)|in memoriam|in memory of|nachruf(?: auf)?|necrologi[ae]|"
                 r"necrologica|nekrolog|некролог)\b"),
    ("front matter", r"(?:(?:front|back) ?matter|table of contents|contents|inhaltsverzeichnis|"
                     r"contents (?:of )?vol\w*\.? \d+|title page|masthead|editorial board|issue information|cover (?:image|picture)|"
                     rf"(?:author |subject )?index)(?:{_END}|{_SEP}.{{0,40}}$)"),
)  # fmt: skip

# The first word of every rule, folded: most titles begin with none of them.
_ARTICLES: Final = frozenset({"a", "an", "the"})
_FIRST_WORDS: Final = frozenset(
    "author authors editor editors publisher publishers correction corrections erratum "
    "errata corrigendum corrigenda berichtigung correctif fe rectificatie sprostowanie oprava "
    "rattelse rettelse duzeltme ispravlenie ispravleniia popravka popravki opechatka opechatki "
    "korrektur correccion correcao correzione retraction notice withdrawal removal retractation "
    "retratacao retractacion retraccion editorial expression note addendum addenda peer review "
    "decision evaluation elife faculty f1000prime f1000 in reply replies rejoinder rebuttal replik "
    "erwiderung schlusswort response responses antwort reponse reponses respuesta resposta "
    "risposta odpowiedz antwoord replica svar otvet some further invited expert guest brief short "
    "comment commentary commentaries comments additional re discussion letter letters kommentar "
    "anmerkung anmerkungen stellungnahme bemerkung bemerkungen commentaire commentaires comentario "
    "comentarios commento kommentarii correspondence leserbrief carta lettre pismo book film media "
    "software essay buchbesprechung buchbesprechungen rezension rezensionen compte comptes resena "
    "resenha recensione recension retsenziia boekbespreking recenzja recenze online electronic "
    "supplement supplements supplementary supplemental supporting raw source data dataset "
    "replication figure fig table image video movie datasheet editorials message word from preface "
    "foreword vorwort geleitwort prologo avant prefazione prefacio predislovie voorwoord "
    "introduction obituary obituaries nachruf necrologia necrologie necrologica nekrolog front "
    "back frontmatter backmatter contents inhaltsverzeichnis title masthead issue cover subject "
    "index kan geng ding zheng che retracted withdrawn removed temporary temporarily deleted "
    "reprint republished reprinted reissue republication corrected abstract meeting".split()
)
# The same of `_LABEL`, which needs a colon or a dash.
_LABEL_WORDS: Final = frozenset(
    "review reviews original regular full special feature systematic mini minireview case rapid "
    "technical clinical keynote hot symposium workshop panel poster conference opinion viewpoint "
    "perspective ubersichtsarbeit originalarbeit article research short brief invited".split()
)
_FIRST_WORD_BEGINS: Final = ("additional", "moesm", "letter")

_MARK_RULES: Final[tuple[tuple[str, str], ...]] = (
    ("retracted", rf"\[?retracted(?: (?:article|chapter|paper))?(?:\] ?|\]?{_SEP}| (?=[\"']))"),
    ("withdrawn", rf"\[?withdrawn(?: (?:article|paper))?(?:\] ?|{_SEP})"),
    ("removed", rf"\[?(?:removed|temporary removal|temporarily removed|deleted)(?:\] ?|{_SEP})"),
    ("reprint", rf"(?:reprint|republished|reprinted|reissue|republication)"
                rf"(?: (?:of|review|article|from))?{_SEP}"),
    ("abstract", r"(?:conference |meeting |poster )?abstract"
                 r"(?: (?:no\.? ?)?#?[a-z]{0,3}-?\d{1,5}[a-z]?)?:\s*(?=\S+ \S+)"),
    ("corrected", rf"\[?corrected(?: and republished| version)?(?: article)?(?:\] ?|{_SEP})"),
)  # fmt: skip
# What a journal prints over its articles; it says nothing of the work.
_LABEL: Final = (
    r"(?:(?:invited |systematic |mini-?)?reviews?(?: (?:article|paper))?|minireview|"
    r"(?:original|research|regular|full|special|feature) (?:research |length )?"
    r"(?:article|paper|contribution|communication|note|letter)s?|case (?:report|study)|"
    r"(?:short|brief|rapid|technical) (?:communication|report|note|paper)s?|"
    r"clinical (?:review|trial|report|study)|invited (?:paper|talk|lecture)|keynote|hot topic|"
    r"symposium|workshop|panel|poster|opinion|viewpoint|"
    rf"perspective|ubersichtsarbeit|originalarbeit|article original)(?:\s*:\s*|\s+-+\s+)(?=\S+ \S+)"
)

# At the end of a title: "X: Reply", "X - Erratum", "X [Correction]".
_BORDER: Final = r"(?:\s*[:.?!]\s*|\s+-+\s*|--+\s*|\s*[\[(]\s*)(?:an? |the |author'?s?'? )*"
_AT_END: Final = re.compile(
    rf"{_BORDER}(?:(?P<correction>erratum|errata|corrigendum|corrections?)|"
    r"(?P<retraction>retraction)|(?P<reply>reply|rejoinder|rebuttal|in reply)|"
    r"(?P<comment>comment|discussion)|(?P<addendum>addendum)|(?P<review>book review))"
    r"\s*[\])]?[\s.]*$"
)
_ABOUT_AT_END: Final = re.compile(
    rf"{_BORDER}(?:(?P<reply>reply|rejoinder|rebuttal)|(?P<comment>comment(?:ary)?))"
    r" (?:on|to) .{3,80}$"
)
# How Web of Science titles a correction: the place of what it corrects, "(vol 30, pg 653, 2008)".
_PLACE_OF_CORRECTED: Final = re.compile(r"\s*\(vol\.? ?\d+,? .{1,40}?(?:19|20)\d\d\)[\s.]*$")
_MARK_AT_END: Final = re.compile(
    r"\s*[\[(](?:(?P<retracted>retracted(?: article)?|retraction of vol)|"
    r"(?P<withdrawn>withdrawn(?: article)?)|(?P<reprint>reprint(?:ed)?(?: (?:from|of))?)|"
    r"(?P<corrected>corrected(?: and republished)?))\b[^\])]{0,80}[\])][\s.]*$"
)
# The full reference some databases add to a correction's title.
_REFERENCE: Final = re.compile(
    r"\s*[\[(](?=[^()\[\]]{0,150}\((?:19|20)\d\d\)|.{0,150}\bdoi\b).*$|\s*\bdoi: ?10\..*$"
)
_QUOTED: Final = re.compile(r"""[\s:]*["'«„]+(.{12,}?)["'»]+(?:[\s.,;(].*)?$""")
_ON_A_COMMENT: Final = re.compile(r"^(?:the )?comments? (?:on|to|about) ", re.IGNORECASE)
_LONGEST: Final = 2000  # characters of a title in which a notice is looked for

_NOTICE_PATTERNS: Final = tuple((name, re.compile(rule)) for name, rule in _RULES)
_MARK_PATTERNS: Final = tuple((name, re.compile(rule)) for name, rule in _MARK_RULES)
_LABEL_PATTERN: Final = re.compile(_LABEL)
_LAST_WORDS: Final = frozenset(
    "erratum errata corrigendum correction corrections retraction reply rejoinder rebuttal comment "
    "discussion addendum retracted withdrawn article reprint reprinted corrected".split()
)
_ENDS_ABOUT: Final = (
    " reply to ", " rejoinder to ", " comment on ", " commentary on ", " comment to ", " vol ",
    " reprinted from ", " reprint of ", " book review",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notice:
    """What a title says it is, and what is left of it."""

    notice: str = ""  # one of NOTICES, "" for a work of its own
    mark: str = ""  # one of MARKS
    body: str = ""  # the title without marks and labels; the words of a notice stay
    subject: str = ""  # the body without the words of the notice


def notice_of(text: str, key: str) -> Notice:
    """
    The notice and the mark a title carries.

    Args:
        text: the repaired title.
        key: the same, folded: it tells most titles apart from notices at once.
    """
    if not _may_be_notice(text, key):
        return Notice(body=text, subject=text)
    notice, mark, subject = "", "", text[:_LONGEST]
    body = subject
    for step in (_at_start, _at_start, _at_start, _at_end, _at_end):
        if step is _at_end and notice:
            break  # "A commentary on X - Erratum" corrects the commentary
        found, left = step(subject)  # "Reply to: Comment on X": the outermost names it
        if found in NOTICES:
            notice = notice or found
        else:
            mark = mark or found
        subject = left
        body = body if notice else subject
    if notice:
        subject = _named_work(_ON_A_COMMENT.sub("", subject) if notice == "reply" else subject)
    return Notice(notice, mark, body, subject.strip(" .:;,-–—'\"“”‘’«»„"))


def _may_be_notice(text: str, key: str) -> bool:
    first, _, rest = key.partition(" ")
    if first in _ARTICLES:
        first, _, rest = rest.partition(" ")
    if first in _FIRST_WORDS or first.startswith(_FIRST_WORD_BEGINS):
        return True
    if first in _LABEL_WORDS and (":" in text or " - " in text or " by " in text or "'" in text):
        return True
    return rest[rest.rfind(" ") + 1 :] in _LAST_WORDS or any(about in key for about in _ENDS_ABOUT)


def _at_start(text: str) -> tuple[str, str]:
    """The word of a notice or mark a title begins with ("" for a label), and what it leaves."""
    plain = _without_accents(text)
    for name, pattern in (*_MARK_PATTERNS, *_NOTICE_PATTERNS):
        if match := pattern.match(plain):
            return name, text[match.end() :].lstrip(" :.-–—")
    match = _LABEL_PATTERN.match(plain)
    return "", text[match.end() :] if match else text


def _at_end(text: str) -> tuple[str, str]:
    """The same for the end of a title."""
    plain = _without_accents(text)
    if match := _PLACE_OF_CORRECTED.search(plain):
        return "correction", text[: match.start()]
    for pattern in (_MARK_AT_END, _AT_END, _ABOUT_AT_END):
        if (match := pattern.search(plain)) and match.start() > 0:
            return str(match.lastgroup), text[: match.start()]
    return "", text


def _named_work(subject: str) -> str:
    """The title a notice names, without quotation marks and the reference after it."""
    plain = _without_accents(subject)
    if match := _QUOTED.match(plain):
        return subject[match.start(1) : match.end(1)]
    if match := _REFERENCE.search(plain):
        return subject[: match.start()]
    return subject


_STRAIGHT: Final = str.maketrans("“”‘’‚‛′–—−‐‑‒øłđØŁĐ", "\"\"'''''------oldold")


def _without_accents(text: str) -> str:
    """The text in small letters without accents, position by position the same."""
    if text.isascii():
        return text.lower()
    return "".join(
        small if len(small := unicodedata.normalize("NFD", c)[0].lower()) == 1 else c
        for c in text.translate(_STRAIGHT)
    )
