"""
Sources: what is particular to each, and nothing else.

    a source's way of listing, naming and withdrawing  ->  an Api or a list of files

`cursor_api.py`, `files/` and `oai/` do the reading; `registry.py` names
the sources. What their records look like is in `shapes` and `vocabularies`.
"""
