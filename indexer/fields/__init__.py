"""
Fields: a record taken apart into values that can be compared, one module a field.

    record  ->  text, titles, names, dates, places, containers, identifiers  ->  Fields
"""

from indexer.fields.fields import Fields, fields_of, fields_of_batch

__all__ = ["Fields", "fields_of", "fields_of_batch"]
