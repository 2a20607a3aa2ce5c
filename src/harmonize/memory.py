"""What is asked of the allocators: to keep what large files need again at once. Nothing depends on it but time."""

from __future__ import annotations

import ctypes
import os

ARENAS, TRIM_FROM, MAP_FROM = -8, -1, -3
"""M_ARENA_MAX, M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of <malloc.h>."""
WANTED = {ARENAS: 1, TRIM_FROM: 100 << 20, MAP_FROM: 32 << 20}
"""One arena for all threads; 100 MB are kept; up to 32 MB, the most that glibc takes, are no mapping of their own."""


def keep(*, quickly_given_back: bool) -> None:
    """Set up the allocator of Polars (jemalloc; before it is imported) and that of Python and numpy (glibc, if it is).

    Both give memory back so eagerly that a stream of batches spends its time getting it again.

    Args:
        quickly_given_back: whether memory is short. A check of millions of observations, which are in memory anyway,
            has no use for what is kept: after a quarter of a second instead of a tenth, 10 million rows that all state
            bounds take 0.81 GB instead of 0.74.
    """
    dirty, muzzy = (100, 0) if quickly_given_back else (4000, 2000)
    decay = f"dirty_decay_ms:{dirty},muzzy_decay_ms:{muzzy}"
    os.environ.setdefault("_RJEM_MALLOC_CONF", f"{decay},narenas:1,oversize_threshold:0")
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    for option, value in WANTED.items():
        mallopt(option, value)
