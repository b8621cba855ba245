"""OAI-PMH: a repository's answers, and its records to the last one."""
