"""Magazines, drawn: by-lines, quotations in big letters, and where articles go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.domain import Document, Reason
from pipeline.language.vocabulary import BY_LINE, JUMP
from tests.drawing import BEES, DANCE, HONEY, WINTER, Sheet
from tests.unit.drawn import read, text_of, titles

GERMAN = (
    "Der Baumeister sah den Fluss und den Hafen und wartete auf das Eis. Im Frühling kamen die "
    "Störche zurück, und niemand sprach mehr von dem langen Winter. Die Boote wurden geteert."
)
FRENCH = (
    "Le bac attend encore sur la rive et personne ne sait quand il partira. Les vieux piliers sont "
    "dans la rivière, mais on ne leur fait plus confiance. Le conseil a voté pour la pierre."
)


def article(sheet: Sheet, title: str, by: str, quote: str, jump: str, *texts: str) -> None:
    sheet.line(title, size=28, font="hebo")
    sheet.line(by, size=11, font="heit")
    sheet.space(8)
    sheet.paragraph(texts[0])
    sheet.space(8)
    sheet.paragraph(quote, size=16, font="heit", x=100, width=240)
    for text in texts[1:]:
        sheet.paragraph(text)
    sheet.space(4)
    sheet.line(jump, size=9, font="heit", x=400)


def magazine(folder: Path, *articles: tuple[str, ...]) -> Document:
    sheet = Sheet()
    for place, (title, by, quote, jump, *texts) in enumerate(articles):
        if place:
            sheet.new_page()
        article(sheet, title, by, quote, jump, *texts)
    return read(sheet, folder)


ISSUES = (
    (
        ("Nachts am Wehr", "Von Anna Lund", "»Niemand sprach mehr von dem langen Winter«",
         "Fortsetzung auf Seite 12", GERMAN, GERMAN),
        ("Störche", "Von Jon Arvid", "»Im Frühling kamen die Störche zurück.«",
         "Fortsetzung auf S. 14", GERMAN, GERMAN),
    ),
    (
        ("Le bac", "Par Anna Lund", "« Personne ne sait quand il partira »", "(Suite page 8)",
         FRENCH, FRENCH),
        ("La pierre", "Par Jon Arvid", "« On ne leur fait plus confiance. »", "Suite en page 9",
         FRENCH, FRENCH),
    ),
    (
        ("The Comb", "By Anna Lund. Photographs by Jon Arvid",
         "They fan it with their wings until it is thick.", "Continued on page 42", BEES,
         HONEY.replace("The bees fan", "They fan").replace("thick enough", "thick. It is enough")),
        ("Winter", "Words by Jon Arvid", '"The colony hangs together in a ball"',
         "Turn to page 40", DANCE, WINTER),
    ),
)  # fmt: skip


@pytest.mark.parametrize("issue", ISSUES)
def test_articles_are_chapters_and_their_furniture_is_none(
    issue: tuple[tuple[str, ...], ...], tmp_path: Path
) -> None:
    document = magazine(tmp_path, *issue)
    assert titles(document) == [title for title, *_ in issue]
    found = text_of(document)
    written = " ".join(text for _, _, _, _, *texts in issue for text in texts)
    for _, by, quote, jump, *texts in issue:
        assert jump not in found
        words = quote.strip('"«». ')
        assert found.count(words) == written.count(words)
        assert by in found
        for text in texts:
            assert text in found
    reasons = {o.text: o.reason for o in document.omissions}
    assert {reasons[jump] for _, _, _, jump, *_ in issue} == {Reason.LABEL}
    assert Reason.REPEATED in reasons.values()


def test_what_is_said_nowhere_else_is_read_and_no_chapter(tmp_path: Path) -> None:
    said = "“Nobody had ever counted them all before I did it”"
    document = magazine(
        tmp_path,
        ("The Comb", "By Anna Lund", said, "The end", BEES, HONEY),
        ("Winter", "By Jon Arvid", said.replace("counted", "seen"), "The end", DANCE, WINTER),
    )
    assert titles(document) == ["The Comb", "Winter"]
    assert "Nobody had ever counted them all" in text_of(document)


def test_headings_that_the_text_names_are_headings(tmp_path: Path) -> None:
    """In contents, and where the text refers to them."""
    names = ("How bees find their way home", "What they bring home in summer", "Why they dance so")
    sheet = Sheet()
    for name in names:
        sheet.line(f"{name}  . . . . . . . . 3")
    sheet.paragraph(DANCE)
    for name in names:
        sheet.heading(name, size=16)
        sheet.paragraph(f"{BEES} See the chapter {names[0]} and {names[1]} for more of it.")
    document = read(sheet, tmp_path)
    assert titles(document)[-3:] == [*names], titles(document)


def test_a_sentence_about_a_page_is_read(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.heading("The Comb")
    sheet.paragraph(f"{BEES} The story is")
    sheet.y -= 6
    sheet.line("continued on page 42")
    sheet.line("of the same book, where it ends.")
    assert "continued on page 42 of the same" in text_of(read(sheet, tmp_path)).replace("\n", " ")


@pytest.mark.parametrize(
    "words",
    [
        "Continued on page A12",
        "(continued from page 3)",
        "Continúa en la página 4",
        "continua a pag. 4",
        "Продолжение на стр. 5",
        "► Vervolg op pagina 7",
        "12面に続く",
    ],
)
def test_words_of_jumps(words: str) -> None:
    assert JUMP.match(words)


def test_words_of_by_lines() -> None:
    assert BY_LINE.match("Text: Anna Lund")
    assert BY_LINE.match("By ANNA LUND")
    assert not BY_LINE.match("By the river")
    assert not BY_LINE.match("Von den Bienen")
