"""Which BM25 parameters rank title words best."""
