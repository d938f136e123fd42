"""Letters of drawn fonts (Type 3), whose size in the file is no size; and where drop caps stand."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from pipeline.domain import Reason
from tests.drawing import BEES, DANCE, HEIGHT, HONEY, MARGIN, WIDTH, Sheet, wrapped
from tests.unit.drawn import TEXTS, read, text_of

CAP_WIDTH, HIGH = 22.0, 18.0
GERMAN = "Wer den Fluss kennt, der fürchtet das Eis nicht. " + HONEY
FRENCH = "Écoutez la rivière qui passe sous le pont. " + HONEY


def drawn_letter(sheet: Sheet, letter: str, x: float, baseline: float, *, size: float) -> None:
    """In a font of one letter, a box 18 points high whatever `size` is said to be."""
    pdf = sheet.pdf
    glyph, font, map_ = (pdf.get_new_xref() for _ in range(3))
    high = HIGH / size
    pdf.update_object(glyph, "<<>>")
    procedure = f"{high} 0 0 0 {high} {high} d1 0 0 {high} {high} re f"
    pdf.update_stream(glyph, procedure.encode())
    pdf.update_object(map_, "<<>>")
    pdf.update_stream(
        map_,
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> "
        b"endcodespacerange 1 beginbfchar <41> <%04X> endbfchar endcmap end" % ord(letter),
    )
    pdf.update_object(
        font,
        f"<</Type/Font/Subtype/Type3/FontBBox[0 0 {high} {high}]/FontMatrix[1 0 0 1 0 0]"
        f"/CharProcs<</A {glyph} 0 R>>/Encoding<</Type/Encoding/Differences[65/A]>>"
        f"/FirstChar 65/LastChar 65/Widths[{high}]/ToUnicode {map_} 0 R>>",
    )
    fonts = {f"T{font}": font} | {name: xref for xref, _, _, _, name, *_ in sheet.page.get_fonts()}
    named = "".join(f"/{name} {xref} 0 R" for name, xref in fonts.items())
    pdf.xref_set_key(sheet.page.xref, "Resources", f"<</Font<<{named}>>>>")
    shown = f"BT /T{font} {size} Tf {x} {HEIGHT - baseline} Td (A) Tj ET"
    pymupdf.TOOLS._insert_contents(sheet.page, shown.encode(), True)


def beside_cap(sheet: Sheet, text: str) -> float:
    """The text, its first two lines beside a letter that is to come; that letter's baseline."""
    sheet.line("The Comb", size=16, font="hebo")
    sheet.space(10)
    rest = text[1:]
    top = sheet.y
    beside = wrapped(rest, WIDTH - 2 * MARGIN - CAP_WIDTH)[:2]
    for line in beside:
        sheet.line(line, x=MARGIN + CAP_WIDTH)
    sheet.paragraph(rest[len(" ".join(beside)) :].strip())
    return top + 12.5


@pytest.mark.parametrize("size", [0.12, 1.0])
@pytest.mark.parametrize("text", [BEES, GERMAN, FRENCH])
def test_a_drop_cap_of_a_drawn_font(text: str, size: float, tmp_path: Path) -> None:
    sheet = Sheet()
    baseline = beside_cap(sheet, text)
    sheet.paragraph(DANCE)
    drawn_letter(sheet, text[0], MARGIN, baseline, size=size)
    document = read(sheet, tmp_path)
    assert text_of(document).startswith(text)
    assert Reason.TINY not in document.account.left_out


@pytest.mark.parametrize("is_first", [False, True])
def test_a_drop_cap_far_from_its_line_in_the_file(is_first: bool, tmp_path: Path) -> None:
    """All big letters of a page are drawn before, or after, all text."""
    sheet = Sheet()
    if is_first:
        sheet.page.insert_text((MARGIN, 114.5), HONEY[0], fontsize=26)
        for text in TEXTS:  # above and below, in the file's order between the two
            sheet.y = 300
            sheet.paragraph(text)
        sheet.y = MARGIN
    baseline = beside_cap(sheet, HONEY)
    if not is_first:
        sheet.space(20)
        for text in TEXTS:
            sheet.paragraph(text)
        sheet.page.insert_text((MARGIN, baseline), HONEY[0], fontsize=26)
    assert HONEY in text_of(read(sheet, tmp_path)).replace("\n", " ")


def test_what_is_tiny_stays_unread(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.paragraph(BEES)
    sheet.page.insert_text((MARGIN, 400), "Nobody sees these words here.", fontsize=0.5)
    document = read(sheet, tmp_path)
    assert "Nobody" not in text_of(document)
    assert document.account.left_out[Reason.TINY] == 5
