"""
Source lines: where a work stands, as databases write it in one line.

    "J Made Hydrol. 2018 Apr;12(3):139-154."        PubMed
    "J Made Hydrol. 12(3):139-154, 2018 Apr"        Ovid
    "J. Made Hydrol. (2018) 12:3 (139-154)."        Embase
      ->  {"container": "J Made Hydrol", "volume": "12", "issue": "3", "pages": "139-154", …}

A line in another form gives nothing; its format carries it along as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_YEAR: Final = r"(?:1[5-9]|20)\d\d"
_VOLUME: Final = r"(?P<volume>[^\s;:(),][^;:(),]{0,30}?)"
_ISSUE: Final = r"(?:\s*\((?P<issue>[^()]{1,40})\))?"
_PAGES: Final = r"(?P<pages>[^\s,;()][^,;()]{0,40}?(?:, ?[A-Za-z]?\d[\d-]*)*)"
_NAME: Final = r"(?P<container>\S.{0,300}?)"
# "2018 Apr;12(3):139-154", behind the journal's name
PUBMED_PLACE: Final = (
    rf"(?P<date>{_YEAR}[^;:.]{{0,30}})(?:;\s*{_VOLUME}?{_ISSUE}(?:\s*:\s*{_PAGES})?)?\s*\.?\s*\Z"
)
PUBMED: Final = re.compile(rf"{_NAME}\.\s+{PUBMED_PLACE}")
OVID: Final = re.compile(
    rf"{_NAME}[.,]\s+(?:Vol\.?\s*)?{_VOLUME}{_ISSUE}\s*"
    rf"(?::\s*{_PAGES}|\(pp\.?\s*(?P<pp>[^()]+)\))?\s*,\s*(?P<date>[^:;()]{{0,40}}{_YEAR}[^:;()]{{0,30}}?)"
    r"\.?\s*(?:Date of Publication:.*)?\Z"
)
EMBASE: Final = re.compile(
    rf"{_NAME}\s*\((?P<date>{_YEAR})\)\s*(?P<volume>[^\s:;()]+)?"
    r"(?::(?P<issue>[^()]{1,40}?))?\s*(?:\((?P<pages>[^()]+)\))?\s*\.?"
    r"(?:\s*Article Number:\s*(?P<article_number>[^\s.]+)\.?)?\s*(?:Date of Publication:.*)?\Z"
)
FORMS: Final = (EMBASE, PUBMED, OVID)


def source_of(line: str, *forms: re.Pattern[str]) -> Mapping[str, str]:
    """The fields of a record that a line states; none where it is written otherwise."""
    line = " ".join(line.split())[:600]
    for form in forms or FORMS:
        if match := form.match(line):
            fields = {name: value.strip() for name, value in match.groupdict().items() if value}
            if "pp" in fields:
                fields["pages"] = fields.pop("pp")
            return fields
    return {}
