"""Questions: what people ask of an index: is it there, what is it, why."""
