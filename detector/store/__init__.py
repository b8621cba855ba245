"""Store: what the detector stores in a collection: epoch, works, judgements, events."""
