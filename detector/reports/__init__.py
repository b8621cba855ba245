"""Reports: what a run found, as files and pages for people and programs."""
