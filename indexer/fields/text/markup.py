r"""
Markup: entities, HTML and JATS tags, MathML and TeX turned into plain text.

    "&lt;i&gt;p&lt;/i&gt;-value of $\alpha$, G{\"o}del"  ->  "p-value of α, Gödel"

Does not: validate, or show formulas: sub- and superscripts simply stand beside their
letter ("CO<sub>2</sub>" is "CO2"), since that is what the plain-text feeds say.
A new tag is a word in `_BLOCK` or `_INLINE`, a new TeX word one in `_SILENT`; add a
line in tests/cases/text.csv.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache
from html.entities import html5
from typing import Any, Final

FORMULA_LIMIT: Final = 8192  # characters; longer texts get no pass over whole formulas

_AMPERSANDS: Final = re.compile(r"&(?:amp;)+", re.IGNORECASE)
_ENTITY: Final = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

_BLOCK: Final = (
    "p|br|div|title|sec|section|li|ul|ol|td|tr|table|h[1-6]|hr|abstract|list|list-item|"
    "article-title|subtitle|trans-title|label|disp-formula|blockquote|ETX|STX"
)
_INLINE: Final = (
    "i|b|em|strong|sub|sup|inf|span|font|tt|u|sc|scp|small|big|a|italic|bold|underline|"
    "monospace|sans-serif|roman|overline|strike|s|cite|q|named-content|styled-content|"
    "inline-formula|alternatives|tex-math|math|xref|uri|ext-link|fn|break|graphic|"
    "inline-graphic|img|ital|sup2|inline-equation|equation|emphasis|nobr|wbr|"
    "mrow|mi|mo|mn|mtext|msub|msup|msubsup|mover|munder|munderover|mfrac|msqrt|mroot|"
    "mfenced|mstyle|mspace|mtable|mtr|mtd|semantics|annotation|mpadded|mphantom|menclose"
)
_ATTRIBUTES: Final = r"""(?:\s+[\w:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s<>"']+))*\s*/?>"""
_TAG: Final = re.compile(
    r"</?\s?(?:(?:jats|mml|m|ali|oasis|xhtml|html|xlink|ns\d)\s?:\s?(?P<prefixed>[a-z][\w-]*)"
    rf"[^<>]*>|(?:(?P<block>{_BLOCK})|{_INLINE}){_ATTRIBUTES})",
    re.IGNORECASE,
)
_BLOCK_NAME: Final = re.compile(rf"(?:{_BLOCK})$", re.IGNORECASE)
_COMMENT: Final = re.compile(r"<!--.{0,1000}?-->|<!\[CDATA\[|\]\]>", re.DOTALL)
_MATH: Final = re.compile(
    r"<(?:mml:|m:)?math\b[^<>]*>.*?</(?:mml:|m:)?math>", re.DOTALL | re.IGNORECASE
)
_NOT_SHOWN: Final = re.compile(
    r"<(?P<name>(?:mml:)?annotation(?:-xml)?|tex-math)\b[^<>]*>.*?</(?P=name)>",
    re.DOTALL | re.IGNORECASE,
)
# Words that lost the space before or after a word in italics: "Sensitivities<i>via</i>rough".
# Told by its tag: looking behind every letter for one took 200 µs an abstract.
_TOUCHING: Final = re.compile(
    r"<(?:(?<=[a-z]{2}<)(?P<opened>(?:i|em|italic)>)(?=[A-Za-z]{3,}[^<>]*</)"
    r"|/(?:i|em|sub|sup|inf)>(?=[a-z]{4}))",
    re.IGNORECASE,
)


_ESCAPED: Final = re.compile(r"<U\+([0-9A-Fa-f]{4,6})>|\\u([0-9a-fA-F]{4})(?![A-Za-z])")


def plain(text: str) -> str:
    """The text without markup; a text that has none comes back as it is."""
    if "&" in text and ";" in text:
        text = _ENTITY.sub(_character, _AMPERSANDS.sub("&", text))
    if "<U+" in text or "\\u" in text:
        text = _ESCAPED.sub(lambda match: _code_point(int(match[1] or match[2], 16)), text)
    if "<" in text and ">" in text:
        text = _without_tags(text)
    if "\\" in text or "$" in text or "{" in text or "}" in text or "^" in text or "_" in text:
        text = _without_tex(text)
    return text


def _code_point(code: int) -> str:
    r"""A character escaped by its number: R writes "<U+2192>", JSON "\u2192"."""
    return "\ufffd" if code > 0x10FFFF or 0xD800 <= code < 0xE000 else chr(code)


def _character(match: re.Match[str]) -> str:
    name = match[1]
    if name[0] == "#":
        return html.unescape(match[0])
    # A title in capitals has its entities in capitals too: "&BETA;", "&PLUS;".
    return html5.get(name + ";") or html5.get(name.lower() + ";") or match[0]


def _without_tags(text: str) -> str:
    if len(text) <= FORMULA_LIMIT and ("math" in text or "MATH" in text):
        text = _MATH.sub(_formula, text)
    if "<!" in text or "]]>" in text:
        text = _COMMENT.sub("", text)
    return _TAG.sub(_tag, _TOUCHING.sub(_parted, text))


def _parted(match: re.Match[str]) -> str:
    return " " + match[0] if match["opened"] else match[0] + " "


def _formula(match: re.Match[str]) -> str:
    shown = _NOT_SHOWN.sub("", match[0])
    return re.sub(r"\s*(<[^<>]*>)\s*", r"\1", shown)


def _tag(match: re.Match[str]) -> str:
    block = match["block"] or _BLOCK_NAME.match(match["prefixed"] or "")
    return " " if block else ""


# --- TeX -----------------------------------------------------------------------------

_DOCUMENT: Final = re.compile(
    r"\\documentclass.{0,2000}?\\begin\{document\}(.{0,2000}?)\\end\{document\}", re.DOTALL
)
# A dollar opens a formula before a non-space and closes it after one, and no digit
# follows: so that "from $5 to $10" stays money.
_DISPLAY: Final = re.compile(r"\$\$([^$]{1,500})\$\$")
_FORMULA: Final = re.compile(r"(?<![\\$])\$(?!\s)([^$]{1,300}?)(?<![\s\\])\$(?!\d)")
_ACCENT: Final = re.compile(
    r"""\\(?:(['"`^~=.])|([cvuHdbrk])(?![A-Za-z]))\s*(?:\{\s*\\?([A-Za-z])\s*\}|\\?([A-Za-z]))"""
)
_MARK: Final = {
    "'": "\u0301", '"': "\u0308", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "d": "\u0323",
    "b": "\u0331", "r": "\u030a", "k": "\u0328",
}  # fmt: skip
_FRACTION: Final = re.compile(r"\\[dt]?frac\s*\{([^{}]{1,40})\}\s*\{([^{}]{1,40})\}")
_CITED: Final = re.compile(
    r"\\(?:cite[a-z]*|label|ref|footnote|thanks)\*?(?:\[[^\]]*\])?\{[^{}]*\}"
)
_COMMAND: Final = re.compile(r"\\{1,2}([A-Za-z]+)\*?( ?)")
_SCRIPT: Final = re.compile(
    r"(?<=[A-Za-z)])_(?=\{[\w+*-]{1,4}\}|\w(?!\w))|(?<=[\w)}])\^(?=[\w{(+*-])"
)
_SILENT_WORDS: Final = (
    "emph textbf textit textrm texttt textsc textsf textup textsl text mathrm mathbf mathit "
    "mathbb mathcal mathfrak mathsf mathtt mathscr mathop mathbin mathrel boldsymbol bm pmb Bbb "
    "bf it rm em sc sf tt sl cal frak roman bold left right big Big bigg Bigg bigl bigr Bigl "
    "Bigr ensuremath hbox mbox operatorname displaystyle textstyle scriptstyle limits nolimits "
    "overline underline widetilde widehat tilde hat bar vec dot ddot check acute grave breve "
    "sqrt url href quad qquad protect relax noindent par boldmath unboldmath mathopen mathclose "
    "textsuperscript textsubscript textnormal scriptsize small large Large tiny uppercase "
    "lowercase MakeUppercase phantom vphantom hspace vspace begin end"
)
_SILENT: Final = frozenset(_SILENT_WORDS.split())


def _without_tex(text: str) -> str:
    if "\\documentclass" in text:
        text = _DOCUMENT.sub(r"\1", text)
    if "$" in text:
        text = _FORMULA.sub(_script_of_formula, _DISPLAY.sub(_display, text))
    if "\\" in text:
        text = _without_commands(text)
    if "_" in text or "^" in text:
        text = _SCRIPT.sub("", text)
    return text.replace("{", "").replace("}", "")


def _script_of_formula(match: re.Match[str]) -> str:
    formula = _without_commands(match[1]) if "\\" in match[1] else match[1]
    return re.sub(r"[_^{}]", "", formula)


def _display(match: re.Match[str]) -> str:
    """A display formula, or nothing where its plain rendering follows: "$$L_p$$ L p"."""
    shown = _script_of_formula(match)
    wanted = [c for c in unicodedata.normalize("NFKC", shown) if not c.isspace()]
    follows = unicodedata.normalize("NFKC", match.string[match.end() : match.end() + 200])
    following = [c for c in follows if not c.isspace()][: len(wanted)]
    return "" if following == wanted else shown


def _without_commands(text: str) -> str:
    text = _CITED.sub("", text)
    text = _ACCENT.sub(_accented, text)
    text = _FRACTION.sub(r"\1/\2", text)
    text = _COMMAND.sub(_command, text)
    # What is left is an escaped sign or a forced space or line break.
    return re.sub(r"\\([%&#$_{}])", r"\1", text).replace("\\", " ")


def _accented(match: re.Match[str]) -> str:
    letter = match[3] or match[4]
    return unicodedata.normalize("NFC", letter + _MARK[match[1] or match[2]])


def _command(match: re.Match[str]) -> str:
    name, space = match[1], match[2]
    if name in _SILENT:
        return ""
    symbol = _symbols().get(name)
    if symbol is None:
        return name + space  # "\LaTeX", "\Heis": a word of the author's own
    return symbol if not space or symbol.isalpha() else symbol + space


@cache
def _symbols() -> dict[str, str]:
    """The TeX words that stand for a character, from pylatexenc; read when first met."""
    # takes a while to load, and most records have no TeX
    from pylatexenc.latex2text import get_default_latex_context_db

    table: dict[str, str] = {}
    category: dict[str, Any]
    for category in get_default_latex_context_db().d.values():
        for name, spec in category["macros"].items():
            shown = spec.simplify_repl
            if isinstance(shown, str) and not set(shown) & set("%<") and shown.strip():
                table[name] = shown
    return table
