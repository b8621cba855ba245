"""
The sub-commands of `samework`, one module each.

A module imports only what its options need; what does the work is imported inside
the command, so that `--help` answers at once.
"""
