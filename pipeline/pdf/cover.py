"""A document's cover: its first page as a picture."""

from __future__ import annotations

from pathlib import Path

import pymupdf

from pipeline.pdf.health import opened

COVER_WIDTH = 600


def cover(path: Path, out: Path) -> bool:
    """Page 1 as a JPEG, 600 pixels wide. False if it cannot be drawn."""
    with opened(path) as pdf:
        page = pdf[0]
        zoom = min(4.0, COVER_WIDTH / max(page.rect.width, 1.0))
        if page.rect.height * zoom > 4 * COVER_WIDTH:
            return False
        pixels = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), alpha=False)
        pixels.save(out, output="jpeg", jpg_quality=80)
    return True
