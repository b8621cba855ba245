"""Lists: identifiers one a line, and references as people write them."""
