"""What is known of a document as a whole before its units are judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.layout import Label
from pipeline.pages import Line, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of the document as a whole before its units are judged."""

    body_size: float
    is_bold: bool  # most of the text is bold
    style_share: Mapping[tuple[str, float], float]
    repeated: frozenset[int]  # line numbers of running heads
    labels: Mapping[int, Sequence[Label]]  # by page
    heights: Mapping[int, float]  # of the pages
    label_of_line: Mapping[int, Label] = field(default_factory=dict)


def body_size(lines: Sequence[Line]) -> float:
    """The size of most characters, among lines long enough to be text and not code."""
    sizes: Counter[float] = Counter()
    for line in lines:
        if line.words >= 7 and not line.is_mono:
            sizes[line.size] += len(line.text)
    if not sizes:
        for line in lines:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def evidence_of(
    pages: Sequence[Page],
    lines: Sequence[Line],
    repeated: frozenset[int],
    labels: Mapping[int, Sequence[Label]],
) -> Evidence:
    total = sum(len(line.text) for line in lines) or 1
    styles: Counter[tuple[str, float]] = Counter()
    for line in lines:
        styles[line.font, line.size] += len(line.text)
    return Evidence(
        body_size=body_size(lines),
        is_bold=sum(len(line.text) for line in lines if line.is_bold) > 0.5 * total,
        style_share={style: count / total for style, count in styles.items()},
        repeated=repeated,
        labels=labels,
        heights={page.number: page.height for page in pages},
        label_of_line=labels_by_line(lines, labels),
    )


def labels_by_line(
    lines: Iterable[Line], labels: Mapping[int, Sequence[Label]]
) -> dict[int, Label]:
    """For each line the label that covers most of it."""
    found: dict[int, Label] = {}
    for line in lines:
        best, share = None, 0.3
        for label in labels.get(line.page, ()):
            overlap = _overlap(line, label)
            if overlap > share:
                best, share = label, overlap
        if best is not None:
            found[line.number] = best
    return found


def _overlap(line: Line, label: Label) -> float:
    width = min(line.x1, label.x1) - max(line.x0, label.x0)
    height = min(line.y1, label.y1) - max(line.y0, label.y0)
    if width <= 0 or height <= 0:
        return 0.0
    area = (line.x1 - line.x0) * line.height
    return width * height / area if area > 0 else 0.0
