"""What is known of a document as a whole before its groups are judged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.pdf.layout import Label
from pipeline.pdf.lines import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of the document as a whole before its groups are judged."""

    body_size: float
    is_bold: bool  # most of the text is bold
    style_share: Mapping[tuple[str, float], float]
    repeated: frozenset[int]  # line numbers of running heads
    labels: Mapping[int, Sequence[Label]]  # by page
    label_of_line: Mapping[int, Label] = field(default_factory=dict)
    titles: frozenset[int] = frozenset()  # line numbers of what stands above a slide, set bigger


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
        label_of_line=labels_by_line(lines, labels),
    )


def labels_by_line(
    lines: Iterable[Line], labels: Mapping[int, Sequence[Label]]
) -> dict[int, Label]:
    """For each line what the boxes on it say together. The model sees pieces of lines ("3.2" and
    "Results" are two), so several boxes may speak of one line, each by its width."""
    found: dict[int, Label] = {}
    for line in lines:
        weights = [(label, _shared_area(line, label)) for label in labels.get(line.page, ())]
        on_it = [(label, weight) for label, weight in weights if weight > 0]
        if on_it:
            found[line.number] = _together(on_it)
    return found


def _shared_area(line: Line, label: Label) -> float:
    """What a line and a box have in common; 0 if that is little of either."""
    width = min(line.x1, label.x1) - max(line.x0, label.x0)
    height = min(line.y1, label.y1) - max(line.y0, label.y0)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    area = (line.x1 - line.x0) * line.height
    box = (label.x1 - label.x0) * (label.y1 - label.y0)
    return shared if shared > 0.3 * area or shared > 0.6 * box else 0.0


def _together(labels: Sequence[tuple[Label, float]]) -> Label:
    """The class with most area; the mean probability of a heading."""
    by_name: dict[str, float] = defaultdict(float)
    for label, weight in labels:
        by_name[label.name] += weight
    name = max(by_name, key=lambda name: by_name[name])
    total = sum(weight for _, weight in labels)
    heading = sum(label.heading * weight for label, weight in labels) / total
    return replace(labels[0][0], name=name, heading=heading)
