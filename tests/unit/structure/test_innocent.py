"""What looks like furniture, and is what somebody wrote: drawn by a reader who tried to lose it."""

from __future__ import annotations

from pathlib import Path

from tests.drawing import BEES, BOLD, DANCE, HONEY, WINTER, Sheet
from tests.unit.drawn import read, text_of

PLACES = ("1st prize", "2nd prize", "3rd prize", "4th place", "5th place")
WINNERS = (
    "went to Mrs Hale for her roses, which the judges had never seen so red.",
    "went to the school garden, where the children had grown their own leeks.",
    "went to old Mr Penrose, who has not missed a show for sixty years.",
    "was shared by the two Miss Trewins and their very large marrow.",
    "went to the vicar, whose sweet peas had suffered from the rain.",
)


def test_places_in_a_contest_are_no_numbers_of_verses(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.line("The Flower Show Results", size=20, font=BOLD)
    sheet.space(16)
    sheet.paragraph(BEES)
    for place, words in zip(PLACES, WINNERS, strict=True):
        sheet.paragraph(f"{place} {words}")
    for text in (DANCE, HONEY):
        sheet.paragraph(text)
    found = text_of(read(sheet, tmp_path))
    assert all(place in found for place in PLACES)


def test_years_beside_a_chronicle_are_read(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.line("A Village Chronicle", size=20, font=BOLD)
    sheet.space(16)
    years = [str(year) for year in range(1940, 1946)]
    for year, text in zip(years, (BEES, DANCE, HONEY, WINTER, BEES, DANCE), strict=True):
        sheet.page.insert_text((72, sheet.y), year, fontsize=10)
        sheet.paragraph(f"The parish council met in the schoolroom. {text}", x=140, width=380)
        if sheet.y > 700:
            sheet.new_page()
    found = text_of(read(sheet, tmp_path))
    assert all(year in found for year in years)


def test_a_title_in_quotation_marks_is_one(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.line('"Nobody Asked the Ferryman at All"', size=22, font=BOLD)
    sheet.space(16)
    sheet.paragraph("When the bridge was built nobody asked the ferryman at all, and he waited.")
    for text in (BEES, DANCE, HONEY, WINTER):
        sheet.paragraph(text)
    document = read(sheet, tmp_path)
    assert "Nobody Asked the Ferryman at All" in document.title + text_of(document)
