"""Reports: what a run found, as files for people and programs."""
