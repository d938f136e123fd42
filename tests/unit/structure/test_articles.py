"""Articles side by side, as newspapers set them, drawn in the orders in which files hold them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest
from pathlib import Path

import pytest

from pipeline.domain import Document
from pipeline.read import composed
from tests.drawing import BEES, BOLD, DANCE, HEIGHT, HONEY, REGULAR, WINTER, Sheet, wrapped
from tests.unit.drawn import read

LEFT, PITCH = 40.0, 180.0
Column = tuple[float, Sequence[str]]


def columns(count: int) -> list[float]:
    return [LEFT + PITCH * place for place in range(count)]


def headline(sheet: Sheet, text: str, x: float, y: float) -> None:
    sheet.page.insert_text((x, y), text, fontsize=13, fontname=BOLD)


def write(sheet: Sheet, x: float, y: float, lines: Sequence[str]) -> None:
    for place, line in enumerate(lines):
        sheet.page.insert_text((x, y + 12 * place), line, fontsize=9, fontname=REGULAR)


def set_in(text: str, width: float = PITCH - 20) -> list[str]:
    return wrapped(text, width, 9)


def masthead(sheet: Sheet, name: str) -> None:
    sheet.page.insert_text((170, 50), name, fontsize=30, fontname=BOLD)


def text_under(document: Document, title: str) -> str:
    return " ".join(next(c.text for c in document.chapters if c.title == title).split())


def lead(sheet: Sheet, title: str, lines: int) -> None:
    """The article above the others, in the first column."""
    headline(sheet, title, LEFT, 90)
    write(sheet, LEFT, 110, (set_in(f"{BEES} {HONEY} {WINTER}") * 3)[:lines])


ZEITUNG = (
    ("Rat stimmt für Stein", "Der Rat hat gestern für eine Brücke aus Stein gestimmt. Die alten "
     "Pfeiler stehen noch im Fluss, doch niemand traut ihnen mehr. Im Herbst beginnen die "
     "Arbeiten, und bis zum Winter soll der erste Bogen stehen, sagt der Baumeister am Ufer."),
    ("Fähre fährt wieder", "Im Juni fährt die Fähre wieder. Der Hafen war zwei Monate lang "
     "gesperrt, weil das Eis die Stege zerdrückt hatte. Der Fährmann hat sein Boot neu geteert und "
     "wartet nun auf die ersten Gäste der Saison, die nach Ostern kommen."),
)  # fmt: skip


def test_what_a_page_breaks_off_goes_on_in_the_same_column(tmp_path: Path) -> None:
    """Two German articles, each broken off in the middle of a sentence, no headline overleaf."""
    sheet = Sheet()
    masthead(sheet, "Hafenblatt")
    lead(sheet, "Hochwasser", 40)
    halves = [set_in(text) for _, text in ZEITUNG]
    for x, (title, _), lines in zip(columns(2), ZEITUNG, halves, strict=True):
        headline(sheet, title, x, HEIGHT - 110)
        write(sheet, x, HEIGHT - 95, lines[:4])
    sheet.new_page()
    for x, lines in zip(columns(2), halves, strict=True):
        write(sheet, x, 50, lines[4:])
    document = read(sheet, tmp_path)
    for title, text in ZEITUNG:
        assert text_under(document, title) == text


def test_three_in_a_row_go_on_though_each_ends_its_sentence(tmp_path: Path) -> None:
    articles = (("The Dance", BEES, DANCE), ("The Harvest", HONEY, DANCE), ("Ice", WINTER, BEES))
    sheet = Sheet()
    masthead(sheet, "The Hive")
    lead(sheet, "Swarm in May", 40)
    for x, (title, text, _) in zip(columns(3), articles, strict=True):
        lines = set_in(text)
        headline(sheet, title, x, HEIGHT - 42 - 12 * len(lines))
        write(sheet, x, HEIGHT - 28 - 12 * len(lines), lines)
    sheet.new_page()
    for x, (_, _, text) in zip(columns(3), articles, strict=True):
        write(sheet, x, 50, set_in(text))
    document = read(sheet, tmp_path)
    for title, text, more in articles:
        assert text_under(document, title) == f"{text} {more}"


JOURNAL = (
    ("Le pont de pierre", "Le conseil a voté pour un pont de pierre. Les vieux piliers sont encore "
     "dans la rivière, mais personne ne leur fait plus confiance."),
    ("Le retour du bac", "Le bac revient en juin. Le port était fermé depuis deux mois parce que "
     "la glace avait écrasé les pontons."),
    ("Le prix des poires", "Le prix des poires monte encore. Un printemps tardif a brûlé les "
     "fleurs et les vergers du sud ne donnent presque rien."),
)  # fmt: skip


def headlines_first(sheet: Sheet) -> None:
    for x, (title, _) in zip(columns(3), JOURNAL, strict=True):
        headline(sheet, title, x, 100)
    for x, (_, text) in zip(columns(3), JOURNAL, strict=True):
        write(sheet, x, 120, set_in(text))


def row_by_row(sheet: Sheet) -> None:
    for x, (title, _) in zip(columns(3), JOURNAL, strict=True):
        headline(sheet, title, x, 100)
    wide = PITCH - 60  # gaps that are no part of a line
    for place, row in enumerate(zip_longest(*(set_in(text, wide) for _, text in JOURNAL))):
        for x, line in zip(columns(3), row, strict=True):
            if line:
                write(sheet, x, 120 + 12 * place, [line])


@pytest.mark.parametrize("put", [headlines_first, row_by_row])
def test_each_headline_has_its_own_text(put: Callable[[Sheet], None], tmp_path: Path) -> None:
    sheet = Sheet()
    masthead(sheet, "Le Courrier")
    put(sheet)
    document = read(sheet, tmp_path)
    for title, text in JOURNAL:
        assert text_under(document, title) == text


def test_columns_of_one_text_go_on_in_the_next(tmp_path: Path) -> None:
    """A brochure in two columns, with a headline in each at the same height by chance."""
    sheet = Sheet()
    masthead(sheet, "The Hive")
    flow = set_in(f"{DANCE} {HONEY}", 240)
    headline(sheet, "The Comb", LEFT, 90)
    write(sheet, LEFT, 110, set_in(BEES, 240))
    headline(sheet, "The Dance", 310, 90)
    write(sheet, 310, 110, flow[:5])
    sheet.new_page()
    write(sheet, LEFT, 50, flow[5:])
    write(sheet, 310, 50, set_in(WINTER, 240))
    document = read(sheet, tmp_path)
    assert text_under(document, "The Comb") == BEES
    assert text_under(document, "The Dance").startswith(f"{DANCE} {HONEY}")


def test_the_rows_of_a_table_stay_rows(tmp_path: Path) -> None:
    sheet = Sheet()
    masthead(sheet, "The Hive")
    for x, name in zip(columns(3), ("Month", "Flowers", "Honey"), strict=True):
        headline(sheet, name, x, 100)
    for place, row in enumerate((("May", "clover", "3 kg"), ("June", "lime", "9 kg"))):
        for x, cell in zip(columns(3), row, strict=True):
            write(sheet, x, 120 + 12 * place, [cell])
    words = " ".join(c.text for c in read(sheet, tmp_path).chapters).split()
    assert words.index("clover") < words.index("3") < words.index("June")


@pytest.mark.parametrize("line", ["From our correspondent", "Ein Bericht vom Ufer", "Anna Lund"])
def test_a_line_below_a_headline_is_no_headline(line: str, tmp_path: Path) -> None:
    """Though the layout model takes it for one."""
    sheet = Sheet()
    masthead(sheet, "The Hive")
    sheet.space(40)
    sheet.heading("Swarm in May", size=22)
    sheet.paragraph(f"{HONEY} {BEES}")
    seen = []
    for title, text in (("The Dance", BEES), ("The Harvest", HONEY), ("Ice", WINTER)):
        sheet.heading(title)
        seen.append([72.0, sheet.y - 9, 250.0, sheet.y + 3, "section-header", 0.95])
        sheet.line(line, font="heit")
        sheet.space(12)
        sheet.paragraph(f"{text} {DANCE}")
    document = composed(sheet.save(tmp_path / "drawn.pdf"), {"0": seen})
    assert [chapter.title for chapter in document.chapters] == [
        *("Swarm in May", "The Dance", "The Harvest", "Ice")
    ]
    assert document.chapters[-1].text == f"{line}\n\n{WINTER} {DANCE}"
