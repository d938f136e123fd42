"""An EPUB is read as a PDF is: its contents are its chapters."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from pipeline.errors import DamagedPdf, NotAPdf
from tests.books import an_epub
from tests.reading import read_pdf

BEES = (
    "A bee that found a meadow in bloom tells the others where it lies, and she does so by dancing "
    "on the comb in the dark of the hive.",
    "The dance says how far the flowers are and in which direction, seen from the sun, they have "
    "to be looked for; who follows it finds them.",
)
WINTER = (
    "In winter the bees sit close together and shiver, so that the middle of the cluster stays as "
    "warm as a summer's day whatever the frost does outside.",
)


def test_its_chapters_and_its_name_are_those_it_tells(tmp_path: Path) -> None:
    book = an_epub(tmp_path / "book.epub", {"The dance": BEES, "Honey and winter": WINTER})
    document = read_pdf(book, max_pages=100)
    assert (document.title, document.authors) == ("On Bees", ("Ada Meyer",))
    assert [chapter.title for chapter in document.chapters] == ["The dance", "Honey and winter"]
    words = [" ".join(p.text for p in chapter.passages) for chapter in document.chapters]
    assert words == [" ".join(BEES), " ".join(WINTER)]


def test_a_damaged_one_is_told(tmp_path: Path) -> None:
    book = an_epub(tmp_path / "book.epub", {"The dance": BEES})
    book.write_bytes(book.read_bytes()[:600])
    with pytest.raises(DamagedPdf):
        read_pdf(book, max_pages=100)


def test_an_archive_of_something_else_is_none(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as pack:
        pack.writestr("notes.txt", "application/epub+zip")
    with pytest.raises(NotAPdf):
        read_pdf(tmp_path / "pack.zip", max_pages=100)
