"""Printed mail: each message is a chapter, and what it repeats of another is not read again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.domain import Reason
from tests.drawing import BEES, BOLD, DANCE, HONEY, WINTER, Sheet, wrapped
from tests.unit.drawn import read, text_of, titles

WIDTH = 380.0
Writer = Callable[[Sheet, str, str, int, str], str]


def american(sheet: Sheet, who: str, to: str, hour: int, mark: str) -> str:
    sheet.line(f"{who} <{who[:3].lower()}@rivers.example>", font=BOLD)
    sheet.y -= 12.5
    sheet.line(f"Tue, May 4, 2021 at {hour}:10 AM", x=400)
    sheet.line(f"To: {to} <{to[:3].lower()}@rivers.example>")
    sheet.space(8)
    return f"{mark}On Tue, May 4, 2021 at {hour - 1}:10 AM {to} <{to[0]}@rivers.example> wrote:"


def german(sheet: Sheet, who: str, to: str, hour: int, mark: str) -> str:
    sheet.line(f"Von: {who} <{who[:3].lower()}@fluss.example>")
    sheet.line(f"Gesendet: Dienstag, 4. Mai 2021 {hour}:10")
    sheet.line(f"An: {to}")
    sheet.line("Betreff: AW: Die Brücke")
    sheet.space(8)
    return f"{mark}Am 4. Mai 2021 um {hour - 1}:10 schrieb {to} <{to[:3].lower()}@fluss.example>:"


def french(sheet: Sheet, who: str, to: str, hour: int, mark: str) -> str:
    sheet.line(f"De : {who}")
    sheet.line("Objet : Le pont et les poires")
    sheet.line(f"Date : 4 mai 2021 à {hour}:10:00 UTC+2")
    sheet.line(f"À : {to} <{to[:3].lower()}@fleuve.example>")
    sheet.space(8)
    return f"{mark}Le 4 mai 2021 à {hour - 1}:10, {to} a écrit :"


def russian(sheet: Sheet, who: str, to: str, hour: int, mark: str) -> str:
    for line in (f"От: {who}", f"Кому: {to}", "Тема: Мост", f"Дата: 4 мая 2021 г. {hour}:10"):
        sheet.page.insert_htmlbox(
            (72, sheet.y - 10, 523, sheet.y + 4), f'<p style="font-size:10px;margin:0">{line}</p>'
        )
        sheet.space(14)
    sheet.space(8)
    return ""


def thread(write: Writer, texts: tuple[str, ...], *, mark: str = "", indent: float = 0.0) -> Sheet:
    sheet = Sheet()
    sheet.line("Re: The bridge and the pears", size=14)
    sheet.space(10)
    names = ("Marta Hollowell", "Jon Arvid", "Marta Hollowell")
    for place, text in enumerate(texts):
        said = write(sheet, names[place], names[place - 1], 9 + place, mark)
        sheet.paragraph(text)
        if place and said:
            sheet.line(said, x=72 + indent)
            for line in wrapped(texts[place - 1], WIDTH):
                sheet.line(f"{mark}{line}", x=72 + indent)
            sheet.space(6)
        sheet.space(12)
    return sheet


THREADS = ((american, "", 18.0), (german, "> ", 0.0), (french, "", 24.0), (russian, "", 0.0))


@pytest.mark.parametrize(("write", "mark", "indent"), THREADS)
def test_each_message_is_a_chapter_that_says_nothing_again(
    write: Writer, mark: str, indent: float, tmp_path: Path
) -> None:
    document = read(thread(write, (BEES, DANCE, HONEY), mark=mark, indent=indent), tmp_path)
    found = titles(document)
    assert [title.split(",")[0] for title in found] == [
        "Marta Hollowell", "Jon Arvid", "Marta Hollowell"
    ]  # fmt: skip
    assert all("2021" in title for title in found)
    assert text_of(document).count("dances for her sisters") == 1
    assert "<" not in text_of(document)
    assert document.authors == ()
    quoted = [o for o in document.omissions if o.reason is Reason.QUOTED]
    assert bool(quoted) == (write is not russian)


def test_a_quotation_that_stands_nowhere_else_is_read(tmp_path: Path) -> None:
    sheet = thread(german, (BEES, DANCE))
    sheet.line("Am 3. Mai 2021 um 8:10 schrieb Anna Lund:")
    for line in wrapped(WINTER, WIDTH):
        sheet.line(f"> {line}")
    assert "queen warm" in text_of(read(sheet, tmp_path))


def test_one_message_alone_is_no_thread(tmp_path: Path) -> None:
    document = read(thread(german, (f"{BEES} {HONEY}",)), tmp_path)
    assert titles(document) == ["The whole text"]
