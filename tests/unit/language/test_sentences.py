"""Where sentences end."""

from __future__ import annotations

import pytest

from pipeline.language.sentences import sentences_of, word_count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It rains. It pours.", 2),
        ("See Fig. 2 and Sec. 3 for it. It rains.", 2),
        ("Dr. Hill met Prof. Li, e.g. in the U.S. market. They left.", 2),
        ("As Li et al. showed, it rains. It pours.", 2),
        ("We found owls, mice, etc. They hunt.", 2),
        ("Why? Nobody knows! It rains.", 3),
        ('He said "It rains." Then he left.', 2),
        ("J. K. Rowling wrote it. It sold.", 2),
        ("The value 3.5 rose. It fell.", 2),
        ("Let x1, . . . , xn be points. They lie there.", 2),
        ("It rains … and pours.", 1),
        ("人人生而自由。他们赋有理性。", 2),
        ("1. The first of all is this.", 1),
        ("no end at all", 1),
        ("", 0),
    ],
)
def test_sentences_end_where_a_reader_stops(text: str, count: int) -> None:
    found = sentences_of(text)
    assert len(found) == count
    assert "".join("".join(found).split()) == "".join(text.split())


def test_two_signs_of_chinese_count_as_a_word() -> None:
    assert word_count("人人生而自由") == 3
    assert word_count("one two 人人") == 3
