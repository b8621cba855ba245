"""
URLs: the address behind archives and proxies, and the part of it that names a work.

    "https://web.archive.org/web/2018id_/http://www.a.org:80/p/317.pdf?utm_source=x"
      ->  "a.org/p/317.pdf"

Does not: find identifiers in a URL (`sightings.py` does), or ask the network. A
tracking parameter or a site whose addresses name no work is one entry below and one
line in tests/cases/identifiers.csv.
"""

from __future__ import annotations

import re
from typing import Final

MAX_URL: Final = 2000  # longer addresses carry state, not a name

_WRAPPED: Final = re.compile(
    r"(?:https?:)?(?://)?(?:web(?:-beta)?\.archive\.org/web|wayback\.archive\.org/web"
    r"|wayback\.archive-it\.org/\d{1,9}|archive\.(?:today|ph|is)|webcitation\.org)"
    r"/(?:\d{1,14}\*?|\*)(?:[a-z]{2}_)?/+",
    re.IGNORECASE,
)
_PROXY: Final = re.compile(
    r"(?:login|proxy|ezp)[^\s?]{0,60}\?(?:[^\s=&]{1,20}=[^\s&]{0,60}&){0,3}q?url=", re.I
)
_NEXT: Final = re.compile(r"(?<=.)(?=https?:/)", re.IGNORECASE | re.DOTALL)
_PARTS: Final = re.compile(
    r"(?:(?:https?|ftp):?/{0,3}|//)?(?:[^/@\s?#]{1,100}@)?([^/?#:\s@]{4,253})(?::\d{0,5})?"
    r"(/[^?#;\s]*)(?:;[^?#\s]*)?(?:\?([^#\s]*))?(?:#\S*)?",
    re.IGNORECASE,
)
# Addresses of searches, catalogues and link resolvers: they name a query and no work.
_NO_WORK: Final = re.compile(
    r"ovidsp\.|worldcat\.org|openurl|ezproxy|scholar\.google|webofknowledge|webofscience|embase\.com"
    r"|scopus\.com|linkresolver|sfx\.|serialssolutions|ebscohost|proquest\.com/openurl|localhost"
    r"|\d+\.\d+\.\d+\.\d+"
)
_TRACKING: Final = re.compile(
    r"utm_\w*|fbclid|gclid|mc_[ce]id|_?sid|jsessionid|phpsessid|ref(?:errer)?|source|via|token|md5"
    r"|sequence|isallowed|needaccess|partnerid|download|attachment|originurl|t|_tid|acdnat|context"
    r"|httpaccept|lang|locale|language|casa_token|expires|signature|key-pair-id"
    r"|x-amz-[\w-]*|rsc[dt]|s[eprtv]|sig"
)
# A name has a number of three digits or more, or is that of a file; "/journal/diabetes" is neither.
_SPECIFIC: Final = re.compile(r"\d{3}|[^/]\.(?:pdf|ps|ps\.gz|djvu|docx?)$", re.IGNORECASE)


def unwrap(url: str) -> str:
    """The original address of an archived or proxied one; other text as it is."""
    for _ in range(3):
        match = _WRAPPED.match(url) or _PROXY.search(url[:MAX_URL])
        if not match:
            break
        url = url[match.end() :]
    return url


def apart(urls: str) -> list[str]:
    """The addresses of a field in which several were run together."""
    return _NEXT.split(urls) if urls.count("http", 1) else [urls]


def clean_url(url: str) -> tuple[str, str] | None:
    """
    The name that an address gives to a work: no protocol, "www.", port or tracking.

    Returns:
        ("host/path?query", ""); None where the address is not specific enough.
    """
    url = unwrap(url.strip())
    match = _PARTS.fullmatch(url) if len(url) <= MAX_URL else None
    if not match:
        return None
    host, path, query = match[1].lower().removeprefix("www."), match[2].rstrip("/"), match[3] or ""
    if "." not in host or _NO_WORK.search(host):
        return None
    kept = sorted(
        parameter
        for parameter in query.split("&")
        if "=" in parameter and not _TRACKING.fullmatch(parameter.split("=")[0].lower())
    )
    name = path + ("?" + "&".join(kept) if kept else "")
    return (host + name, "") if _SPECIFIC.search(name) else None
