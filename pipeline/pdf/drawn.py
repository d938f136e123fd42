"""A page as a picture, with what is read in green, and what is left out in grey with the reason
beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pymupdf

from pipeline.domain import WHOLE_PAGE

WIDTH = 900  # pixels of the page; the margin with the reasons comes beside it
MARGIN = 220
GREEN, GREY, DARK = (0.55, 0.85, 0.55), (0.55, 0.55, 0.55), (0.2, 0.2, 0.2)
READ, LEFT_OUT = 0.35, 0.45  # how opaque
LABEL_PX = 13
Row = Sequence[Any]  # x, y, width, height in 1/10,000 of the page, and the reason


def drawn(page: Any, rows: Sequence[Row]) -> bytes:
    """A PNG of a PyMuPDF page as it is shown."""
    zoom = WIDTH / max(1.0, page.rect.width)
    height = min(4 * WIDTH, page.rect.height * zoom)
    picture = page.get_pixmap(matrix=pymupdf.Matrix(zoom, height / max(1.0, page.rect.height)))
    with pymupdf.open() as sheets:
        sheet = sheets.new_page(width=WIDTH + MARGIN, height=height)
        sheet.insert_image(pymupdf.Rect(0, 0, WIDTH, height), pixmap=picture)
        boxes = [(_box(row, height), str(row[4])) for row in rows]
        _paint(sheet, boxes)
        _tell(sheet, [(box.y0, reason) for box, reason in boxes if reason])
        return bytes(sheet.get_pixmap().tobytes("png"))


def _box(row: Row, height: float) -> Any:
    x, y, w, h = (value / WHOLE_PAGE for value in row[:4])
    return pymupdf.Rect(x * WIDTH, y * height, (x + w) * WIDTH, (y + h) * height)


def _paint(sheet: Any, boxes: Sequence[tuple[Any, str]]) -> None:
    for is_out in (False, True):
        shape = sheet.new_shape()
        own = [box for box, reason in boxes if bool(reason) is is_out and not box.is_empty]
        for box in own:
            shape.draw_rect(box)
        if own:
            opacity, fill = (LEFT_OUT, GREY) if is_out else (READ, GREEN)
            shape.finish(color=None, fill=fill, fill_opacity=opacity, even_odd=False)
            shape.commit()


def _tell(sheet: Any, reasons: Sequence[tuple[float, str]]) -> None:
    """Each reason once beside where it begins to hold; none over another."""
    free, last = 0.0, ""
    for top, reason in sorted(reasons):
        if reason == last:
            continue
        y = max(top + LABEL_PX, free)
        sheet.insert_text((WIDTH + 8, y), reason.replace("_", " "), fontsize=LABEL_PX, color=DARK)
        free, last = y + LABEL_PX, reason
