"""Tables as text: captions and rows as they are printed, for whoever can tell them in a sentence.

Nobody hears them like that. They hang on the note that says that a table is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, pairwise

from pipeline.domain import Reason
from pipeline.language.vocabulary import CAPTION_LINE, TABLE_CAPTION
from pipeline.pdf.lines import Line

MOST_TABLES = 4  # at one place
LONGEST_CAPTION, LONGEST_BODY = 800, 2000  # characters
CELL = " | "
_PARTS = (Reason.CAPTION, Reason.TABLE, Reason.FORMULA)


def tables_in(lines: Sequence[Line], reasons: Mapping[int, Reason]) -> tuple[str, ...]:
    """The tables among lines that were left out at one place: the caption in the first line of
    each, its rows below. Empty for one without a caption: figures alone say nothing."""
    runs = list(_runs(lines, reasons))
    captions = [place for place, (is_caption, _) in enumerate(runs) if is_caption]
    step = 1 if captions and captions[0] == 0 else -1  # above its table, or below it
    return tuple(
        _table(runs[place][1], runs[place + step][1])
        for place in captions
        if 0 <= place + step < len(runs) and not runs[place + step][0]
    )[:MOST_TABLES]


def _runs(
    lines: Sequence[Line], reasons: Mapping[int, Reason]
) -> Iterable[tuple[bool, Sequence[Line]]]:
    """Captions of tables, and tables, in their order. A cell that looks like a formula is one."""
    told = [line for line in lines if reasons.get(line.number) in _PARTS]
    kinds = [(reasons[line.number] is Reason.CAPTION, line) for line in told]
    for (is_caption, _), group in groupby(kinds, key=lambda one: (one[0], one[1].page)):
        run = [line for _, line in group]
        if is_caption:
            yield from _captions(run)
        elif any(reasons[line.number] is Reason.TABLE for line in run):
            yield False, run


def _captions(run: Sequence[Line]) -> Iterable[tuple[bool, Sequence[Line]]]:
    """Those of tables among captions that follow each other."""
    starts = [place for place, line in enumerate(run) if CAPTION_LINE.match(line.text)]
    for start, end in pairwise([*starts, len(run)]):
        if TABLE_CAPTION.match(run[start].text):
            yield True, run[start:end]


def _table(caption: Sequence[Line], body: Sequence[Line]) -> str:
    words = " ".join(line.text.strip() for line in caption)
    words = re.sub(r"(?<=[a-zà-ÿ])- (?=[a-zà-ÿ])", "", words)
    rows: list[list[Line]] = []
    for line in sorted(body, key=lambda line: (line.page, line.y0, line.x0)):
        if rows and _is_beside(rows[-1][-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    told = (CELL.join(line.text.strip() for line in row) for row in rows)
    return f"{words[:LONGEST_CAPTION]}\n" + "\n".join(told)[:LONGEST_BODY]


def _is_beside(last: Line, line: Line) -> bool:
    return last.page == line.page and abs(line.y0 - last.y0) < 0.5 * last.height
