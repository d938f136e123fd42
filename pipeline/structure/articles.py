"""Articles side by side, as newspapers and newsletters set them: each is read to its end.

A file may hold a page's headlines first and its texts later, or one row of all columns after the
other; and what stands in one column may go on in the same column overleaf, not in the next one.
Nothing is left out here: lines change their order, where two things show that it is wrong.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise, zip_longest

from pipeline.pdf.columns import Box, columns_of
from pipeline.pdf.lines import Line, Page
from pipeline.structure.furniture import repeated_lines

SET_OFF = 1.15  # times the size of the text
HEADLINE_WORDS = 15
TEXT_WORDS, TEXT_LINES = 4, 3  # of a line of text; of what makes an article
NEAR = 3.0  # heights of a line, from a headline to its text; from the lowest column's end
ROW = 0.6  # of a headline's height, between the tops of those that stand in a row
EDGE_PT = 6.0  # a column's edges overleaf
INDENT_EM = 3.0
SURE_ROW = 3  # headlines in a row, which no columns of one text would have by chance
_ENDED = re.compile(r"[.!?:;…。！？：；؟][\"”’»“)\]」』]*$")


@dataclass(slots=True)
class _Article:
    """A headline's lines and those behind it, up to the next headline."""

    headline: list[Line]
    text: list[Line] = field(default_factory=list)

    @property
    def first(self) -> Line:
        return self.headline[0]

    @property
    def lines(self) -> list[Line]:
        return [*self.headline, *self.text]

    @property
    def is_torn(self) -> bool:
        return not _ENDED.search(self.text[-1].text)

    @property
    def edges(self) -> tuple[float, float]:
        """Of the column in which it ends."""
        column = self.text[-1:]
        for line in reversed(self.text[:-1]):
            if line.page != column[-1].page or line.y0 >= column[-1].y0:
                break
            column.append(line)
        return min(line.x0 for line in column), max(line.x1 for line in column)


def in_articles(pages: Sequence[Page], lines: Sequence[Line], usual: float) -> Sequence[Line]:
    """The lines in the order in which articles are read; the same list where there are none.
    `usual`: the size of the text."""
    by_page = [list(group) for _, group in groupby(lines, key=lambda line: line.page)]

    def is_headline(line: Line) -> bool:
        if line.size < SET_OFF * usual:  # bold alone are the heads of a table's columns
            return False
        has_name = sum(sign.isalpha() for sign in line.text) >= 2
        return has_name and line.words <= HEADLINE_WORDS and not line.is_run_in

    headed = [[line for line in page if is_headline(line)] for page in by_page]
    if not any(_stand_apart(found) for found in headed):
        return lines
    edges = repeated_lines(pages, lines)
    heads = {line.number for found in headed for line in found} - edges
    ordered = [_ordered(page, heads, edges) for page in by_page]
    return _carried_on(ordered, heads, edges)


def _stand_apart(headlines: Sequence[Line]) -> bool:
    """Whether any two have nothing of the page's width in common."""
    leftmost = min((line.x1 for line in headlines), default=0.0)
    return any(line.x0 > leftmost for line in headlines)


def _articles(page: Sequence[Line], heads: set[int], edges: frozenset[int]) -> list[_Article]:
    """Those of a page, in the order of its lines; what stands before the first is none."""
    found: list[_Article] = []
    for line in page:
        if line.number in edges:
            continue
        if line.number not in heads:
            if found:
                found[-1].text.append(line)
        elif found and not found[-1].text and _goes_on(found[-1].headline[-1], line):
            found[-1].headline.append(line)
        else:
            found.append(_Article([line]))
    return found


def _goes_on(above: Line, line: Line) -> bool:
    """A headline of several lines."""
    is_alike = abs(above.size - line.size) < 1.0 and _share_width(above, line)
    return is_alike and 0 < line.y0 - above.y0 < 2 * above.height


def _share_width(a: Line, b: Line) -> bool:
    return min(a.x1, b.x1) > max(a.x0, b.x0)


def _ordered(page: list[Line], heads: set[int], edges: frozenset[int]) -> list[Line]:
    """A page column by column, where its own order parts headlines from their texts: two of them
    at least stand apart above lines of text, and what comes behind one is not what is below it."""
    articles = _articles(page, heads, edges)
    above = [article for article in articles if _has_text_below(article, page, heads)]
    if not _stand_apart([article.first for article in above]):
        return page
    if not any(_is_parted(article, page, heads, edges) for article in above):
        return page
    top = min(article.first.y0 for article in above)
    boxes = [
        Box(index=place, x0=line.x0, y0=line.y0, x1=line.x1, y1=line.y1)
        for place, line in enumerate(page)
        if line.y1 > top
    ]
    below = [page[box.index] for column in columns_of(boxes) for row in column for box in row]
    return [line for line in page if line.y1 <= top] + below


def _below(headline: Line, page: Sequence[Line], heads: set[int]) -> list[Line]:
    """What is set below it in its column, from above, up to the next headline."""
    under = [line for line in page if line.y0 > headline.y0 and _share_width(headline, line)]
    found: list[Line] = []
    for line in sorted(under, key=lambda line: line.y0):
        before = found[-1] if found else headline
        if line.number in heads or line.y0 - before.y1 > NEAR * line.height:
            break
        found.append(line)
    return found


def _has_text_below(article: _Article, page: Sequence[Line], heads: set[int]) -> bool:
    below = _below(article.headline[-1], page, heads)
    return sum(line.words >= TEXT_WORDS for line in below) >= TEXT_LINES


def _is_parted(
    article: _Article, page: Sequence[Line], heads: set[int], edges: frozenset[int]
) -> bool:
    last = article.headline[-1]
    order = [line.number for line in page if line.number not in edges]
    place = order.index(last.number) + 1
    below = {line.number for line in _below(last, page, heads)}
    return place == len(order) or order[place] not in below


def _carried_on(pages: Sequence[list[Line]], heads: set[int], edges: frozenset[int]) -> list[Line]:
    """All lines, those at the tops of columns behind the article that stands in the same column on
    the page before."""
    done: list[Line] = []
    row: list[_Article] = []
    rest: list[Line] = []  # of the page before, in order; articles of the row stand in it
    for page in pages:
        moved = _overleaf(row, page, heads, edges) if row else []
        if moved:
            taken = {line.number for _, segment in moved for line in segment}
            for article, segment in moved:
                at = next(i for i, line in enumerate(rest) if line is article.text[-1]) + 1
                rest[at:at] = segment
                article.text.extend(segment)
            left = [line for line in page if line.number not in taken]
            rest += left
            row = [] if any(line.number in heads for line in left) else row
            continue
        done += rest
        rest = list(page)
        row = _last_row(_articles(page, heads, edges))
    return done + rest


def _last_row(articles: Sequence[_Article]) -> list[_Article]:
    """Articles whose headlines stand in a row, none below them; from the left."""
    told = [article for article in articles if article.text]
    if not told:
        return []
    lowest = max(told, key=lambda article: article.first.y0).first
    row = [a for a in told if abs(a.first.y0 - lowest.y0) <= ROW * lowest.height]
    row.sort(key=lambda article: article.first.x0)
    is_apart = all(a.edges[1] <= b.edges[0] + EDGE_PT for a, b in pairwise(row))
    return row if len(row) > 1 and is_apart else []


def _overleaf(
    row: Sequence[_Article], page: Sequence[Line], heads: set[int], edges: frozenset[int]
) -> list[tuple[_Article, list[Line]]]:
    """For each article of a row what goes on with it at the top of its column. Witnesses: the
    column, and a sentence that a headline would break off; or three headlines in a row, where no
    column overleaf goes on in the next one."""
    foot = max(article.text[-1].y1 for article in row)
    found: list[tuple[_Article, list[Line]]] = []
    for article, beside in zip_longest(row, row[1:]):
        last = article.text[-1]
        limit = beside.edges[0] if beside else math.inf
        segment = list(_column(article, limit, page, heads, edges))
        if segment and last.y1 > foot - NEAR * last.height:
            found.append((article, segment))
    breaks = [article for article, _ in found if article.is_torn and article is not row[-1]]
    is_row = len(row) >= SURE_ROW and len(found) >= SURE_ROW - 1
    is_kept = all(_ENDED.search(segment[-1].text) for _, segment in found[:-1])
    return found if breaks or (is_row and is_kept) else []


def _column(
    article: _Article,
    limit: float,
    page: Sequence[Line],
    heads: set[int],
    edges: frozenset[int],
) -> Iterator[Line]:
    """The lines at the top of an article's column on the next page; `limit`: where the next one
    begins."""
    left = article.edges[0]
    own = [line for line in page if line.number not in edges]
    top = min((line.y0 for line in own), default=0.0)
    last: Line | None = None
    for line in own:
        is_inside = line.x0 > left - EDGE_PT and line.x1 < limit
        if last is None:
            is_first = line.y0 < top + ROW * line.height and line.x0 < left + INDENT_EM * line.size
            if not (is_inside and is_first):
                continue
        if line.number in heads or not is_inside or (last is not None and line.y0 <= last.y0):
            return
        yield line
        last = line
