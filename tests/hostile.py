"""Records that try to do something to whoever looks at them (made)."""

from __future__ import annotations

from typing import Any, Final

HOSTILE: Final = (
    "</script><script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    '"><svg onload=window.hacked=1>',
    "{{ 7 * 7 }} ${window.hacked=1} <!--<script>",
    "javascript:window.hacked=1",
    "The safe title \u202egnp.exe\u202c and \u2066isolated\u2069 \u200btext",
    "Zal\u0300\u0301\u0302\u0303\u0304\u0305go \x00\x07\x1b[31m",
    "مقدمة في علم البيانات 123 (الجزء الأول)",
    "&lt;b&gt;bold&lt;/b&gt; &amp;lt;i&amp;gt; \u2028 \u2029",
)


def hostile_records() -> list[dict[str, Any]]:
    """Each title twice, so that it stands in a pair and in a work."""
    return [
        {
            "id": f"{number}-{copy} {title[:12]}",
            "source": f"feed {copy} <b onclick=alert(1)>",
            "title": f"{title} observed by satellite number {number * 7919}",
            "authors": [f"{title} Moe", "Ingrid <script>Moe</script>"],
            "year": "2020",
            "journal": title,
            "doi": f"10.5555/hostile.{number}",
            "urls": ["javascript:window.hacked=1", f"https://example.org/{number}?q=<script>"],
            "abstract": title * 3,
        }
        for number, title in enumerate(HOSTILE)
        for copy in range(2)
    ]
