"""Objects: JSON and YAML, an object a row."""
