"""Made records of realistic frequencies, by number, with their truth; see `generator`."""
