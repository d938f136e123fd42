"""PyMuPDF's layout model as votes: what each line of a page probably is.

The public result is a class per box; the probabilities behind it say much more (docs/reading.md),
so they are taken from the model's own output. Everything that reaches into the package's insides
stands in this module. One thread: more cost CPU without winning time when pages run in parallel.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = "pymupdf.layout"
HEADING_CLASSES = ("section-header", "title")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What the model says about one box: its class, and how probably it is a heading."""

    x0: float
    y0: float
    x1: float
    y1: float
    name: str  # text, title, picture, table, list-item, page-header, page-footer, section-header …
    heading: float  # 0..1

    def as_row(self) -> list[float | str]:
        corners = (self.x0, self.y0, self.x1, self.y1)
        return [*(round(v, 1) for v in corners), self.name, round(self.heading, 3)]

    @classmethod
    def from_row(cls, row: list[Any]) -> Label:
        x0, y0, x1, y1 = (float(v) for v in row[:4])
        return cls(x0=x0, y0=y0, x1=x1, y1=y1, name=str(row[4]), heading=float(row[5]))


class _Recorder:
    """Stands before the model's session and keeps its last output."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.logits: NDArray[np.float32] | None = None

    def run(self, *arguments: Any, **named: Any) -> Any:
        outputs = self._session.run(*arguments, **named)
        self.logits = outputs[0]
        return outputs

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


@lru_cache(maxsize=1)
def _model() -> Any:
    """Loaded once a process, 0.3 s and about 250 MB."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False

    def session(path: str, providers: Any = None) -> Any:
        return onnxruntime.InferenceSession(
            path, sess_options=options, providers=["CPUExecutionProvider"]
        )

    _find_package()
    from pymupdf.layout.onnx import BoxRFDGNN, ImageFeatureExtractorV1, ImageFeatureExtractorV2

    for place in (BoxRFDGNN, ImageFeatureExtractorV1, ImageFeatureExtractorV2):
        if hasattr(place, "make_session"):
            place.make_session = session
    model = BoxRFDGNN.BoxRFDGNN(table_grid_model_ver="V4")
    model.table_grid_extractor = None
    model.session = _Recorder(model.session)
    return model


def _find_package() -> None:
    """It is hidden until now, and loads no model where it believes that there is one."""
    import pymupdf

    if sys.modules.get(PACKAGE) is None:
        sys.modules.pop(PACKAGE, None)
    pymupdf._get_layout = _model
    importlib.import_module(PACKAGE)
    pymupdf._get_layout = None


def warm_up() -> None:
    """Load the model now rather than at the first page."""
    _model()


def labels_of(page: Any) -> list[Label]:
    """A PyMuPDF page's boxes, each the size of a line."""
    model = _model()
    groups = model.predict(page, return_raw=True, do_sort=False)
    logits = model.session.logits
    if not groups or logits is None:
        return []
    names = list(model.data_class_names)
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = odds / odds.sum(axis=1, keepdims=True)
    headings = probabilities[:, [names.index(name) for name in HEADING_CLASSES]].sum(axis=1)
    return [
        Label(
            x0=float(box[0]),
            y0=float(box[1]),
            x1=float(box[2]),
            y1=float(box[3]),
            name=str(group["class_name"]),
            heading=float(headings[index]) if index < len(headings) else 0.0,
        )
        for group in groups
        for index, box in zip(group["indicies"], group.get("bboxes", []), strict=False)
    ]
