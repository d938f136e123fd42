"""Which text of a page a reader cannot see: it must reach no chapter and no summary.

Invisible (without ink, or transparent), in the colour of its ground, under a picture, off the
page. What lies invisible on a picture is the text layer of a scan, and stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pymupdf

PALE = 0.8  # brightness from which the page is drawn to see whether a span stands out
CONTRAST = 24  # of 255, between the lightest and the darkest point of what can be seen
COVERED = 0.9  # of a span, by a picture over it
SCAN = 0.7  # of the page, by one picture: then that is a scan and the text is its layer
MAX_PIXELS = 1400

RawSpan = dict[str, Any]
Box = tuple[float, float, float, float]


def visible(page: Any, spans: Sequence[RawSpan]) -> list[bool]:
    """For each span of a PyMuPDF page, whether it can be seen."""
    area = (page.rect.x0, page.rect.y0, page.rect.x1, page.rect.y1)  # asked once: it is costly
    shown = [_is_on_page(span["bbox"], area) for span in spans]
    inkless = [place for place, span in enumerate(spans) if not span.get("alpha", 255)]
    pale = [
        place
        for place, span in enumerate(spans)
        if _is_pale(span.get("color", 0)) and span.get("alpha", 255)
    ]
    pictures = _pictures(page) if inkless or _has_pictures(page) else []
    scans = [box for _, box in pictures if _area(box) > SCAN * _area(area)]
    for place in inkless:
        shown[place] &= any(_share(spans[place]["bbox"], box) > 0.5 for _, box in pictures)
    for place in _unseen(page, spans, pale):
        shown[place] = False
    if pictures and not scans:
        for place in _covered(page, spans, pictures):
            shown[place] = False
    return shown


def _is_on_page(box: Box, page: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return page[0] <= x <= page[2] and page[1] <= y <= page[3]


@lru_cache(maxsize=256)
def _is_pale(colour: int) -> bool:
    red, green, blue = colour >> 16 & 255, colour >> 8 & 255, colour & 255
    return (0.3 * red + 0.59 * green + 0.11 * blue) / 255 >= PALE


def _has_pictures(page: Any) -> bool:
    """Asked of the page's resources only: cheap."""
    return bool(page.get_images())


def _pictures(page: Any) -> list[tuple[int, Box]]:
    """The place in the order of painting, and the box, of each picture that is no mask."""
    return [
        (place, tuple(box))
        for place, (kind, box, *_) in enumerate(page.get_bboxlog())
        if kind in ("fill-image", "fill-imgmask")
    ]


def _unseen(page: Any, spans: Sequence[RawSpan], pale: Sequence[int]) -> list[int]:
    """Of the pale spans those that do not stand out from what lies behind them."""
    if not pale:
        return []
    zoom = min(1.0, MAX_PIXELS / max(page.rect.width, page.rect.height, 1.0))
    drawn = page.get_pixmap(
        matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csGRAY, annots=False
    )
    origin = (page.rect.x0, page.rect.y0)
    return [
        place for place in pale if _contrast(drawn, spans[place]["bbox"], origin, zoom) < CONTRAST
    ]


def _contrast(drawn: Any, box: Box, origin: tuple[float, float], zoom: float) -> int:
    """Between the lightest and the darkest point in the middle of a box; its edges may hold parts
    of other lines."""
    inset = 0.2 * (box[3] - box[1])
    x0, x1 = (int((x - origin[0]) * zoom) for x in (box[0], box[2]))
    y0, y1 = (int((y - origin[1]) * zoom) for y in (box[1] + inset, box[3] - inset))
    x0, x1 = max(0, x0), min(drawn.width, x1 + 1)
    y0, y1 = max(0, y0), min(drawn.height, y1 + 1)
    rows = [drawn.samples_mv[y * drawn.stride + x0 : y * drawn.stride + x1] for y in range(y0, y1)]
    points = [point for row in rows for point in row]
    return max(points) - min(points) if points else 0


def _covered(page: Any, spans: Sequence[RawSpan], pictures: Sequence[tuple[int, Box]]) -> list[int]:
    """Spans that an opaque picture was painted over."""
    opaque = {
        _rounded(info["bbox"]) for info in page.get_image_info() if not info.get("has-mask", False)
    }
    over = [(place, box) for place, box in pictures if _rounded(box) in opaque]
    if not over:
        return []
    texts = [
        (place, tuple(box))
        for place, (kind, box, *_) in enumerate(page.get_bboxlog())
        if kind.endswith("-text")
    ]
    return [
        place
        for place, span in enumerate(spans)
        if any(_share(span["bbox"], box) > COVERED for _, box in over)
        and _was_before(span["bbox"], texts, over)
    ]


def _was_before(
    box: Box, texts: Sequence[tuple[int, Box]], over: Sequence[tuple[int, Box]]
) -> bool:
    painted = [place for place, text in texts if _share(box, text) > 0.5]
    later = [place for place, picture in over if _share(box, picture) > COVERED]
    return bool(painted and later) and max(painted) < max(later)


def _rounded(box: Any) -> tuple[int, ...]:
    return tuple(round(value) for value in box)


def _area(box: Any) -> float:
    return float(max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1]))


def _share(box: Box, other: Box) -> float:
    """What part of a box another covers."""
    common = (
        max(box[0], other[0]), max(box[1], other[1]), min(box[2], other[2]), min(box[3], other[3])
    )  # fmt: skip
    return _area(common) / (_area(box) or 1.0)
