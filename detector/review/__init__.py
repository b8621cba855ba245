"""Review: the pairs that wait for a person, in the order that pays, and what each one shows."""
