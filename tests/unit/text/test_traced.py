"""A text that is changed knows of each sign where it was, and of each word that went why."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import Reason
from pipeline.text.traced import Traced

LINES = st.lists(st.text("ab1 ,[]", min_size=1, max_size=12), min_size=1, max_size=4)
PATTERNS = st.sampled_from([r"\[[^\[\]]*\]", r"a+", r"\s+,", r"1|b", r",\s*(?=,)"])


def traced(lines: list[str]) -> Traced:
    text = Traced(lines[0], 0)
    for number, line in enumerate(lines[1:], start=1):
        text.add(line, number, glue=" ")
    return text


def signs_of(text: Traced, lines: list[str]) -> list[tuple[str, str]]:
    """Each sign of the text, and the one that stands where it is said to come from."""
    starts = [piece.start for piece in text.pieces] + [len(text.text)]
    assert starts[0] == 0  # nothing stands before the first piece
    found = []
    for piece, end in zip(text.pieces, starts[1:], strict=True):
        for offset in range(end - piece.start):
            source = f"{lines[piece.line]} "  # the gap behind a line counts as its last sign
            found.append((text.text[piece.start + offset], source[piece.at + offset]))
    return found


@given(LINES, PATTERNS, PATTERNS)
def test_it_changes_as_a_text_does_and_its_signs_stay_where_they_were(
    lines: list[str], first: str, second: str
) -> None:
    text, plain = traced(lines), " ".join(lines)
    for pattern in (first, second):
        text.cut(re.compile(pattern), "", Reason.CITATION)
        plain = re.sub(pattern, "", plain)
    assert text.text == plain
    assert all(sign == source for sign, source in signs_of(text, lines))


@given(LINES, PATTERNS)
def test_every_letter_is_there_or_was_cut(lines: list[str], pattern: str) -> None:
    text = traced(lines)
    text.cut(re.compile(pattern), "", Reason.CITATION)
    text.strip()
    gone = "".join(cut.text for cut in text.cuts)
    letters = sorted(sign for sign in "".join(lines) if sign.isalnum())
    assert sorted(sign for sign in text.text + gone if sign.isalnum()) == letters
    assert all(lines[cut.line][cut.at :].startswith(cut.text.rstrip()) for cut in text.cuts)


def test_what_replaces_stands_where_it_stood() -> None:
    text = Traced("See https://bees.example/a now.", 7)
    text.cut(re.compile(r"https?://([^/\s]+)\S*"), r"\1", Reason.ADDRESS)
    assert text.text == "See bees.example now."
    assert [(piece.start, piece.at) for piece in text.pieces] == [(0, 0), (4, 12), (16, 26)]
    assert [(cut.at, cut.text) for cut in text.cuts] == [(4, "https://"), (24, "/a")]


def test_a_citation_over_two_lines_is_one_work_in_two_places() -> None:
    text = traced(["as shown (Frisch,", "1967) by bees"])
    works = text.cut(re.compile(r" \([^()]*\)"), "", Reason.CITATION, lambda _: 1)
    assert works == 1
    assert [(cut.line, cut.text, cut.works) for cut in text.cuts] == [
        (0, " (Frisch, ", 1),
        (1, "1967)", 0),
    ]


def test_words_that_go_without_a_reason_are_unexplained() -> None:
    text = Traced("Bees (see there) dance.", 0)
    text.tidy(re.compile(r" \([^()]*\)"), "")
    assert [(cut.text, cut.reason) for cut in text.cuts] == [(" (see there)", Reason.UNEXPLAINED)]
