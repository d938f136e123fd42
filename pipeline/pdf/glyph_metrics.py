"""How large and how bold recognised type is, from its ink: boxes of a detector are too coarse.

A line without ascenders or descenders is lower than its type; which letters it has tells by how
much. Sizes are what a typesetter would call them, in pixels.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Ink = NDArray[np.bool_]
X_HEIGHT, ASCENT, DESCENT, SQUARE = 0.53, 0.19, 0.21, 0.88  # of the size
FAINT = 0.004  # of the darkest row: less ink is dust
_TALL = re.compile(r"[A-ZÀ-Þbdfhklt0-9(){}\[\]/|ßäöüéèêáàâíîïóôúûçñ?!&]")
_DEEP = re.compile(r"[gjpqyçQ,;()\[\]{}|]")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Where ink is in a crop, and what its type is like. `stroke` is a part of the size."""

    left: int
    top: int
    right: int
    bottom: int
    size: float
    stroke: float


def ink_of(crop: Pixels) -> Ink:
    """Which pixels are ink: the lesser part of the two that a threshold parts."""
    import cv2

    level, _ = cv2.threshold(crop, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    dark: Ink = crop <= level
    return ~dark if dark.mean() > 0.5 else dark


def measured(ink: Ink, text: str) -> Measure:
    height, width = ink.shape
    rows = ink.sum(axis=1)
    if not rows.any():
        return Measure(left=0, top=0, right=width, bottom=height, size=0.7 * height, stroke=0.0)
    top, bottom = _band(rows)
    columns = np.flatnonzero(ink[top:bottom].any(axis=0))
    size = (bottom - top) / _share_of_size(text)
    return Measure(
        left=int(columns[0]),
        top=top,
        right=int(columns[-1]) + 1,
        bottom=bottom,
        size=size,
        stroke=_stroke(ink[top:bottom]) / size,
    )


def _band(rows: NDArray[np.int64]) -> tuple[int, int]:
    """From the fullest row up and down, as far as there is ink."""
    least = max(1.0, FAINT * float(rows.max()))
    top = bottom = int(rows.argmax())
    while top > 0 and rows[top - 1] > least:
        top -= 1
    while bottom < len(rows) and rows[bottom] > least:
        bottom += 1
    return top, bottom


def _share_of_size(text: str) -> float:
    """What part of a type's size a line of it is high."""
    if _EAST_ASIAN.search(text):
        return SQUARE
    tall = ASCENT if _TALL.search(text) else 0.0
    return X_HEIGHT + tall + (DESCENT if _DEEP.search(text) else 0.0)


def _stroke(ink: Ink) -> float:
    """The mean length of a run of ink along a row."""
    starts = int((ink[:, 1:] & ~ink[:, :-1]).sum()) + int(ink[:, 0].sum())
    return float(ink.sum()) / max(1, starts)
