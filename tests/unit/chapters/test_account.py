"""Every word of a page has a fate and a place. That none is unexplained is held for each document
that these and other tests draw, by `tests.unit.drawn.read`."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from pipeline.chapters import sections
from pipeline.domain import WHOLE_PAGE, Document, Reason
from pipeline.read import composed
from tests.auditing import audit
from tests.drawing import BEES, DANCE, HONEY, MARGIN, MONO, WIDTH, WINTER, Sheet
from tests.unit.drawn import paper, read

TURNS = (0, 90, 180, 270)


def with_everything() -> Sheet:
    """A paper with something of each kind that is left out."""
    sheet = Sheet(header="Journal of Small Animals", has_page_numbers=True)
    sheet.line("How Bees Find Their Way", size=20, font="hebo")
    sheet.line("Ada Meyer, Tom Baker", size=11)
    sheet.page.insert_text((30, 500), "arXiv:2601.01 in the margin", rotate=90, fontsize=9)
    sheet.page.insert_text((MARGIN, 780), "hidden words here", render_mode=3)
    sheet.page.insert_text((MARGIN, 790), "tiny words here", fontsize=1)
    sheet.heading("1 Introduction")
    sheet.paragraph(f"{BEES} It is known [3, 4]. So says Ada Meyer ada@bees.example too. {DANCE}")
    sheet.paragraph("Keywords: bees, honey, dances")
    for row in ("def bees(self):", "    return self.honey", "    # and no more"):
        sheet.line(row, font=MONO)
    sheet.space(8)
    sheet.line("Figure 1: A bee on a flower.", size=8)
    sheet.new_page()
    sheet.heading("2 Honey")
    sheet.paragraph(f"{HONEY} {WINTER}")
    sheet.heading("Acknowledgements")
    sheet.paragraph("We thank the bees.")
    sheet.heading("References")
    for number in range(1, 5):
        sheet.paragraph(f"[{number}] K. Frisch. The language of bees. Press, {1950 + number}.")
    return sheet


def test_what_is_left_out_is_told_by_reason_and_the_sums_are_right(tmp_path: Path) -> None:
    document = read(with_everything(), tmp_path)
    account = document.account
    assert set(account.left_out) >= {
        Reason.RUNNING_HEAD, Reason.TITLE, Reason.FRONT_MATTER, Reason.TURNED, Reason.HIDDEN,
        Reason.TINY, Reason.LABEL, Reason.CITATION, Reason.ADDRESS, Reason.NOTICE, Reason.CODE,
        Reason.CAPTION, Reason.BACK_MATTER, Reason.REFERENCES,
    }  # fmt: skip
    assert account.words == account.spoken + sum(account.left_out.values())
    assert account.left_out[Reason.TURNED] == 4
    assert account.left_out[Reason.LABEL] == 2  # the numbers of two headings
    assert not account.findings


def test_what_the_card_counts_is_counted_from_the_omissions(tmp_path: Path) -> None:
    skipped = read(with_everything(), tmp_path).skipped
    assert (skipped.references, skipped.citations, skipped.code) == (4, 2, 1)
    assert (skipped.figures, skipped.running_heads, skipped.other) == (1, 2, 1)


def test_a_line_that_somebody_forgets_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As code would that is written later and filters lines without a reason."""
    kept = sections._without_labels
    monkeypatch.setattr(sections, "_without_labels", lambda *given: kept(*given)[1:])
    path = paper("1 Bees", "2 Honey").save(tmp_path / "drawn.pdf")
    document = composed(path, {})
    assert document.account.unexplained > 20
    assert {o.reason for o in document.omissions} >= {Reason.UNEXPLAINED}


def test_the_audit_finds_words_of_which_the_document_says_nothing(tmp_path: Path) -> None:
    path = paper("1 Bees", "2 Honey").save(tmp_path / "drawn.pdf")
    document = composed(path, {})
    with pymupdf.open(path) as pdf:
        pdf[0].insert_text((MARGIN, 700), "a stowaway", fontsize=10)
        pdf.saveIncr()
    assert [word.text for word in audit(path, document).unexplained] == ["a", "stowaway"]


# --- places -------------------------------------------------------------------------------------


def is_at(document: Document, path: Path, words: str) -> bool:
    """Whether the place of some words, on the page as it is shown, is where the page has them: on
    their line, and if that is shown level, near them on it."""
    passages = [p for chapter in document.chapters for p in chapter.passages if words in p.text]
    start = passages[0].text.index(words)
    (place,) = passages[0].places(start, start + len(words))
    with pymupdf.open(path) as pdf:
        page = pdf[place.page - 1]
        found = page.search_for(words)[0] * page.rotation_matrix
        shown, page_turn = page.rect, page.rotation
    middle = (
        WHOLE_PAGE * (found.x0 + found.x1) / 2 / shown.width,
        WHOLE_PAGE * (found.y0 + found.y1) / 2 / shown.height,
    )
    along, across = {0: (300, 20), 180: (WHOLE_PAGE, 20)}.get(page_turn, (20, 300))
    return (
        place.x - along <= middle[0] <= place.x + place.w + along
        and place.y - across <= middle[1] <= place.y + place.h + across
    )


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("is_cropped", [False, True])
def test_places_are_those_of_the_page_as_it_is_shown(
    turn: int, is_cropped: bool, tmp_path: Path
) -> None:
    sheet = paper("1 Bees", "2 Honey")
    for page in sheet.pdf:
        if is_cropped:
            page.set_cropbox(pymupdf.Rect(40, 30, WIDTH - 60, 800))
        page.set_rotation(turn)
    document = read(sheet, tmp_path)
    for words in ("remember the sun", "dances for her sisters", "keep through the winter"):
        assert is_at(document, tmp_path / "drawn.pdf", words)


def test_a_passages_lines_are_the_same_whenever_it_is_read(tmp_path: Path) -> None:
    path = with_everything().save(tmp_path / "drawn.pdf")
    first, second = (composed(path, {}) for _ in range(2))
    lines = [p.lines for chapter in first.chapters for p in chapter.passages if p.lines]
    assert lines == [p.lines for chapter in second.chapters for p in chapter.passages if p.lines]
    numbers = [number for passage in lines for number in passage]
    assert len(numbers) == len(set(numbers))


def test_a_raised_sign_and_a_big_initial_are_in_the_box_of_their_line(tmp_path: Path) -> None:
    sheet = paper("1 Bees")
    top = sheet.y
    sheet.page.insert_text((MARGIN, top + 14), "H", fontsize=34)
    for row in (BEES[1:60], BEES[60:120]):
        sheet.line(row, x=MARGIN + 26)
    document = read(sheet, tmp_path)
    passages = [p for chapter in document.chapters for p in chapter.passages]
    first, second, *_ = [p for p in passages if p.text.startswith("Honey bee")][-1].stretches
    assert first.place.x < WHOLE_PAGE * (MARGIN + 5) / WIDTH
    assert first.place.h > 2 * second.place.h
