"""Slides that grow: each step is a page of its own, and is said once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pymupdf

from pipeline.domain import Document, Kind, Reason
from pipeline.read import composed
from tests.auditing import audit
from tests.unit.drawn import text_of, titles

Slide = tuple[str, Sequence[str]]
ICE = ("The river freezes from its banks.", "Ferries wait along the quay.", "Children skate.")
THAW = ("The ice breaks in a single night.", "Fences are carried down to the sea.")
BOATS = ("Boats are tarred in spring.", "Nets are mended in winter.")


def talk(slides: Sequence[Slide], *, foot: str = "", is_centred: bool = False) -> Any:
    pdf = pymupdf.open()
    for place, (title, items) in enumerate(slides, start=1):
        page = pdf.new_page(width=480, height=270)
        page.insert_text((30, 40), title, fontsize=24 if title == "Rivers" else 18)
        top = 130 - 10 * len(items) if is_centred else 80
        for row, item in enumerate(items):
            page.insert_text((30, top + 20 * row), item, fontsize=11)
        if foot:
            page.insert_text((30, 262), foot, fontsize=6)
            page.insert_text((440, 262), f"{place} / {len(slides)}", fontsize=6)
    return pdf


def read(pdf: Any, folder: Path) -> Document:
    path = folder / "talk.pdf"
    pdf.save(path)
    document = composed(path, {})
    assert audit(path, document).unexplained == []
    assert document.kind is Kind.SLIDES
    return document


def steps(title: str, items: Sequence[str]) -> list[Slide]:
    return [(title, items[:count]) for count in range(1, len(items) + 1)]


def test_a_slide_that_grows_is_read_once(tmp_path: Path) -> None:
    slides = [("Rivers", ["Anna Lund"]), *steps("Ice", ICE), *steps("Thaw", THAW)]
    document = read(talk(slides, foot="Rivers, May 2021"), tmp_path)
    assert titles(document) == ["Ice", "Thaw"]
    assert text_of(document).split("\n\n") == [*ICE, *THAW]
    assert Reason.REPEATED in document.account.left_out


def test_slides_that_are_centred_grow_upwards(tmp_path: Path) -> None:
    french = ("La rivière gèle par les bords.", "Les bacs attendent.", "Les enfants patinent.")
    slides = [*steps("La glace", french), *steps("Le dégel", ["La glace se brise.", "Tout fond."])]
    document = read(talk(slides, is_centred=True), tmp_path)
    assert titles(document) == ["La glace", "Le dégel"]
    assert [text_of(document).count(item) for item in french] == [1, 1, 1]


def test_what_a_step_replaces_is_read(tmp_path: Path) -> None:
    slides = [("Ice", ICE), ("Ice", (*ICE[:2], "Nobody skates.")), ("Thaw", THAW), ("Boats", BOATS)]
    document = read(talk(slides), tmp_path)
    assert titles(document) == ["Ice", "Thaw", "Boats"]
    assert sorted(document.chapters[0].text.split("\n\n")) == sorted([*ICE, "Nobody skates."])


def test_slides_of_one_title_are_one_chapter_that_holds_them_all(tmp_path: Path) -> None:
    document = read(talk([("Ice", ICE), ("Ice", BOATS), ("Thaw", THAW)]), tmp_path)
    assert titles(document) == ["Ice", "Thaw"]
    assert document.chapters[0].text.split("\n\n") == [*ICE, *BOATS]


def test_a_slide_that_comes_back_later_is_read_again(tmp_path: Path) -> None:
    agenda = ("Agenda", ["Ice and ferries", "Thaw and fences", "Boats and nets"])
    slides = [agenda, ("Ice", ICE), agenda, ("Thaw", THAW), agenda, ("Boats", BOATS)]
    document = read(talk([*slides, ("End", ["Thank you for coming."])]), tmp_path)
    assert text_of(document).count("Thaw and fences") == 3
