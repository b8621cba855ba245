"""How long does a run over a reviewer's references take, beside bib-dedupe and splink?"""
