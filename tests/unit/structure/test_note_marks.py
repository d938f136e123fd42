"""Marks of notes in figures of the text's own size, as fonts with superior figures set them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.domain import Reason
from tests.drawing import BEES, DANCE, HONEY, WINTER, Sheet
from tests.unit.drawn import read, text_of

GERMAN = (
    "Der Rat stimmte,1 wie man weiß, für den Stein, und niemand widersprach ihm. "
    "Im Winter fror der Hafen zu.2 Die Boote lagen lange still, und man wartete auf das Eis3 im "
    "Fluss. Erst im März kam die Sonne zurück. Das Eis brach in einer einzigen Nacht."
)
FRENCH = (
    "Le conseil a voté pour la pierre.1 Les vieux piliers sont « solides »2 comme on le disait "
    "alors, et le bac attend encore sur la rive.3 Personne ne savait quand il reviendrait,4 mais "
    "tous restaient sur le quai."
)
RAISED = BEES.replace("hills", "hills,¹").replace("afterwards.", "afterwards.²") + (
    " They weigh the honey³ in the evening, and the hive has 4 m² of comb."
)


def noted(sheet: Sheet, notes: Sequence[str], *, y: float) -> Sheet:
    sheet.y = y
    for note in notes:
        sheet.paragraph(note, size=7.5)
    return sheet


def chapter(*paragraphs: str) -> Sheet:
    sheet = Sheet()
    sheet.heading("The Frozen Year", size=16)
    for text in paragraphs:
        sheet.paragraph(text)
    return sheet


def test_marks_of_notes_at_the_foot_of_the_page(tmp_path: Path) -> None:
    notes = ["1Siehe das Archiv der Stadt.", "2 Ebenda, Seite 70.", "3 Vgl. die Karte von 1841."]
    document = read(noted(chapter(GERMAN, BEES), notes, y=700), tmp_path)
    assert "stimmte, wie" in text_of(document)
    assert "zu. Die" in text_of(document)
    assert "das Eis im Fluss" in text_of(document).replace("\n", " ")
    marks = [o.text for o in document.omissions if o.reason is Reason.NOTE_MARK]
    assert marks == ["1", "2", "3"]


def test_notes_may_be_longer_than_the_text(tmp_path: Path) -> None:
    """Then theirs is the usual size."""
    notes = [f"{number} {HONEY} {WINTER} {HONEY}" for number in range(1, 4)]
    document = read(noted(chapter(GERMAN), notes, y=420), tmp_path)
    marks = [o.text for o in document.omissions if o.reason is Reason.NOTE_MARK]
    assert marks == ["1", "2", "3"]


def test_marks_of_notes_at_the_end(tmp_path: Path) -> None:
    sheet = chapter(FRENCH, HONEY)
    sheet.heading("Notes", size=16)
    for number in range(1, 5):
        sheet.paragraph(f"{number}. Voir les archives de la ville, carton {number + 11}.")
    found = text_of(read(sheet, tmp_path))
    for words in ("la pierre. Les", "solides » comme", "la rive. Personne", "reviendrait, mais"):
        assert words in found.replace("\n", " ")


def test_raised_signs_are_marks_behind_words_and_powers_elsewhere(tmp_path: Path) -> None:
    notes = ["1 See the archive.", "2 See the map.", "3 In autumn only."]
    found = text_of(read(noted(chapter(RAISED, DANCE), notes, y=700), tmp_path))
    assert "hills, they" in found.replace("\n", " ")
    assert "the honey in" in found.replace("\n", " ")
    assert "4 m²" in found


def test_many_that_count_need_no_notes(tmp_path: Path) -> None:
    texts = " ".join((BEES, DANCE, HONEY, WINTER)).split(". ")
    counted = " ".join(f"{text}.{place}" for place, text in enumerate(texts, start=1))
    found = text_of(read(chapter(counted, BEES), tmp_path))
    assert not any(sign.isdigit() for sign in found)


def test_names_with_a_figure_are_no_marks_of_other_notes(tmp_path: Path) -> None:
    """Marks that stand otherwise, and a name that has the number of a note by chance."""
    sheet = Sheet()
    for page in range(3):
        if page:
            sheet.new_page()
        sheet.heading(f"Part {page + 1}", size=16)
        sheet.paragraph(f"{BEES} [note {page + 1}] It runs with python2 or libre1 on an ext3 disk.")
        first = 3 * page + 1
        noted(sheet, [f"{first + n} See the archive of the town." for n in range(3)], y=700)
    assert "python2 or libre1 on an ext3" in text_of(read(sheet, tmp_path)).replace("\n", " ")


@pytest.mark.parametrize(
    "text",
    [
        "See Fig.1 and, on the left, Fig.2 with the comb; then Fig.3 as well as Fig.4 and Fig.5.",
        "The players are called mp3 and mp4, the drink is called water2go, and the bus goes by 7.",
        "Cells of type1 and type2 differ from those of type3, as type4 and type5 do from type6.",
    ],
)
def test_figures_that_belong_to_a_word_stay(text: str, tmp_path: Path) -> None:
    notes = ["1 See the archive.", "2 See the map.", "3 In autumn only."]
    document = read(noted(chapter(text, BEES), notes, y=700), tmp_path)
    assert text in text_of(document).replace("\n", " ")
