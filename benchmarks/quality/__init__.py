"""Is one configuration good on every kind of record? See `__main__`."""

import os

# The systems that the fit solves are small: threads of a linear-algebra library only wait
# for each other (a fit takes 1.3 s with one, 4.5 s with several beside other work).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
