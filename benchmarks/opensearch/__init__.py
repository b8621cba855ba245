"""How fast the OpenSearch engine is, on a real node of this machine."""
