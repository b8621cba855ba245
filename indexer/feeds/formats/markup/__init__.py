"""Markup: XML, RDF and MARC, an element or record a row."""
