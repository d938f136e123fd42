"""Numbers in margins: those of a judgment's paragraphs, and of each fifth line of a poem."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.domain import Reason
from pipeline.pdf.lines import Line, Page
from pipeline.structure.margin_numbers import without_margin_numbers
from tests.drawing import BEES, DANCE, HONEY, WINTER, Sheet, wrapped
from tests.unit.drawn import TEXTS, read, text_of

INSIDE, WIDE = 110.0, 400.0


def judgment(numbers: Sequence[str], *, places: Sequence[float], texts: Sequence[str]) -> Sheet:
    """Each paragraph has a number at one of the places, page by page."""
    sheet = Sheet()
    sheet.line("Judgment", size=16, font="hebo", x=INSIDE)
    for place, (number, text) in enumerate(zip(numbers, texts, strict=True)):
        if place and place % 4 == 0:
            sheet.new_page()
        if place == 2:
            sheet.space(12)
            sheet.line("Reasons", size=14, font="hebo", x=INSIDE)
        x = places[(place // 4) % len(places)]
        sheet.page.insert_text((x, sheet.y), number, fontsize=10)
        sheet.paragraph(text, x=INSIDE, width=WIDE)
    return sheet


PARAGRAPHS = [f"{text} {TEXTS[(n + 1) % 4]}" for n, text in enumerate(TEXTS * 2)]


@pytest.mark.parametrize(
    ("style", "places"),
    [
        ("{}", (72.0,)),  # so near that they are one line with the text
        ("[{}]", (40.0,)),
        ("Rz {}", (30.0,)),
        ("{}", (540.0,)),
        ("{}", (540.0, 40.0)),  # in the outer margin of right and left pages
    ],
)
def test_numbers_of_paragraphs_are_no_part_of_them(
    style: str, places: Sequence[float], tmp_path: Path
) -> None:
    numbers = [style.format(number) for number in range(1, 9)]
    document = read(judgment(numbers, places=places, texts=PARAGRAPHS), tmp_path)
    assert not re.search(r"\d", text_of(document))
    assert [o.text for o in document.omissions if o.reason is Reason.LABEL] == numbers
    assert text_of(document).count("Honey bees") == 4


def test_the_numbers_of_a_list_stay(tmp_path: Path) -> None:
    """They stand where the text around them stands."""
    sheet = Sheet()
    sheet.paragraph(BEES)
    for number, text in enumerate(TEXTS, start=1):
        sheet.page.insert_text((72, sheet.y), str(number), fontsize=10)
        sheet.paragraph(text, x=INSIDE, width=WIDE)
    sheet.paragraph(DANCE)
    assert re.findall(r"\d", text_of(read(sheet, tmp_path))) == ["1", "2", "3", "4"]


def test_the_numbers_of_short_questions_stay(tmp_path: Path) -> None:
    sheet = Sheet()
    for number in range(1, 7):
        sheet.page.insert_text((72, sheet.y), str(number), fontsize=10)
        sheet.paragraph("What does a bee remember of its way?", x=INSIDE)
    assert re.findall(r"\d", text_of(read(sheet, tmp_path))) == [*"123456"]


def test_numbers_that_do_not_count_stay(tmp_path: Path) -> None:
    years = ["1841", "1850", "1851", "1866", "1870", "1871", "1888", "1890"]
    document = read(judgment(years, places=(72.0,), texts=PARAGRAPHS), tmp_path)
    assert re.findall(r"\d{4}", text_of(document)) == years


def poem(sheet: Sheet, lines: Sequence[str], *, x: float, every: int = 5) -> None:
    for number, line in enumerate(lines, start=1):
        if number % every == 0:
            sheet.page.insert_text((x, sheet.y), str(number), fontsize=10)
        sheet.line(line, x=INSIDE)


LINES = [
    line
    for text in (BEES, DANCE, HONEY, WINTER)
    for line in wrapped(text.replace(". ", ".\n").replace("\n", " "), 230)
]


@pytest.mark.parametrize("x", [72.0, 352.0, 480.0])
@pytest.mark.parametrize("every", [4, 5])
def test_numbers_of_lines_are_no_part_of_them(x: float, every: int, tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.heading("The Bees", size=16)
    poem(sheet, LINES[:18], x=x, every=every)
    assert not re.search(r"\d", text_of(read(sheet, tmp_path)))


def test_numbers_that_count_no_lines_stay(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.heading("The Bees", size=16)
    for number, line in enumerate(LINES[:18], start=1):
        if number in (2, 9, 13):
            sheet.page.insert_text((480, sheet.y), str(5 * number), fontsize=10)
        sheet.line(line, x=INSIDE)
    assert re.findall(r"\d+", text_of(read(sheet, tmp_path))) == ["10", "45", "65"]


def a_line(text: str, x0: float, x1: float, y: float) -> Line:
    return Line(
        page=0, block=0, text=text, x0=x0, y0=y, x1=x1, y1=y + 12, size=10.0, font="Serif"
    )  # fmt: skip


def test_the_gap_after_a_word_does_not_reach_into_the_margin() -> None:
    """Lines that end in a space, as many programs write them, are as wide as that."""
    lines = []
    for number, text in enumerate(TEXTS, start=1):
        top = 72.0 + 60 * number
        lines += [a_line(text, 72, 497, top + 14 * row) for row in range(3)]
        lines.append(a_line(str(number), 494, 500, top))
    page = Page(number=0, width=595.0, height=842.0, lines=tuple(lines))
    (found,) = without_margin_numbers([page], 10.0)
    assert [line.text for line in found.lines] == [text for text in TEXTS for _ in range(3)]
    assert [unread.text for unread in found.unread] == ["1", "2", "3", "4"]
