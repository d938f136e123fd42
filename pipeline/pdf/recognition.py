"""Text recognition of one page of a PDF, for pages that are pictures or whose text is nonsense.

Runs in children of its own, which load its models and nothing of the rest. The extra
(`listendock[ocr]`) carries the models in its wheel; without it nothing here is called. A page is
drawn at a bounded size whatever its pictures' resolution, turned and straightened, and answered as
rows in points: x0, y0, x1, y1, text, confidence, size of the type, thickness of its strokes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
from numpy.typing import NDArray

from pipeline.pdf.glyph_metrics import ink_of, measured
from pipeline.pdf.health import opened
from pipeline.process.child import allow_cpu

Json = dict[str, Any]
Progress = Callable[[int, int], None]
Pixels = NDArray[np.uint8]
Row = list[Any]

DOT_PT = 72 / 200
SMALLEST_SIDE, LARGEST_SIDE = 2340, 3000  # pixels: A4 at 200 dpi, and what a poster gets
MOST_ZOOM = 8.0
DETECTION_SIDE = 960
MOST_BOXES = 1000  # of one page
PROBED = 4  # boxes that tell whether a page is upside down
UPRIGHT = 0.85  # mean confidence of these, below which the page is tried upside down
HOPELESS = 0.5  # mean confidence of these, below which the page is not recognised at all
SKEW_DEGREES = 0.3
LONG = 6.0  # times as wide as high
FEWEST_SIGNS = 0.8  # for each height that a line is wide; prose has three
CPU_S = 90  # for one page


def recognised(path: Path, number: int) -> Json:
    """A page's rows, and its size in points as it was turned; `number` is 0-based."""
    with opened(path) as pdf:
        pixels, zoom = _drawn(pdf[number])
    sheet = _upright(pixels)
    rows = [] if sheet is None else [_row(sheet, box, zoom) for box in sheet.boxes]
    height, width = pixels.shape if sheet is None else sheet.pixels.shape
    return {
        "width": width / zoom,
        "height": height / zoom,
        "turn": 0 if sheet is None else sheet.turn,
        "is_hopeless": sheet is None,
        "rows": [row for row in rows if row[4]],
    }


def _drawn(page: Any) -> tuple[Pixels, float]:
    """The page in grey, and how many pixels a point is."""
    side = max(page.rect.width, page.rect.height, 1.0)
    zoom = min(max(1 / DOT_PT, SMALLEST_SIDE / side), LARGEST_SIDE / side, MOST_ZOOM)
    drawn = page.get_pixmap(
        matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csGRAY, alpha=False
    )
    grey = np.frombuffer(drawn.samples, np.uint8).reshape(drawn.height, drawn.stride)
    return grey[:, : drawn.width].copy(), zoom


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page the right way up, and where text is on it: x0, y0, x1, y1 in pixels."""

    pixels: Pixels
    boxes: list[tuple[int, int, int, int]]
    turn: int = 0  # quarters, clockwise, back to the page as it is shown


def _upright(pixels: Pixels) -> _Sheet | None:
    """The page as one would hold it; None if nothing on it can be recognised either way."""
    corners = _detected(pixels)
    turn = 0
    if len(corners) and _is_sideways(corners):
        turn = 1
        pixels = np.ascontiguousarray(np.rot90(pixels))
        corners = _detected(pixels)
    pixels, corners = _straightened(pixels, corners)
    sheet = _Sheet(pixels, _boxes(corners, pixels), turn)
    found = _confidence(sheet)
    if found >= UPRIGHT:
        return sheet
    turned = np.ascontiguousarray(np.rot90(pixels, 2))
    other = _Sheet(turned, _boxes(_detected(turned), turned), turn + 2)
    other_found = _confidence(other)
    best, confidence = (other, other_found) if other_found > found else (sheet, found)
    return best if confidence >= HOPELESS else None


def _is_sideways(corners: NDArray[np.float32]) -> bool:
    sides = np.linalg.norm(corners[:, 1] - corners[:, 0], axis=1)
    rises = np.linalg.norm(corners[:, 3] - corners[:, 0], axis=1)
    return float(rises[rises > 2 * sides].sum()) > float(sides[sides >= rises / 2].sum())


def _straightened(
    pixels: Pixels, corners: NDArray[np.float32]
) -> tuple[Pixels, NDArray[np.float32]]:
    """Turned by the median slope of the long boxes."""
    import cv2

    angle = _slope(corners)
    if abs(angle) < SKEW_DEGREES:
        return pixels, corners
    height, width = pixels.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
    straight = turned.astype(np.uint8, copy=False)
    return straight, _detected(straight)


def _slope(corners: NDArray[np.float32]) -> float:
    """In degrees, clockwise; 0 if there are no long lines to tell."""
    along = corners[:, 1] - corners[:, 0] if len(corners) else np.zeros((0, 2))
    lengths = np.linalg.norm(along, axis=1)
    long = along[lengths > 0.5 * lengths.max()] if len(along) else along
    if len(long) < 2:
        return 0.0
    return float(np.median(np.degrees(np.arctan2(long[:, 1], long[:, 0]))))


def _boxes(corners: NDArray[np.float32], pixels: Pixels) -> list[tuple[int, int, int, int]]:
    height, width = pixels.shape
    boxes = []
    for four in corners[:MOST_BOXES]:
        x0, y0 = np.maximum(np.floor(four.min(axis=0)), 0).astype(int)
        x1, y1 = np.minimum(np.ceil(four.max(axis=0)), (width, height)).astype(int)
        if x1 - x0 > 3 and y1 - y0 > 3:
            boxes.append((int(x0), int(y0), int(x1), int(y1)))
    return boxes


def _confidence(sheet: _Sheet) -> float:
    """Of the widest boxes; 1 where there is nothing: an empty page is upright."""
    widest = sorted(sheet.boxes, key=lambda box: box[0] - box[2])[:PROBED]
    if not widest:
        return 1.0
    return sum(_read(_crop(sheet, box))[1] for box in widest) / len(widest)


def _crop(sheet: _Sheet, box: tuple[int, int, int, int]) -> Pixels:
    x0, y0, x1, y1 = box
    return np.ascontiguousarray(sheet.pixels[y0:y1, x0:x1])


def _row(sheet: _Sheet, box: tuple[int, int, int, int], zoom: float) -> Row:
    crop = _crop(sheet, box)
    text, confidence = _read(crop)
    ink = measured(ink_of(crop), text)
    x0, y0, x1, y1 = box[0] + ink.left, box[1] + ink.top, box[0] + ink.right, box[1] + ink.bottom
    corners = [round(value / zoom, 1) for value in (x0, y0, x1, y1)]
    return [*corners, text, round(confidence, 3), round(ink.size / zoom, 2), round(ink.stroke, 4)]


def _detected(pixels: Pixels) -> NDArray[np.float32]:
    """Four corners of each box of text, clockwise from its top left."""
    found = _engine()(_coloured(pixels), use_det=True, use_rec=False, use_cls=False)
    boxes = getattr(found, "boxes", None)
    if boxes is None or not len(boxes):
        return np.zeros((0, 4, 2), np.float32)
    return np.asarray(boxes, np.float32).reshape(-1, 4, 2)


def _read(crop: Pixels) -> tuple[str, float]:
    found = _engine()(_coloured(crop), use_det=False, use_rec=True, use_cls=False)
    if not found.txts:
        return "", 0.0
    text = str(found.txts[0]).strip()
    return text, 0.0 if _is_sparse(text, crop) else float(found.scores[0])


def _is_sparse(text: str, crop: Pixels) -> bool:
    """Far fewer signs than fit: letters that the model does not know are left out silently, and
    what remains of the line is told with confidence."""
    height, width = crop.shape
    signs = sum(sign.isalnum() for sign in text)
    return width > LONG * height and bool(signs < FEWEST_SIGNS * width / height)


def _coloured(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(np.repeat(pixels[:, :, None], 3, axis=2))


@lru_cache(maxsize=1)
def _engine() -> Any:
    """The models, from the wheel: they are named by path so that nothing is ever downloaded. One
    thread, since pages run side by side; line after line, since a batch is padded to its widest
    and costs more (docs/reading.md)."""
    import cv2
    import rapidocr

    cv2.setNumThreads(1)
    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.text_score": 0.0,
            "Global.max_side_len": LARGEST_SIDE + 1,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.limit_side_len": DETECTION_SIDE,
            "Det.limit_type": "max",
            "Det.model_path": str(next(models.glob("*_det_*.onnx"))),
            "Rec.model_path": str(next(models.glob("*_rec_*.onnx"))),
            "Rec.rec_batch_num": 1,
        }
    )


def _recognise_task(request: Json, progress: Progress) -> Json:
    allow_cpu(CPU_S)
    return recognised(Path(request["path"]), int(request["page"]))


TASKS: dict[str, Callable[[Json, Progress], Json]] = {"recognise": _recognise_task}
