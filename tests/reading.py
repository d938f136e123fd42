"""A document read in one process, as benchmarks and tests of single rooms want it: by the steps
that the program takes in several children."""

from __future__ import annotations

from pathlib import Path

from pipeline.domain import Document
from pipeline.read import composed, laid_out, survey, with_seconds
from pipeline.takeaways.extracts import with_takeaways


def read_pdf(path: Path, *, max_pages: int) -> Document:
    """Raises the `UserError`s of `pipeline.errors`."""
    found = survey(path, max_pages=max_pages)
    document = found.document or composed(path, laid_out(path, found.layout_pages))
    return with_seconds(with_takeaways(document))
