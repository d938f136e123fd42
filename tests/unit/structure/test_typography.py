"""What typesetters do to words and pages, undone: drop caps, letterspacing, tables of contents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.drawing import BEES, BODY_PT, BOLD, DANCE, HONEY, LEADING, MARGIN, WIDTH, Sheet, wrapped
from tests.unit.drawn import paper, read, text_of, titles

CAP_PT, CAP_WIDTH = 30.0, 26.0


def _with_drop_cap(sheet: Sheet, text: str, *, is_letter_first: bool) -> None:
    """The first letter over three lines, the text beside it and then below."""
    top = sheet.y
    beside = wrapped(text[1:].lstrip(), WIDTH - 2 * MARGIN - CAP_WIDTH)[:2]
    rest = text[1:].lstrip()[len(" ".join(beside)) :].strip()

    def letter() -> None:
        sheet.page.insert_text((MARGIN, top + 12), text[0], fontsize=CAP_PT, fontname=BOLD)

    if is_letter_first:
        letter()
    for line in beside:
        sheet.line(line, x=MARGIN + CAP_WIDTH)
    for line in wrapped(rest, WIDTH - 2 * MARGIN):
        sheet.line(line)
    if not is_letter_first:
        letter()


@pytest.mark.parametrize("is_letter_first", [True, False])
def test_a_drop_cap_stands_again_at_the_head_of_its_word(
    is_letter_first: bool, tmp_path: Path
) -> None:
    sheet = paper("1 Bees", "2 Dance")
    sheet.heading("3 Honey")
    _with_drop_cap(sheet, HONEY, is_letter_first=is_letter_first)
    document = read(sheet, tmp_path)
    assert document.chapters[-1].text.split()[:4] == HONEY.split()[:4]
    assert titles(document) == ["Bees", "Dance", "Honey"]


def test_a_drop_cap_that_is_a_word_keeps_its_space(tmp_path: Path) -> None:
    sheet = paper("1 Bees")
    sheet.heading("2 Honey")
    _with_drop_cap(sheet, "A " + HONEY[0].lower() + HONEY[1:], is_letter_first=True)
    assert read(sheet, tmp_path).chapters[-1].text.startswith(f"A {HONEY[0].lower()}")


def test_a_big_letter_beside_nothing_stays_alone(tmp_path: Path) -> None:
    sheet = paper("1 Bees", "2 Dance")
    sheet.space(60)
    sheet.line("A", size=CAP_PT, font=BOLD)
    sheet.space(60)
    sheet.paragraph(HONEY)
    assert f"A {HONEY[:8]}" not in text_of(read(sheet, tmp_path))
    assert f"A{HONEY[:8]}" not in text_of(read(paper("1 Bees", "2 Dance"), tmp_path))


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("A B S T R A C T", "ABSTRACT"),
        ("I N T R O D U C T I O N", "INTRODUCTION"),
        ("T H E   D A N C E   O F   B E E S", "THE DANCE OF BEES"),
    ],
)
def test_letterspaced_headings_are_closed_up(written: str, title: str, tmp_path: Path) -> None:
    sheet = paper()
    for heading in (written, "2 Honey"):
        sheet.heading(heading, size=11)
        sheet.paragraph(f"The dance of bees. {BEES}")
        sheet.paragraph(DANCE)
    assert title in titles(read(sheet, tmp_path))


@pytest.mark.parametrize("row", ["A B C D E F", "G G G G G", "x y z w v"])
def test_single_letters_that_spell_nothing_stay_apart(row: str, tmp_path: Path) -> None:
    sheet = paper("1 Bees")
    sheet.paragraph(f"The samples were named {row} and nothing else, so that nobody could guess.")
    assert f"named {row} and" in text_of(read(sheet, tmp_path))


def _dotted(sheet: Sheet, entry: str, page: int) -> None:
    sheet.line(f"{entry} " + ". " * 30 + str(page))


def _apart(sheet: Sheet, entry: str, page: int) -> None:
    """The page number as a line of its own at the right."""
    y = sheet.y
    sheet.line(entry, font=BOLD, size=11)
    sheet.page.insert_text((WIDTH - MARGIN, y), str(page), fontsize=11, fontname=BOLD)


@pytest.mark.parametrize("entry", [_dotted, _apart])
def test_entries_of_a_table_of_contents_are_no_chapters(
    entry: Callable[[Sheet, str, int], None], tmp_path: Path
) -> None:
    sheet = Sheet()
    sheet.line("How Bees Find Their Way", size=20, font=BOLD)
    sheet.heading("Contents")
    names = ("1 Bees", "1.1 Flight", "2 Dance", "3 Honey", "4 Winter")
    for place, name in enumerate(names):
        entry(sheet, name, place + 2)
    for name in names:
        sheet.new_page()
        sheet.heading(name)
        sheet.paragraph(BEES)
        sheet.paragraph(DANCE)
    document = read(sheet, tmp_path)
    assert titles(document) == ["Bees", "Flight", "Dance", "Honey", "Winter"]
    assert [chapter.page for chapter in document.chapters] == [2, 3, 4, 5, 6]
    assert ". . ." not in text_of(document)


def test_a_paragraph_with_numbers_below_the_word_contents_is_read(tmp_path: Path) -> None:
    sheet = paper("1 Bees")
    sheet.heading("2 Contents of the honey")
    sheet.paragraph("In spring there were 12 samples of clover. " + HONEY)
    assert "12 samples of clover" in text_of(read(sheet, tmp_path))


def test_a_running_head_below_a_wide_margin_goes(tmp_path: Path) -> None:
    sheet = paper("1 Bees")
    for page, (heading, text) in enumerate(
        (("2 Dance", DANCE), ("3 Honey", HONEY), ("4 End", BEES))
    ):
        sheet.new_page()
        for x, words in ((MARGIN, str(20 + 2 * page)), (200.0, "JANE DOE AND JOHN ROE")):
            sheet.page.insert_text((x, 130), words, fontsize=9)
        sheet.y = 160
        sheet.heading(heading)
        sheet.paragraph(text)
    document = read(sheet, tmp_path)
    assert "JANE DOE" not in text_of(document)
    assert document.skipped.running_heads >= 3


def test_headings_that_begin_pages_are_no_running_heads(tmp_path: Path) -> None:
    sheet = paper("1 Bees")
    for number in (2, 3, 4):
        sheet.new_page()
        sheet.y = 130
        sheet.line(f"Experiment {number}", size=14, font=BOLD)
        sheet.space(4)
        sheet.paragraph(f"Bees of hive {number}. {DANCE}")
    assert len(titles(read(sheet, tmp_path))) == 4


def test_what_publishers_print_around_a_paper_is_not_read(tmp_path: Path) -> None:
    sheet = paper()
    sheet.heading("Abstract")
    sheet.paragraph(BEES)
    for notice in (
        "Keywords: bees, dances, navigation",
        "Article history: Received 23 July 2007. Accepted 9 October 2008.",
        "© 2008 Elsevier Inc. All rights reserved.",
    ):
        sheet.space(8)
        sheet.paragraph(notice)
    sheet.heading("1 Introduction")
    sheet.paragraph("Received wisdom in 1920 was that bees do not see colours. " + DANCE)
    sheet.paragraph("Contact: jane@bees.example. " + HONEY)
    text = text_of(read(sheet, tmp_path))
    for junk in ("Keywords", "Received 23", "Elsevier", "Contact:", "jane"):
        assert junk not in text
    assert "Received wisdom in 1920" in text


def test_an_abstract_in_a_box_beside_its_keywords_is_a_chapter(tmp_path: Path) -> None:
    """As large publishers print it: two columns under letterspaced names, in smaller type."""
    sheet = Sheet()
    sheet.line("How Bees Find Their Way", size=18, font=BOLD)
    sheet.space(20)
    top, width = sheet.y, WIDTH - 2 * MARGIN - 160
    sheet.line("a r t i c l e   i n f o", size=8)
    for line in ("Keywords:", "Navigation", "Dances", "Foraging of bees"):
        sheet.line(line, size=6.5)
    sheet.y = top
    sheet.line("a b s t r a c t", size=8, x=MARGIN + 160)
    sheet.paragraph(BEES, size=7.5, x=MARGIN + 160, width=width)
    sheet.y = top + 140
    for heading in ("1. Introduction", "2. Dances"):
        sheet.heading(heading, size=12)
        sheet.paragraph(DANCE)
        sheet.paragraph(HONEY)
    document = read(sheet, tmp_path)
    assert titles(document) == ["Abstract", "Introduction", "Dances"]
    assert document.chapters[0].text == BEES


@pytest.mark.parametrize(
    ("printed", "said", "title"),
    [
        (("Hives International", "Bees That Dance"), "Bees That Dance", "Bees That Dance"),
        (("Journal of Bees", "Bees That Dance"), "", "Bees That Dance"),
        (("TECHNICAL REPORT", "Bees That Dance"), "", "Bees That Dance"),
        (("Bees at Noon", "A second line"), "Microsoft Word - draft.doc", "Bees at Noon"),
        (("AnoteonBees of theNorth",), "A note on Bees of the North", ""),
    ],
)  # fmt: skip
def test_the_title_is_what_print_and_file_agree_on(
    printed: tuple[str, ...], said: str, title: str, tmp_path: Path
) -> None:
    sheet = Sheet()
    for size, line in zip((22.0, 16.0), printed, strict=False):
        sheet.line(line, size=size, font=BOLD)
        sheet.space(30)
    for heading in ("1 Bees", "2 Dance", "3 Honey"):
        sheet.heading(heading, size=12)
        sheet.paragraph(BEES)
    sheet.pdf.set_metadata({"title": said})
    assert read(sheet, tmp_path).title == (title or said)


def test_what_a_program_printed_is_no_title(tmp_path: Path) -> None:
    sheet = Sheet()
    for line in ("## Loading required package: registry", "## Loading required package: bees"):
        sheet.line(line, size=BODY_PT * LEADING, font="cour")
    sheet.space(20)
    sheet.line("Bees, Counted", size=12, font=BOLD)
    for heading in ("1 Bees", "2 Dance"):
        sheet.heading(heading, size=11)
        sheet.paragraph(BEES)
    assert read(sheet, tmp_path).title == "Bees, Counted"


def test_a_title_that_is_the_running_head_too_is_found(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.page.insert_text((MARGIN, 60), "Bee Magic", fontsize=24, fontname=BOLD)
    sheet.page.insert_text((MARGIN, 200), "Jane Doe", fontsize=17, fontname=BOLD)
    for heading in ("1 Bees", "2 Dance", "3 Honey"):
        sheet.new_page()
        sheet.page.insert_text((MARGIN, 50), "Bee Magic", fontsize=8)
        sheet.heading(heading)
        sheet.paragraph(BEES)
    assert read(sheet, tmp_path).title == "Bee Magic"
