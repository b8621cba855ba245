"""Running: what every step of a run may use."""
