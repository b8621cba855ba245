"""
Feeds and file formats: where records come from, one module a protocol or format.

    a source or a file  ->  Record

Does not: store, repair or compare records. A new feed is one module and one
row in `registry.py`; a new file format is one module and one row of FORMATS in `formats/`.
"""
