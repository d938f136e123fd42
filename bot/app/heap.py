"""What a running program no longer has to look through for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def settled_heap() -> Iterator[None]:
    """What is there by now stays: modules, tables, queries. To look through it for cycles takes a
    fifth of a second, in which no tap is answered; while the block runs, only what came since is
    looked through."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
