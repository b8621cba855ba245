"""`python -m samework`, which is the command."""

from __future__ import annotations

from samework.cli import main

if __name__ == "__main__":
    main()
