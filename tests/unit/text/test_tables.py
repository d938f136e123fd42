"""Tables as text, for whoever tells them in a sentence."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import Reason
from pipeline.language.vocabulary import caption_label
from pipeline.pdf.lines import Line
from pipeline.text.paragraphs import Vocabulary, passages_of
from pipeline.text.tables import tables_in

CAPTION, TABLE, FIGURE = Reason.CAPTION, Reason.TABLE, Reason.FIGURE
Row = tuple[Reason | None, str]


def laid_out(*rows: Row) -> tuple[list[Line], dict[int, Reason]]:
    """Lines below each other, cells of a row (parted by a tab) beside each other."""
    numbers = count()
    lines: list[Line] = []
    reasons: dict[int, Reason] = {}
    for place, (reason, text) in enumerate(rows):
        for column, cell in enumerate(text.split("\t")):
            number, x = next(numbers), 72.0 + 90 * column
            lines.append(
                Line(page=3, block=place, text=cell, x0=x, y0=20.0 * place, x1=x + 80,
                     y1=20.0 * place + 10, size=10, font="Serif", number=number)
            )  # fmt: skip
            if reason is not None:
                reasons[number] = reason
    return lines, reasons


ABOVE = ((CAPTION, "Table 1: Honey by place and"), (CAPTION, "year, in kilo-"), (CAPTION, "grams."))
BODY = ((TABLE, "Place\tHoney"), (TABLE, "Valley\t31.5"))
TOLD = "Table 1: Honey by place and year, in kilograms.\nPlace | Honey\nValley | 31.5"


@pytest.mark.parametrize("rows", [(*ABOVE, *BODY), (*BODY, *ABOVE)], ids=["above", "below"])
def test_a_caption_belongs_to_the_table_that_it_touches(rows: tuple[Row, ...]) -> None:
    assert tables_in(*laid_out(*rows)) == (TOLD,)


def test_of_several_each_has_its_caption() -> None:
    second = ((CAPTION, "Table 2: Bees by place."), (TABLE, "Valley\t9000"))
    assert tables_in(*laid_out(*ABOVE, *BODY, *second)) == (
        TOLD,
        "Table 2: Bees by place.\nValley | 9000",
    )


def test_a_cell_that_looks_like_a_formula_is_a_cell() -> None:
    rows = (*ABOVE, *BODY, (Reason.FORMULA, "∑\t31.5"))
    assert tables_in(*laid_out(*rows)) == (TOLD + "\n∑ | 31.5",)


@pytest.mark.parametrize(
    "rows",
    [
        BODY,
        ABOVE,
        ((CAPTION, "Figure 1: Bees on a map."), (FIGURE, "North"), (FIGURE, "South")),
        ((CAPTION, "Figure 1: Bees on a map."), *BODY),
        ((CAPTION, "small print that only looks like a caption"), *BODY),
    ],
    ids=["no caption", "no table", "a figure", "a figure's caption beside a table", "no start"],
)
def test_what_is_no_table_with_a_caption_is_none(rows: tuple[Row, ...]) -> None:
    assert tables_in(*laid_out(*rows)) == ()


TEXTS = (
    "Table 1: Honey.",
    "Figure 2. Bees",
    "bees",
    "31.5\t28.0",
    "Tabelle 3",
    "∑",
    "see Table 4.",
)
ROWS = st.tuples(st.sampled_from([CAPTION, TABLE, FIGURE, Reason.FORMULA]), st.sampled_from(TEXTS))


@given(st.lists(ROWS, max_size=14))
def test_whatever_stands_there_every_table_has_a_caption_and_rows(rows: list[Row]) -> None:
    for table in tables_in(*laid_out(*rows)):
        caption, body = table.split("\n", 1)
        assert caption.startswith("Tab")
        assert body


def test_endless_tables_are_cut() -> None:
    rows = (ABOVE[0], *((TABLE, "bees " * 20) for _ in range(200)))
    (table,) = tables_in(*laid_out(*rows))
    assert len(table) < 3000


@pytest.mark.parametrize(
    ("caption", "label"),
    [
        ("Table 3. Bees", "Table 3"),
        ("Tabelle 2: Bienen", "Tabelle 2"),
        ("TABLE 4: BEES", "Table 4"),
        ("Bees", ""),
    ],
)
def test_a_table_is_called_by_its_number(caption: str, label: str) -> None:
    assert caption_label(f"{caption}\n1 | 2") == label


def test_they_hang_on_the_note_that_says_that_they_are_left_out() -> None:
    prose = "Bees dance on the comb and tell each other where the flowers are."
    lines, reasons = laid_out((None, prose), *ABOVE, *BODY, (None, prose))
    passages = passages_of(lines, reasons, Vocabulary.of(lines))
    assert [passage.tables for passage in passages] == [(), (TOLD,), ()]
    assert passages[1].text == "Table 1 is left out here."


def test_several_tables_at_one_place_are_told_together() -> None:
    prose = "Bees dance on the comb and tell each other where the flowers are."
    second = ((CAPTION, "Table 2: Bees by place."), (TABLE, "Valley\t9000"))
    lines, reasons = laid_out((None, prose), *ABOVE, *BODY, *second, (None, prose))
    note = passages_of(lines, reasons, Vocabulary.of(lines))[1]
    assert note.text == "Tables are left out here."
    assert len(note.tables) == 2
