"""Text that is turned in the file is read where the document is made of it, and left out, with a
reason, where it is a stamp or a table on its side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pymupdf
import pytest

from pipeline.domain import Reason
from tests.drawing import BEES, DANCE, HONEY, WINTER, Sheet, wrapped
from tests.unit.drawn import paper, read, text_of

TEXTS = (BEES, DANCE, HONEY, WINTER)
WIDTH, HEIGHT = 595.0, 842.0


def sideways(page: Any, text: str, turn: int) -> None:
    """From the top of the page as it is seen when the file turns it by `turn`."""
    x, y = {90: (72.0, HEIGHT - 72), 270: (WIDTH - 72, 72.0)}[turn]
    step = 12.5 if turn == 90 else -12.5
    for row, line in enumerate(wrapped(text, 600)):
        at = pymupdf.Point(x + row * step, y)
        page.insert_text(at, line, fontsize=10, rotate=turn if turn == 90 else 270)


@pytest.mark.parametrize("turn", [90, 270])
@pytest.mark.parametrize("is_shown_upright", [True, False])
def test_a_document_whose_pages_are_all_turned_is_read(
    turn: int, is_shown_upright: bool, tmp_path: Path
) -> None:
    sheet = Sheet()
    for number in range(3):
        if number:
            sheet.new_page()
        sideways(sheet.page, f"{TEXTS[number]} {TEXTS[number + 1]}", turn)
        if is_shown_upright:
            sheet.page.set_rotation(turn)
    document = read(sheet, tmp_path)
    assert "dances for her sisters" in text_of(document)
    assert Reason.TURNED not in document.account.left_out
    place = document.chapters[0].passages[0].stretches[0].place
    is_level = place.w > 3 * place.h
    assert is_level is is_shown_upright


def test_one_page_on_its_side_stays_out_with_its_place(tmp_path: Path) -> None:
    sheet = paper("1 Bees", "2 Honey")
    for _ in range(3):
        sheet.new_page()
        sheet.paragraph(f"{BEES} {HONEY}")
    sheet.new_page()
    sideways(sheet.page, DANCE.replace("comb", "balcony"), 90)
    document = read(sheet, tmp_path)
    assert "balcony" not in text_of(document)
    out = [o for o in document.omissions if o.reason is Reason.TURNED]
    assert "balcony" in out[0].text
    assert out[0].page == 5
    assert out[0].place is not None
    assert out[0].place.h > out[0].place.w


def test_text_near_the_end_of_a_turned_page_is_on_it(tmp_path: Path) -> None:
    """A page's edges are those of the page before it is turned, as its text has them."""
    sheet = paper("1 Bees", "2 Honey", "3 Winter", "4 Dance", "5 Flowers")
    for page in sheet.pdf:
        page.set_rotation(90)
    assert sheet.y > WIDTH  # below what would be the page if it were turned
    assert text_of(read(sheet, tmp_path)).count("dances for her sisters") == 3
