"""What children hand over in files is exact, in order, and not trusted."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.domain import (
    WHOLE_PAGE,
    Account,
    Document,
    Finding,
    LeftOut,
    Omission,
    Passage,
    Reason,
    Spot,
    Stretch,
    to_json,
)
from pipeline.errors import ChildDied, DamagedPdf
from pipeline.pdf.lines import Line, Page, Unread
from pipeline.pdf.page_files import MOST_BROKEN, in_order, page_from, pages_in, row_of
from pipeline.process import handover
from pipeline.process.handover import BATCH, document_in, write_document
from tests.samples import a_document


def a_page(number: int, *texts: str) -> Page:
    lines = tuple(
        Line(
            page=number,
            block=place,
            text=text,
            x0=0.1 + 0.2,
            y0=1 / 3,
            x1=72.0,
            y1=84.5,
            size=9.96,
            font="ABC+Größe",
            is_bold=True,
            pitch=2 / 7,
            ink=(0.1, 1 / 3, 72.5, 84.5),
        )
        for place, text in enumerate(texts)
    )
    return Page(
        number=number,
        width=595.276,
        height=841.89,
        lines=lines,
        picture_share=1 / 7,
        turn=3,
        unread=(Unread(text="½ a stamp", box=(0.0, 1 / 3, 2.0, 3.0), reason=Reason.TURNED),),
        turned=lines[:1],
        quarters=1,
    )


def written(folder: Path, name: str, *pages: Page, rest: str = "") -> Path:
    path = folder / name
    path.write_text("".join(row_of(page) for page in pages) + rest, encoding="ascii")
    return path


def test_a_page_comes_back_exactly() -> None:
    page = a_page(7, "Bees, “dances” and ﬂights", "蜜蜂", "النحل", "a\u2028b", "half a pair \ud800")
    assert page_from(row_of(page)) == page
    assert row_of(page).count("\n") == 1


def test_pages_stand_in_order_whichever_file_comes_first(tmp_path: Path) -> None:
    late = written(tmp_path, "late", a_page(2, "three"), a_page(3, "four"))
    early = written(tmp_path, "early", a_page(0, "one"), a_page(1, "two"))
    pages = in_order(pages_in([late, early]), 4)
    assert [page.lines[0].text for page in pages] == ["one", "two", "three", "four"]


def test_of_a_file_that_breaks_off_all_but_the_last_line_is_read(tmp_path: Path) -> None:
    torn = row_of(a_page(1, "two"))[:-20]
    path = written(tmp_path, "torn", a_page(0, "one"), rest=torn)
    missing = tmp_path / "never begun"
    assert [page.number for page in pages_in([path, missing])] == [0]


def test_a_page_that_nobody_could_read_is_empty_and_keeps_its_place() -> None:
    pages = in_order([a_page(2, "three"), a_page(0, "one")], 3)
    assert [page.number for page in pages] == [0, 1, 2]
    assert pages[1].lines == ()


@pytest.mark.parametrize(("read", "count"), [(0, 1), (9, 9 + MOST_BROKEN + 1)])
def test_a_file_of_which_too_much_is_missing_is_damaged(read: int, count: int) -> None:
    with pytest.raises(DamagedPdf):
        in_order([a_page(number, "text") for number in range(read)], count)


def test_a_document_comes_back_whole(tmp_path: Path) -> None:
    document = a_document("d" * 64, "One\u2028line", "Two\nlines")
    write_document(document, tmp_path / "document")
    assert document_in(tmp_path / "document") == document


@pytest.mark.parametrize("nonsense", [b"", b"{}", b"nonsense\n", b"\xff\xfe"])
def test_an_answer_that_is_no_document_is_a_child_that_failed(
    tmp_path: Path, nonsense: bytes
) -> None:
    path = tmp_path / "document"
    with pytest.raises(ChildDied):
        document_in(path)
    path.write_bytes(nonsense)
    with pytest.raises(ChildDied):
        document_in(path)


def test_a_chapter_that_would_stall_the_program_is_a_child_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "document"
    write_document(a_document("d" * 64, "One", "Two"), path)
    monkeypatch.setattr(handover, "LONGEST_ROW", max(map(len, path.read_bytes().splitlines())) + 2)
    assert len(document_in(path).chapters) == 2
    monkeypatch.setattr(handover, "LONGEST_ROW", 200)
    with pytest.raises(ChildDied, match="too large"):
        document_in(path)


def test_a_chapter_that_is_none_is_a_child_that_failed(tmp_path: Path) -> None:
    head = to_json(replace(a_document("d" * 64, "One"), chapters=()))
    path = tmp_path / "document"
    path.write_bytes(head + b'\n{"number": "much"}\n')
    with pytest.raises(ChildDied):
        document_in(path)


@pytest.mark.parametrize(
    "changes", [[{"number": 2}, {}], [{}, {"number": 1}], [{"seconds": -1.0}, {}]]
)
def test_chapters_are_counted_from_one_and_take_time(
    changes: list[dict[str, Any]], tmp_path: Path
) -> None:
    document = a_document("d" * 64, "One", "Two")
    chapters = zip(document.chapters, changes, strict=True)
    document = replace(document, chapters=tuple(replace(c, **change) for c, change in chapters))
    write_document(document, tmp_path / "document")
    with pytest.raises(ChildDied):
        document_in(tmp_path / "document")


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"1e999"])
def test_seconds_without_end_are_a_child_that_failed(number: bytes, tmp_path: Path) -> None:
    path = tmp_path / "document"
    write_document(a_document("d" * 64, "One"), path)
    told, changed = re.subn(rb'"seconds":[^,}]+', b'"seconds":' + number, path.read_bytes())
    assert changed
    path.write_bytes(told)
    with pytest.raises(ChildDied):
        document_in(path)


# --- places and accounts ------------------------------------------------------------------------

REFERENCES = Reason.REFERENCES
PLACE = Spot(page=9, x=0, y=40, w=WHOLE_PAGE, h=120)


def accounted(
    *, omission: Omission | None = None, passage: Passage | None = None, **account: object
) -> Document:
    """Nine pages, with an account that is right but for what a test makes wrong in it."""
    document = a_document("d" * 64, "One")
    left_out = omission or Omission(
        page=9, place=PLACE, text="[1] Bees", words=2, reason=REFERENCES
    )
    read = passage or Passage(
        text="Bees dance.", page=9, lines=(3, 4), stretches=(Stretch(0, PLACE), Stretch(5, PLACE))
    )
    right = Account(words=4, spoken=2, left_out={REFERENCES: 2})
    return replace(
        document,
        chapters=(replace(document.chapters[0], passages=(read,), lines=(1,), places=(PLACE,)),),
        omissions=(left_out,),
        account=replace(right, **account),
    )


def test_an_account_and_its_omissions_come_back_whole(tmp_path: Path) -> None:
    document = accounted()
    document = replace(document, omissions=document.omissions * (2 * BATCH + 1))
    write_document(document, tmp_path / "document")
    assert document_in(tmp_path / "document") == document


def test_what_a_child_says_of_extras_is_not_believed(tmp_path: Path) -> None:
    """They are made of its omissions, where these are known to be sound."""
    document = accounted()
    told = replace(document, left_out=(LeftOut(reason=REFERENCES, count=1_000_000),))
    write_document(told, tmp_path / "document")
    assert document_in(tmp_path / "document") == document


def test_places_of_a_range_of_signs_are_parts_of_lines() -> None:
    (passage,) = accounted().chapters[0].passages
    assert passage.places(0, 11) == (PLACE,)  # two stretches on one line are one place
    assert passage.places(5, 8) == (PLACE._replace(w=WHOLE_PAGE // 2),)
    assert Passage(text="A table is left out.", page=1).places() == ()


@pytest.mark.parametrize(
    "document",
    [
        accounted(words=5),
        accounted(words=4, spoken=-2, left_out={REFERENCES: 6}),
        accounted(missing_pages=(10,)),
        accounted(findings=(Finding(page=0, reason=REFERENCES, words=1, text="x"),)),
        accounted(omission=Omission(page=10, words=2, reason=REFERENCES)),
        accounted(omission=Omission(page=9, words=-2, reason=REFERENCES)),
        accounted(omission=Omission(page=9, place=PLACE._replace(page=10), reason=REFERENCES)),
        accounted(omission=Omission(page=9, place=PLACE._replace(x=1), reason=REFERENCES)),
        accounted(omission=Omission(page=9, place=PLACE._replace(h=-1), reason=REFERENCES)),
        accounted(passage=Passage(text="Bees.", page=9, stretches=(Stretch(5, PLACE),))),
        accounted(
            passage=Passage(text="Bees.", page=9, stretches=(Stretch(3, PLACE), Stretch(3, PLACE)))
        ),
        accounted(
            passage=Passage(text="Bees.", page=9, stretches=(Stretch(0, PLACE._replace(y=-4)),))
        ),
    ],
)
def test_places_that_cannot_be_and_sums_that_are_wrong_are_a_child_that_failed(
    document: Document, tmp_path: Path
) -> None:
    write_document(document, tmp_path / "document")
    with pytest.raises(ChildDied):
        document_in(tmp_path / "document")
