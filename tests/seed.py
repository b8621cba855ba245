"""The seed case, as its two feeds gave it (made short: the abstract is ours)."""

from __future__ import annotations

from typing import Any, Final

SEED: Final[tuple[dict[str, Any], ...]] = (
    {
        "id": "id-960900110111723557",
        "source": "SupportedSources.INTERNET_ARCHIVE",
        "title": "Distilling the Knowledge of Romanian BERTs Using Multiple Teachers",
        "authors": [
            *("Andrei-Marius Avram", "Darius Catrina", "Dumitru-Clementin Cercel"),
            *("Mihai DascÄƒlu", "Traian Rebedea", "Vasile PÄƒiÅŸ", "Dan TufiÅŸ"),
        ],
        "publication_date": "2022-04-13 00:00:00",
        "urls": [
            "https://web.archive.org/web/20220523200334/https://arxiv.org/pdf/2112.12650v3.pdf"
        ],
        "abstract": "Three light and fast language models for Romanian, taught by several others.",
    },
    {
        "id": "id-3114794533438077014",
        "source": "SupportedSources.OPENALEX",
        "title": "Distilling the Knowledge of Romanian BERTs Using Multiple Teachers",
        "authors": [
            *("Andrei-Marius Avram", "D. Catrina", "Dumitru-Clementin Cercel"),
            *("Mihai Dascalu", "Traian Rebedea", "V. Pais", "Dan Tufis"),
        ],
        "publication_date": "2021-12-23 00:00:00",
        "journal": "arXiv (Cornell University)",
        "doi": "10.48550/arxiv.2112.12650",
        "urls": [
            "https://openalex.org/W4226067207",
            "https://doi.org/10.48550/arxiv.2112.12650",
            "http://arxiv.org/pdf/2112.12650",
        ],
    },
)
