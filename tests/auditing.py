"""An audit of accounts: words that are extracted apart from reading, each held against what the
document says of its place. A word is explained if a passage, a heading or an omission that has its
letters stands where it stands."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pymupdf

from pipeline.domain import WHOLE_PAGE, Chapter, Document, Place, Spot
from pipeline.pdf.direction import is_right_to_left

NEAR = 15  # in 1/10,000 of a page: what rounding may move
BESIDE = 300  # likewise: inside a line signs are placed by their proportion
DOTLESS = str.maketrans("ıȷ", "ij")  # as old fonts set them under accents
MOST_PARTS, SIGNS_A_PART = 3, 4
FLAGS = (
    pymupdf.TEXTFLAGS_WORDS & ~pymupdf.TEXT_CID_FOR_UNKNOWN_UNICODE
)  # no letter for unknown signs


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    page: int
    text: str
    x0: float  # its box, in 1/10,000 of the page as it is shown
    y0: float
    x1: float
    y1: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


@dataclass(slots=True)
class Audit:
    words: int = 0
    unexplained: list[Word] = field(default_factory=list)


def folded(text: str) -> str:
    """Letters and digits alone, however they are set."""
    signs = unicodedata.normalize("NFKD", text).casefold().translate(DOTLESS)
    return "".join(s for s in signs if s.isalnum() and unicodedata.category(s) != "Lm")


def words_of(path: Path) -> Iterator[Word]:
    """Taken from the file by a call that reading does not use."""
    with pymupdf.open(path) as pdf:
        for page in pdf:
            turn, area = page.rotation_matrix, page.rect
            for x0, y0, x1, y1, text, *_ in page.get_text("words", flags=FLAGS):
                box = pymupdf.Rect(x0, y0, x1, y1) * turn
                yield Word(
                    page=page.number + 1,
                    text=text,
                    x0=WHOLE_PAGE * (box.x0 - area.x0) / area.width,
                    y0=WHOLE_PAGE * (box.y0 - area.y0) / area.height,
                    x1=WHOLE_PAGE * (box.x1 - area.x0) / area.width,
                    y1=WHOLE_PAGE * (box.y1 - area.y0) / area.height,
                )


def audit(path: Path, document: Document) -> Audit:
    records: dict[int, list[tuple[Spot, str]]] = defaultdict(list)
    for place, text in _records(document):
        records[place.page].append((place, folded(text)))
    result = Audit()
    for word in words_of(path):
        letters = folded(word.text)
        if letters:
            result.words += 1
            here = [(place, text) for place, text in records[word.page] if _touches(place, word)]
            is_held = any(_holds(place, *word.middle) for place, _ in here)
            texts = [text for _, text in here]
            if not is_held or not _explains(texts, letters, word.text):
                result.unexplained.append(word)
    return result


def _records(document: Document) -> Iterator[tuple[Place, str]]:
    for omission in document.omissions:
        if omission.place is not None:
            yield omission.place, omission.text
    for chapter in document.chapters:
        yield from _spoken(chapter)


def _spoken(chapter: Chapter) -> Iterator[tuple[Place, str]]:
    yield from ((place, chapter.full_title) for place in chapter.places)
    for passage in chapter.passages:
        for stretch in passage.stretches:
            yield stretch.place, passage.text


def _touches(place: Place, word: Word) -> bool:
    return (
        place.x - BESIDE <= word.x1
        and word.x0 <= place.x + place.w + BESIDE
        and place.y - NEAR <= word.y1
        and word.y0 <= place.y + place.h + NEAR
    )


def _holds(place: Place, x: float, y: float) -> bool:
    return (
        place.x - BESIDE <= x <= place.x + place.w + BESIDE
        and place.y - NEAR <= y <= place.y + place.h + NEAR
    )


def _explains(here: list[str], letters: str, text: str) -> bool:
    """Whether its letters are here: in one record, or some in each of a few, since marks,
    citations and addresses are cut out of words. Right-to-left letters come in another order:
    their place has to do."""
    if is_right_to_left(text):
        return bool(here)
    return _parts(here, letters) <= max(MOST_PARTS, len(letters) // SIGNS_A_PART)


def _parts(here: list[str], letters: str) -> int:
    """Of how many pieces that stand here a word is made, at the least."""
    fewest = [0] + [len(letters) + MOST_PARTS + 1] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(end):
            if fewest[start] < fewest[end] - 1 and any(letters[start:end] in one for one in here):
                fewest[end] = fewest[start] + 1
    return fewest[-1]
