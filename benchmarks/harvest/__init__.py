"""Is a night of harvesting whole, whatever happens in it, and how long does it take?"""
