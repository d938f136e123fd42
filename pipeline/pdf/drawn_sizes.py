"""The size of type whose font is drawn (Type 3): what its file calls the size may be anything.

Such fonts carry their own scale. A program may set a letter two lines high in a size of 0.1, which
would be too tiny to be seen; its box tells how high it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

TALLER = 4.0  # times its size: no box of any other font is
ASCENT = 0.75  # of a size, from the baseline to the top of a font's box


def set_drawn_sizes(spans: Iterable[dict[str, Any]], *, least: float) -> None:
    """In spans of MuPDF's that would be smaller than `least`, the size that their boxes show."""
    for span in spans:
        x0, y0, x1, y1 = span["bbox"]
        if span["size"] >= least or not math.isfinite(x0 + y0 + x1 + y1):
            continue
        if y1 - y0 >= max(least, TALLER * span["size"]):
            rise = span["origin"][1] - y0
            span["size"] = rise / ASCENT if 0 < rise <= y1 - y0 else y1 - y0
