"""Sheets that repositories put before a work are not read, and tell its authors."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.domain import Reason
from tests.drawing import BEES, BOLD, DANCE, HONEY, WINTER, Sheet
from tests.unit.drawn import read, text_of, titles

TITLE = "The Storks and the Calendar"
JSTOR = (
    (16, TITLE), (11, "Author(s): Marta Hollowell"), (11, "Source: River Studies, Vol. 12 (1971)"),
    (11, "Stable URL: https://archive.example/stable/77"),
    (8, "The archive is a not-for-profit service that helps scholars to discover content."),
    (8, "Your use of it indicates your acceptance of the Terms & Conditions of Use."),
)  # fmt: skip
SWISS = (
    (14, TITLE), (10, "Autor(en): Hollowell, Marta"), (10, "Objekttyp: Article"),
    (10, "Zeitschrift: Flusskunde"), (10, "Persistenter Link: https://doi.org/10.5169/seals-77"),
    (9, "Nutzungsbedingungen: Die Plattform ist die Anbieterin der digitalisierten Zeitschriften."),
    (9, "Ein Dienst der Bibliothek. Heruntergeladen am 3. Mai 2021."),
)  # fmt: skip
FRENCH = (
    (9, "HAL Id: hal-00000077"), (9, "https://hal.example/hal-00000077"), (16, TITLE),
    (11, "Marta Hollowell"), (9, "To cite this version:"),
    (9, "Marta Hollowell. The Storks and the Calendar. River Studies, 1971, 12, pp. 77-84."),
    (9, "HAL is a multi-disciplinary open access archive for the deposit of documents."),
    (9, "L'archive ouverte pluridisciplinaire HAL est destinée au dépôt de documents."),
)  # fmt: skip
ENGLISH = (
    (11, "This is a repository copy of The Storks and the Calendar."),
    (10, "Research Online URL for this paper: https://eprints.example/77/"),
    (10, "Version: Accepted Version"), (13, "Article:"),
    (10, "Hollowell, M. (1971) The Storks and the Calendar. River Studies, 12. ISSN 0000-0077"),
    (13, "Reuse"), (10, "Items are protected by copyright, with all rights reserved."),
    (13, "Takedown"), (10, "If you consider this to be in breach of law, please tell us."),
)  # fmt: skip


def article(sheet: Sheet, *, title: str = TITLE) -> Sheet:
    sheet.new_page()
    sheet.line(title, size=15, font=BOLD)
    sheet.line("Marta Hollowell", size=11)
    sheet.space(12)
    for heading in ("The Ice", "The Storks", "The Harvest"):
        sheet.heading(heading)
        for text in (BEES, DANCE, HONEY, WINTER):
            sheet.paragraph(text)
    return sheet


@pytest.mark.parametrize("lines", [JSTOR, SWISS, FRENCH, ENGLISH])
@pytest.mark.parametrize("title", [TITLE, TITLE.upper()])
def test_a_repositorys_sheet_is_not_read(
    lines: tuple[tuple[int, str], ...], title: str, tmp_path: Path
) -> None:
    sheet = Sheet()
    for size, text in lines:
        sheet.paragraph(text, size=size, font=BOLD if size > 12 else "helv")
    document = read(article(sheet, title=title), tmp_path)
    assert titles(document) == ["The Ice", "The Storks", "The Harvest"]
    assert document.title.casefold() == TITLE.casefold()
    assert document.authors == ("Marta Hollowell",)
    assert lines[-1][1][:30] not in text_of(document)
    noticed = [o for o in document.omissions if o.reason is Reason.NOTICE]
    assert {omission.page for omission in noticed} == {1}


def test_a_works_own_first_page_is_read(tmp_path: Path) -> None:
    """It says as much of rights and links, and its title runs on over the next page."""
    sheet = Sheet()
    sheet.line(TITLE, size=18, font=BOLD)
    sheet.line("Marta Hollowell", size=11)
    sheet.heading("Abstract")
    sheet.paragraph(f"{BEES} {DANCE}")
    sheet.paragraph("Please cite https://doi.org/10.1000/77, licensed under CC BY, copyright 2021.")
    sheet.paragraph("Downloaded from a repository. Source: River Studies.")
    assert BEES[:40] in text_of(read(article(sheet), tmp_path))


def test_a_page_that_is_no_sheet_is_read(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.line(TITLE, size=18, font=BOLD)
    sheet.paragraph(f"A foreword by the author, who lives at https://rivers.example. {BEES}")
    assert "A foreword by the author" in text_of(read(article(sheet), tmp_path))
