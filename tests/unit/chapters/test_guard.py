"""Prose that a rule took for something else is found, read after all where it is much, and told
where it is not read even then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.chapters.guard import LOST_SHARE, is_like_sentences, verdict_on
from pipeline.chapters.rows import Row
from pipeline.domain import Omission, Reason
from pipeline.pdf.lines import Line
from pipeline.text.omissions import spare_wordy_formulas
from tests.drawing import BEES, DANCE, HONEY, MONO, WINTER, Sheet
from tests.unit.drawn import paper, read, text_of, titles

ALL = f"{BEES} {DANCE} {HONEY} {WINTER}"


def typewriter() -> Sheet:
    sheet = Sheet()
    sheet.line("Report on the Hives", size=18, font="hebo")
    for title in ("1 Bees", "2 Honey"):
        sheet.heading(title)
        sheet.paragraph(ALL, font=MONO)
    return sheet


def statute() -> Sheet:
    sheet = paper()
    for title in ("1 Hives", "2 Keepers"):
        sheet.heading(title)
        sheet.paragraph("Whoever keeps bees shall, at the end of each year,")
        for letter in "abcd":
            sheet.paragraph(f"({letter}) tell the council how many hives there are in the garden;")
    return sheet


def ethics() -> Sheet:
    sheet = paper("1 Logic", "3 Beauty")
    sheet.heading("4 Ethics")
    for _ in range(3):
        sheet.paragraph(ALL)
    sheet.heading("Acknowledgements")
    sheet.paragraph("We thank the bees.")
    return sheet


def text_before_the_abstract() -> Sheet:
    sheet = Sheet()
    sheet.line("How Bees Find Their Way", size=20, font="hebo")
    sheet.space(12)
    sheet.paragraph(f"{BEES} {DANCE}")
    sheet.heading("Abstract")
    sheet.paragraph(HONEY)
    sheet.heading("1 Winter")
    sheet.paragraph(WINTER)
    return sheet


REFRAIN = "The queen of the hive waits for the first warm day of spring."


def refrain() -> Sheet:
    """Two pages that begin with the same sentence, as a running head would."""
    sheet = Sheet()
    for text in (HONEY, WINTER):
        if text is WINTER:
            sheet.new_page()
        sheet.paragraph(REFRAIN)
        sheet.paragraph(text)
    return sheet


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (typewriter, "dances for her sisters"),
        (refrain, REFRAIN),
        (statute, "(c) tell the council"),
        (ethics, "dances for her sisters"),
        (text_before_the_abstract, "dances for her sisters"),
    ],
)
def test_a_rule_that_loses_much_is_not_trusted_in_that_document(
    draw: Callable[[], Sheet], words: str, tmp_path: Path
) -> None:
    document = read(draw(), tmp_path)
    assert words in text_of(document)
    assert not document.account.findings
    assert not document.account.missing_pages


def test_a_chapter_called_ethics_is_read_and_thanks_are_not(tmp_path: Path) -> None:
    document = read(ethics(), tmp_path)
    assert "Ethics" in titles(document)
    assert "Acknowledgements" not in titles(document)
    assert document.skipped.other == 1


def test_lines_of_words_among_formulas_can_be_spared() -> None:
    lines = [
        replace(line_of(1, text), number=n)
        for n, text in enumerate(("the bees that dance", "x = y²"))
    ]
    found = {0: Reason.FORMULA, 1: Reason.FORMULA}
    spare_wordy_formulas(lines, found)
    assert found == {1: Reason.FORMULA}


def test_code_in_a_paper_stays_out(tmp_path: Path) -> None:
    sheet = paper("1 Bees", "2 Honey")
    for row in ("for bee in hive.bees():", "    bee.dance(to=flower)", "    hive.fill(bee.honey)"):
        sheet.line(row, font=MONO)
    document = read(sheet, tmp_path)
    assert document.skipped.code == 1
    assert not document.account.findings


# --- the verdict itself -------------------------------------------------------------------------


def rows(read_words: int, *left_out: tuple[Reason, str]) -> list[Row]:
    """So many words that are read on page 1, and what is left out on pages of its own."""
    found = [Row(page=1, text="the bees dance " * (read_words // 3), is_read=True)]
    for page, (reason, text) in enumerate(left_out, start=2):
        omission = Omission(page=page, text=text, words=len(text.split()), reason=reason, works=1)
        found.append(Row(page=page, text=text, omissions=(omission,), line=line_of(page, text)))
    return found


def line_of(page: int, text: str) -> Line:
    return Line(
        page=page - 1,
        number=10 * page,
        block=0,
        text=text,
        size=10,
        font="F",
        x0=0,
        y0=0,
        x1=1,
        y1=1,
    )


SENTENCE = "the bees dance and the queen is in the hive with all of the others. "


def test_little_is_found_and_nothing_is_doubted() -> None:
    verdict = verdict_on(rows(3000, (Reason.FRONT_MATTER, SENTENCE * 2)), "en")
    assert [(f.page, f.reason) for f in verdict.findings] == [(2, Reason.FRONT_MATTER)]
    assert 0 < verdict.share < LOST_SHARE
    assert verdict.distrusted == frozenset()
    assert verdict.missing_pages == ()


def test_much_is_doubted_by_the_rule_that_lost_it_and_its_pages_are_told() -> None:
    lost = [(Reason.FRONT_MATTER, SENTENCE * 4), (Reason.REFERENCES, SENTENCE * 9)]
    verdict = verdict_on(rows(300, *lost), "en")
    assert verdict.distrusted == {Reason.FRONT_MATTER}
    assert verdict.missing_pages == (2,)


LISTING = "hive class extends bee directly class hive extends bee by class hive small large "


def test_what_a_program_printed_is_no_text_that_breaks_off() -> None:
    """It follows a command that is read, which has no full stop, in the same letters."""
    command = "summary of(hive) 12"
    (read_row, printed) = rows(300, (Reason.CODE, "mean weight kept inside every hive"))
    line = replace(line_of(2, command), number=19)
    told = [read_row, Row(page=2, text=command, is_read=True, line=line), printed]
    assert not verdict_on(told, "en").findings


def test_words_that_stand_oftener_in_code_do_not_make_it_a_text() -> None:
    prose = Row(page=1, text="every class of the hive extends what a bee is " * 40, is_read=True)
    (_, code) = rows(3, (Reason.CODE, LISTING * 8))
    assert not verdict_on([prose, code], "en").findings
    (_, text) = rows(3, (Reason.CODE, SENTENCE * 8))
    assert verdict_on([prose, text], "en").findings


@pytest.mark.parametrize(
    "reason",
    [Reason.REFERENCES, Reason.CAPTION, Reason.FOOTNOTE, Reason.TABLE, Reason.FIGURE,
     Reason.CONTENTS, Reason.TITLE, Reason.HIDDEN, Reason.TINY],
)  # fmt: skip
def test_some_reasons_are_never_doubted(reason: Reason) -> None:
    assert not verdict_on(rows(300, (reason, SENTENCE * 9)), "en").findings


@pytest.mark.parametrize(
    ("reason", "text", "is_lost"),
    [
        (Reason.FRONT_MATTER, f"© 2026 The Hive. {SENTENCE * 2}", False),
        (Reason.FRONT_MATTER, "Ada Meyer, Tom Baker, Institute of Bees, Street of Honey 3", False),
        (Reason.NOTICE, "(c) pay the fare of the bees that are in the hive", True),
        (Reason.NOTICE, "(c) 2026 the keepers of the bees that are in the hive", False),
        (Reason.NOTICE, "Keywords: the bees, the dance, the queen and the hive with honey", False),
        (Reason.FORMULA, "is in the hive of the bees.", True),
        (Reason.FORMULA, "c(Obs) = c(OP(1)) − Index · c(TP)", False),
        (Reason.RUNNING_HEAD, "The bees dance in the hive.", True),
        (Reason.RUNNING_HEAD, "The Language of Bees", False),
        (Reason.BACK_MATTER, SENTENCE * 25, True),
        (Reason.BACK_MATTER, SENTENCE * 5, False),
    ],
)
def test_a_reason_is_judged_by_the_words_that_it_was_given_to(
    reason: Reason, text: str, is_lost: bool
) -> None:
    verdict = verdict_on(rows(3000, (reason, text)), "en")
    assert bool(verdict.findings) is is_lost


def test_a_head_that_stands_on_three_pages_is_one_whatever_it_says() -> None:
    heads = [(Reason.RUNNING_HEAD, f"The bees dance in the hive {n}.") for n in range(3)]
    assert not verdict_on(rows(3000, *heads), "en").findings


@pytest.mark.parametrize(
    ("text", "language", "is_prose"),
    [
        ("the bees dance in the hive of the queen", "en", True),
        ("BEES DANCE HIVE QUEEN FLOWER HONEY", "en", False),
        ("die Bienen tanzen in dem Stock und die Königin wartet", "de", True),
        ("Meyer 2019 12 34 Baker 2020 17", "en", False),
        ("蜜蜂在蜂巢里跳舞告诉同伴花的方向", "zh", True),
    ],
)
def test_sentences_are_known_by_their_look(text: str, language: str, is_prose: bool) -> None:
    usual = frozenset("the in of die in dem und".split())
    assert is_like_sentences(text, usual, language) is is_prose
