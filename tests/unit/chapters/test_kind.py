"""What kind of document it is, by its own words; in doubt it is no paper."""

from __future__ import annotations

import pytest

from pipeline.chapters.kind import Look
from pipeline.domain import Kind, Reason
from pipeline.pdf.lines import Line, Page

PROSE = ["The ferries lay idle along the quay for eleven days and nobody complained."] * 6


def look(*texts: str, pages: int = 1, is_wide: bool = False) -> Look:
    """These lines dealt out over so many pages."""
    width, height = (800.0, 450.0) if is_wide else (600.0, 840.0)
    lines = [
        Line(page=n * pages // len(texts), block=0, text=text, x0=72, y0=72 + 14 * n, x1=500,
             y1=84 + 14 * n, size=11, font="Serif", number=n)
        for n, text in enumerate(texts)
    ]  # fmt: skip
    own = [[line for line in lines if line.page == number] for number in range(pages)]
    return Look(
        [Page(number=n, width=width, height=height, lines=tuple(ls)) for n, ls in enumerate(own)],
        lines,
    )


REFERENCES = ["References", *(f"[{n}] A. Meyer. On bees. Nature, 19{n}0." for n in range(1, 9))]


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (Kind.PAPER, ["On Bees", "Abstract", *PROSE, "1 Introduction", *PROSE, *REFERENCES]),
        (Kind.PAPER, ["Über Bienen", "Zusammenfassung: Bienen fliegen.", *PROSE, *REFERENCES]),
        (Kind.PAPER, ["论文题目", "摘要：蜜蜂会飞。", *PROSE, *REFERENCES]),
        (Kind.PAPER, ["论文题目", "【摘要】蜜蜂会飞。", *PROSE, *REFERENCES]),
        (Kind.LETTER, ["Dear Ms Lund,", *PROSE, "Yours sincerely"]),
        (Kind.LETTER, ["Sehr geehrte Frau Lund,", *PROSE, "Mit freundlichen Grüßen"]),
        (Kind.LETTER, ["To Whom it May Concern:", *PROSE]),
        (Kind.LAW, [w for n in range(1, 6) for w in (f"§ {n} Miete", "Der Mieter zahlt.")]),
        (Kind.LAW, [w for n in range(1, 6) for w in (f"Article {n}", "The tenant shall pay.")]),
        (Kind.TRANSCRIPT, [w for _ in range(9) for w in ("Q. Where was it?", "A. At the mill.")]),
        (Kind.MINUTES, ["Minutes of the council", "Present: Lund, Arvid", *PROSE, "Resolved"]),
        (Kind.FORM, [*PROSE[:2], *(f"{name}: ______" for name in "ABCDEFGH")]),
        (Kind.NOVEL, [w for _ in range(9) for w in ("“Where is it?” she asked.", *PROSE[:3])]),
        (Kind.MAGAZINE, ["The Last Ferry", "By Jon Arvid", *PROSE, "By Anna Lund", *PROSE]),
        (Kind.MAGAZINE, ["Nachts", "Text: Jon Arvid", *PROSE, "Fortsetzung auf Seite 4", *PROSE]),
        (Kind.OTHER, [*PROSE, "lieber auf die Störche und nicht auf den neuen", *PROSE]),
        (Kind.REPORT, ["Annual report of the harbour", *PROSE]),
        (Kind.REPORT, [w for n in range(1, 9) for w in (f"{n}.1 Vol", "– le bac", "– le quai")]),
        (Kind.OTHER, PROSE),
    ],
)  # fmt: skip
def test_a_document_shows_what_it_is(kind: Kind, texts: list[str]) -> None:
    assert look(*texts).kind is kind


def test_wide_pages_of_few_words_are_slides() -> None:
    assert look(*["Why rivers freeze", "• cold"] * 5, pages=5, is_wide=True).kind is Kind.SLIDES
    assert look(*PROSE * 30, pages=3, is_wide=True).kind is Kind.OTHER


@pytest.mark.parametrize(
    "texts",
    [
        ["Abstract", *PROSE],  # the word alone
        ["The abstract art of the north", *PROSE, "References", *PROSE * 4],  # about references
        [*PROSE, "It was shown (Rome, 1957) that they freeze."],
    ],
)
def test_one_mark_alone_makes_no_paper(texts: list[str]) -> None:
    assert look(*texts).kind is not Kind.PAPER


def test_what_somebody_tells_it_to_be_goes_before_what_it_looks_like() -> None:
    paper = look("On Bees", "Abstract", *PROSE, *REFERENCES)
    told = Look(paper.pages, paper.lines, Kind.REPORT)
    assert (told.kind, told.is_paperlike) == (Kind.REPORT, False)
    assert told.distrusted >= {Reason.NOTICE, Reason.BACK_MATTER, Reason.FRONT_MATTER}
    letter = look("Dear Ms Lund,", *PROSE, "Yours sincerely")
    assert not Look(letter.pages, letter.lines, Kind.PAPER).distrusted


def test_rules_of_papers_are_trusted_in_papers_alone() -> None:
    assert not look("On Bees", "Abstract", *PROSE, *REFERENCES).distrusted
    in_a_letter = look("Dear Ms Lund,", *PROSE, "Yours sincerely").distrusted
    assert in_a_letter >= {Reason.NOTICE, Reason.BACK_MATTER, Reason.CITATION, Reason.FRONT_MATTER}
    assert Reason.CITATION not in look(*PROSE, *REFERENCES).distrusted  # works are listed
