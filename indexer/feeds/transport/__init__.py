"""Transport: the one polite HTTP client, and what an answer may weigh."""
