"""Parts: what an answer consists of, each said in one pass over pairs and one over works."""
