"""
Notice rules: the phrases by which a title says that it is about another work.

Tables only; `notices.py` reads them. The rules see a title with its signs, in small
letters without accents, with straight quotation marks and dashes. They are tried in
order. A new phrase is a row, its first word one of FIRST_WORDS, and one line in
tests/cases/titles.csv.
"""

from __future__ import annotations

import re
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NOTICES: Final = (
    "correction", "retraction", "concern", "addendum", "reply", "comment", "letter",
    "review", "peer review", "recommendation", "supplement", "editorial", "obituary",
    "front matter",
)  # fmt: skip
MARKS: Final = ("retracted", "withdrawn", "removed", "reprint", "corrected", "abstract")

_SEP: Final = r"(?:\s*[:.;]+\s*|\s+-+\s*|\s*--+\s*)"
_QUO: Final = r"""(?:\s*[:"'«„]+)"""
_END: Final = r"[\s.:!?]*$"
_BY: Final = r"(?:the |an? |author'?s?'? |editor'?s?'? |publisher'?s?'? )*"
_IN_DE: Final = "zu|zum|zur"

_NOTICE_RULES: Final = (
    ("correction", rf"{_BY}corrections? notice(?:{_SEP}| (?:to|for) |{_END})"),
    ("correction", rf"{_BY}corrections?(?:{_SEP}(?:to:? )?|{_END}|(?: to| for)?{_QUO})"),
    ("correction", rf"{_BY}correction to (?=\S+ \S+ \S+)"),
    ("correction", r"corrections? for [^:]{2,60}? et al[.,:]*"),
    ("correction", rf"{_BY}(?:errat(?:um|a)|corrigend(?:um|a))(?: corrige)?(?: notice)?"
                   rf"(?:{_SEP}(?:to|zu)\b| (?:to|for|in|on|{_IN_DE}|a|al|au|aux|de|do|del|"
                   r"regarding)\b(?: the (?:article|paper))?|\b)"),
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
              r"risposta (?:a|al|ai)|odpowiedz na|antwoord op|replica (?:a|al)|svar pa|"
              r"ответ на)\b"),
    ("comment", rf"{_BY}(?:some |further |invited |expert |guest |editorial |brief |short )*"
                rf"comment(?:ary|aries)?(?:{_SEP}|{_QUO}|{_END}|"
                r" (?:on|to|regarding|concerning|about|from|by)\b)"),
    ("comment", rf"(?:some |further |additional )?comments(?:{_SEP}|{_END}|(?: on| to){_QUO}|"
                r" on (?=the (?:paper|article|letter|comment)))"),
    ("comment", r"editorial comment(?:ary|s)?\b"),
    ("comment", r"re ?:\s*"),
    ("comment", rf"discussion(?:{_SEP}| (?:of|on)(?: the (?:paper|article))?{_QUO}|"
                r" of the (?:paper|article)\b)"),
    ("comment", r"letter (?:by|from) [^:]{2,60}? (?:regarding|re|on|about)"
                r"(?: (?:the )?article)?\b"),
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
    ("review", r"(?:an? )?review of "
               r"(?=.{5,200}? by .{3,150}?(?:\b(?:19|20)\d\d\b|\bpress\b|\bpp\b))"),
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
    ("supplement", r"(?:additional file \d+|moesm\d+(?: \w+)?)(?::? (?:of|from))?\b"),
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
                     r"contents (?:of )?vol\w*\.? \d+|title page|masthead|editorial board|"
                     r"issue information|cover (?:image|picture)|"
                     rf"(?:author |subject )?index)(?:{_END}|{_SEP}.{{0,40}}$)"),
)  # fmt: skip

# The first word of every rule, folded: most titles begin with none of them.
ARTICLES: Final = frozenset({"a", "an", "the"})
FIRST_WORDS: Final = _words(
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
    "reprint republished reprinted reissue republication corrected abstract meeting"
)
# The same of LABEL, which needs a colon or a dash.
LABEL_WORDS: Final = _words(
    "review reviews original regular full special feature systematic mini minireview case rapid "
    "technical clinical keynote hot annual tutorial symposium workshop panel poster "
    "conference opinion viewpoint perspective ubersichtsarbeit originalarbeit article research "
    "short brief invited"
)
FIRST_WORD_BEGINS: Final = ("additional", "moesm", "letter")

_MARK_RULES: Final = (
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
    r"(?:(?:invited |systematic |annual research |mini-?)?reviews?(?: (?:article|paper))?|"
    r"minireview|"
    r"(?:original|research|regular|full|special|feature) (?:research |length )?"
    r"(?:article|paper|contribution|communication|note|letter)s?|case (?:report|study)|"
    r"(?:short|brief|rapid|technical) (?:communication|report|note|paper)s?|"
    r"clinical (?:review|trial|report|study)|invited (?:paper|talk|lecture)|keynote|hot topic|"
    r"symposium|workshop|panel|tutorial|poster|opinion|viewpoint|"
    r"perspective|ubersichtsarbeit|originalarbeit|article original)(?:\s*:\s*|\s+-+\s+)(?=\S+ \S+)"
)

# All that a title may begin with, in order: one pattern tries the rules in 3 µs, where a
# pattern of each takes 15. BEGINNINGS names what was found by the number of its group.
_BEGINNINGS: Final = (*_MARK_RULES, *_NOTICE_RULES, ("", _LABEL))
BEGINNINGS: Final = ("", *(name for name, _ in _BEGINNINGS))
BEGINNING: Final = re.compile("|".join(f"({rule})" for _, rule in _BEGINNINGS))

# At the end of a title: "X: Reply", "X - Erratum", "X [Correction]".
_BORDER: Final = r"(?:\s*[:.?!]\s*|\s+-+\s*|--+\s*|\s*[\[(]\s*)(?:an? |the |author'?s?'? )*"
NOTICE_AT_END: Final = re.compile(
    rf"{_BORDER}(?:(?P<correction>erratum|errata|corrigendum|corrections?)|"
    r"(?P<retraction>retraction)|(?P<reply>reply|rejoinder|rebuttal|in reply)|"
    r"(?P<comment>comment|discussion)|(?P<addendum>addendum)|(?P<review>book review)|"
    r"(?P<editorial>guest editorial))"
    r"\s*[\])]?[\s.]*$"
)
ABOUT_AT_END: Final = re.compile(
    rf"{_BORDER}(?:(?P<reply>reply|rejoinder|rebuttal)|(?P<comment>comment(?:ary)?))"
    r" (?:on|to) .{3,80}$"
)
# How Web of Science titles a correction: the place of what it corrects, "(vol 30, pg 653, 2008)".
PLACE_OF_CORRECTED: Final = re.compile(r"\s*\(vol\.? ?\d+,? .{1,40}?(?:19|20)\d\d\)[\s.]*$")
MARK_AT_END: Final = re.compile(
    r"\s*[\[(](?:(?P<retracted>retracted(?: article)?|retraction of vol)|"
    r"(?P<withdrawn>withdrawn(?: article)?)|(?P<reprint>reprint(?:ed)?(?: (?:from|of))?)|"
    r"(?P<corrected>corrected(?: and republished)?))\b[^\])]{0,80}[\])][\s.]*$"
)
# The last word, folded, of a title that may end so; and phrases that then stand in it.
LAST_WORDS: Final = _words(
    "erratum errata corrigendum correction corrections retraction reply rejoinder rebuttal comment "
    "discussion addendum retracted withdrawn article reprint reprinted corrected"
)
_ENDS_ABOUT: Final = (
    " reply to ", " rejoinder to ", " comment on ", " commentary on ", " comment to ", " vol ",
    " reprinted from ", " reprint of ", " book review", " guest editorial",
)  # fmt: skip
ENDS_ABOUT: Final = re.compile("|".join(_ENDS_ABOUT))
