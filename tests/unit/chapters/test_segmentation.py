"""A text without headings is cut where its subject changes, and each piece is named by it."""

from __future__ import annotations

from itertools import pairwise

from pipeline.chapters.segmentation import WORDS_A_SEGMENT, cut_points, keyphrase

BEES = "The honey bee dances on the comb and the bees read where the flowers of the meadow stand. "
SHIPS = "The old ship sailed from the harbour and the sailors set the canvas of the mainmast. "
BREAD = "The baker kneads the dough and the sourdough rises beside the oven of the bakery. "


def paragraphs(sentence: str, count: int = 6) -> list[str]:
    """About one segment of the usual length."""
    return [sentence * 4 for _ in range(count)]


def test_it_is_cut_where_the_subject_changes() -> None:
    text = [*paragraphs(BEES), *paragraphs(SHIPS), *paragraphs(BREAD)]
    assert cut_points(text) == [0, 6, 12]


def test_a_short_text_stays_whole() -> None:
    assert cut_points(paragraphs(BEES, 2)) == [0]
    assert cut_points([BEES * 20, SHIPS * 20]) == [0]  # two paragraphs are no segments
    assert cut_points([]) == []


def test_a_long_text_of_one_subject_is_cut_all_the_same() -> None:
    text = paragraphs(BEES, 60)
    cuts = [*cut_points(text), len(text)]
    lengths = [sum(len(one.split()) for one in text[a:b]) for a, b in pairwise(cuts)]
    assert len(lengths) > 3
    assert all(WORDS_A_SEGMENT / 2 < words <= 3 * WORDS_A_SEGMENT for words in lengths)


def test_every_paragraph_is_in_one_segment() -> None:
    cuts = cut_points([*paragraphs(BEES, 20), *paragraphs(SHIPS, 3), *paragraphs(BREAD, 30)])
    assert cuts[0] == 0
    assert cuts == sorted(set(cuts))


def test_a_piece_is_named_by_what_stands_often_here_and_seldom_elsewhere() -> None:
    pieces = [" ".join(paragraphs(sentence)) for sentence in (BEES, SHIPS, BREAD)]
    names = [keyphrase(one, [o for o in pieces if o is not one]) for one in pieces]
    for piece, name in zip(pieces, names, strict=True):
        assert name
        assert name in piece.lower()
        assert all(name not in other.lower() for other in pieces if other is not piece)


def test_what_has_no_words_has_no_name() -> None:
    assert keyphrase("12, 13 – 14.") == ""
