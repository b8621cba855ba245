"""From an index to works: candidates, comparisons, decisions and reports.

`indexer` is a generic name: another distribution's package of that name can shadow or
overwrite ours. The check below makes such a clash speak.
"""

import indexer

if getattr(indexer, "DISTRIBUTION", None) != "samework":
    raise ImportError(
        f"the package 'indexer' at {indexer.__file__} is not samework's: another distribution "
        "uses the name; install samework in an environment of its own (pipx, uv tool)"
    )
