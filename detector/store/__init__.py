"""Store: what the detector keeps in a collection: epoch, works, judgements, events."""
