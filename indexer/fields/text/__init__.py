"""Text: harvested strings repaired, freed of markup, and folded to what can be compared."""
