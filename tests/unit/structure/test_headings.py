"""Which lines become chapters, and at which level."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drawing import BEES, BOLD, DANCE, HONEY, ITALIC, WINTER, Sheet
from tests.unit.drawn import paper, read, text_of, titles


@pytest.mark.parametrize(
    "numbers",
    [
        ("1", "2", "3", "4"),
        ("1.", "2.", "3.", "4."),
        ("I.", "II.", "III.", "IV."),
        ("A.", "B.", "C.", "D."),
        ("§1", "§2", "§3", "§4"),
        ("Chapter 1", "Chapter 2", "Chapter 3", "Chapter 4"),
        ("Kapitel 1:", "Kapitel 2:", "Kapitel 3:", "Kapitel 4:"),
    ],
)
def test_numbers_are_followed_and_left_out_of_titles(
    numbers: tuple[str, ...], tmp_path: Path
) -> None:
    words = ("Orientation", "Dancing", "Storing honey", "Winter")
    sheet = paper(*(f"{number} {word}" for number, word in zip(numbers, words, strict=True)))
    document = read(sheet, tmp_path)
    assert titles(document) == list(words)
    assert {chapter.level for chapter in document.chapters} == {1}


def test_sections_lie_a_level_below_their_chapter(tmp_path: Path) -> None:
    document = read(paper("1 Bees", "1.1 Flight", "1.2 Dance", "2 Honey", "2.1 Ripening"), tmp_path)
    assert [(c.title, c.level) for c in document.chapters] == [
        ("Bees", 1), ("Flight", 2), ("Dance", 2), ("Honey", 1), ("Ripening", 2)
    ]  # fmt: skip


def test_letters_between_roman_chapters_are_their_sections(tmp_path: Path) -> None:
    headings = (
        "I. BEES",
        "A. Flight",
        "B. Dance",
        "II. HONEY",
        "A. Ripening",
        "B. Storing",
        "III. END",
    )
    document = read(paper(*headings), tmp_path)
    assert [c.level for c in document.chapters] == [1, 2, 2, 1, 2, 2, 1]


def test_a_chapter_begins_at_its_heading_in_the_middle_of_a_page(tmp_path: Path) -> None:
    document = read(paper("1 Bees", "2 Dance", "3 Honey"), tmp_path)
    assert {chapter.page for chapter in document.chapters} == {1}
    assert document.chapters[1].text.startswith("On the comb a returning bee")
    assert document.chapters[0].text.endswith("look for themselves.")


def test_a_title_on_two_lines_is_one_and_its_broken_word_is_mended(tmp_path: Path) -> None:
    def write(sheet: Sheet, heading: str) -> None:
        sheet.space(12)
        for line in heading.split("|"):
            sheet.line(line, size=14, font=BOLD)
        sheet.space(4)

    sheet = paper(
        "1 Introduction",
        "2 Counting bees, approxi-|mately",
        "3 A dance that is|very long",
        write=write,
    )
    assert titles(read(sheet, tmp_path)) == [
        "Introduction",
        "Counting bees, approximately",
        "A dance that is very long",
    ]


def test_a_chapters_number_and_the_title_below_it_are_one_heading(tmp_path: Path) -> None:
    def write(sheet: Sheet, heading: str) -> None:
        sheet.new_page()
        number, title = heading.split("|")
        sheet.line(number, size=18, font=BOLD)
        sheet.space(14)
        sheet.line(title, size=22, font=BOLD)
        sheet.space(10)

    sheet = paper("Chapter 1|The way home", "Chapter 2|The dance", "Chapter 3|Winter", write=write)
    assert titles(read(sheet, tmp_path))[-3:] == ["The way home", "The dance", "Winter"]


def test_a_numbered_heading_may_run_into_its_paragraph(tmp_path: Path) -> None:
    sheet = paper("1 Introduction", "2 Bees")
    sheet.run_in("2.1. The way out.", f"{HONEY} {DANCE}")
    sheet.run_in("2.2. The way home.", f"{WINTER} {BEES}")
    sheet.heading("3 End")
    sheet.paragraph(f"{BEES} {HONEY}")
    document = read(sheet, tmp_path)
    assert titles(document) == ["Introduction", "Bees", "The way out", "The way home", "End"]
    assert document.chapters[2].text.startswith("What they bring home is thin")


@pytest.mark.parametrize(
    "line",
    ["Table 3: Flights of one day", "Figure 2. The dance", "Theorem 4.", "Proof of Lemma 2.",
     "e-mail: ada@example.org", "Keywords: bees, dance"],
)  # fmt: skip
def test_captions_theorems_and_notices_are_never_chapters(line: str, tmp_path: Path) -> None:
    sheet = paper("1 Introduction", "2 Bees")
    sheet.line(line, font=BOLD)
    sheet.space(4)
    sheet.paragraph(HONEY)
    sheet.heading("3 End")
    sheet.paragraph(WINTER)
    assert titles(read(sheet, tmp_path)) == ["Introduction", "Bees", "End"]


def test_a_running_head_names_no_author(tmp_path: Path) -> None:
    sheet = Sheet()
    for place, heading in enumerate(("1 Bees", "2 Dance", "3 Honey")):
        if place:
            sheet.new_page()
        else:
            sheet.line("How Bees Find Their Way", size=20, font=BOLD)
        sheet.page.insert_text((72, 800), "River And Field", fontsize=7)
        sheet.heading(heading)
        sheet.paragraph(BEES)
    assert read(sheet, tmp_path).authors == ()


@pytest.mark.parametrize("words", ["By Ada Meyer", "BY ADA MEYER", "Von Ada Meyer"])
def test_the_word_before_an_author_is_no_name(words: str, tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.line("How Bees Find Their Way", size=20, font="hebo")
    sheet.line(words, size=11)
    sheet.heading("1 Bees")
    sheet.paragraph(BEES)
    assert [author.title() for author in read(sheet, tmp_path).authors] == ["Ada Meyer"]


def test_authors_and_addresses_before_the_abstract_are_no_chapters(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.line("How Bees Find Their Way", size=20, font=BOLD)
    sheet.space(10)
    sheet.line("Ada Meyer", size=12, font=BOLD)
    sheet.line("University of Anywhere", size=9, font=ITALIC)
    for heading, text in (("Abstract", BEES), ("Introduction", DANCE), ("Conclusion", HONEY)):
        sheet.heading(heading)
        sheet.paragraph(f"{text} {WINTER}")
    document = read(sheet, tmp_path)
    assert titles(document) == ["Abstract", "Introduction", "Conclusion"]
    assert document.authors == ("Ada Meyer",)
    assert "Anywhere" not in text_of(document)


def test_a_subsection_of_a_few_seconds_joins_what_stands_before_it(tmp_path: Path) -> None:
    sheet = paper("1 Bees", "1.1 Flight")
    sheet.heading("1.2 Colour")
    sheet.paragraph("Brown.")
    sheet.heading("2 Honey")
    sheet.paragraph(f"{HONEY} {WINTER}")
    document = read(sheet, tmp_path)
    assert titles(document) == ["Bees", "Flight", "Honey"]
    assert document.chapters[1].text.endswith("Colour\n\nBrown.")


def test_divisions_finer_than_sections_of_sections_stay_inside(tmp_path: Path) -> None:
    document = read(
        paper("1 A bee", "1.1 Flight", "1.1.1 Wings", "1.1.1.1 Muscles", "2 Honey"), tmp_path
    )
    assert titles(document) == ["A bee", "Flight", "Wings", "Honey"]
    assert "Muscles" in document.chapters[2].text


def test_appendices_are_kept(tmp_path: Path) -> None:
    document = read(
        paper("1 Bees", "2 Honey", "Appendix A: Tools", "Appendix B: Numbers"), tmp_path
    )
    assert titles(document) == ["Bees", "Honey", "Tools", "Numbers"]


def test_what_nobody_wants_to_hear_is_left_out_and_counted(tmp_path: Path) -> None:
    sheet = paper("1 Bees", "2 Honey", "Acknowledgements")
    sheet.heading("References")
    for number in range(1, 6):
        sheet.paragraph(f"[{number}] K. Frisch. The language of bees. Press, {1950 + number}.")
    document = read(sheet, tmp_path)
    assert titles(document) == ["Bees", "Honey"]
    assert document.skipped.references == 5
    assert document.skipped.other == 1


def test_a_section_about_references_is_read(tmp_path: Path) -> None:
    document = read(paper("1 Bees", "2 References", "3 Honey"), tmp_path)
    assert titles(document) == ["Bees", "References", "Honey"]


def test_references_at_the_end_need_no_heading(tmp_path: Path) -> None:
    sheet = paper("1 Bees", "2 Honey")
    for number in range(1, 10):
        sheet.paragraph(
            f"[{number}] K. Frisch. The language of the bees. Bee Press, {1950 + number}."
        )
    document = read(sheet, tmp_path)
    assert "Frisch" not in text_of(document)
    assert document.skipped.references == 9


def test_a_text_without_headings_becomes_parts_named_by_what_they_are_about(tmp_path: Path) -> None:
    sheet = Sheet()
    subjects = (("dance", DANCE), ("honey", HONEY), ("winter", WINTER))
    for subject, text in subjects:
        for number in range(12):
            sheet.paragraph(f"{text} The {subject} of hive {number} shows it. {text}")
    document = read(sheet, tmp_path)
    assert len(document.chapters) >= 3
    assert all(t.startswith(f"Part {place}: ") for place, t in enumerate(titles(document), start=1))


def test_a_chapter_that_is_endless_is_cut_between_its_paragraphs(tmp_path: Path) -> None:
    sheet = paper("1 Bees", "2 Honey")
    for number in range(60):
        sheet.paragraph(
            f"{(BEES, DANCE, HONEY, WINTER)[number // 15]} This was hive {number}. {BEES}"
        )
    document = read(sheet, tmp_path)
    assert titles(document)[:3] == ["Bees", "Honey", "Honey (part 2)"]
    assert all(len(chapter.text.split()) < 3500 for chapter in document.chapters)


def test_parts_lie_above_their_chapters(tmp_path: Path) -> None:
    def write(sheet: Sheet, heading: str) -> None:
        sheet.space(12)
        sheet.line(heading, size=22 if heading.startswith("Part") else 14, font=BOLD)
        sheet.space(4)

    headings = ("Part I: Bees", "1 Flight", "2 Dance", "Part II: Honey", "3 Ripening")
    document = read(paper(*headings, write=write), tmp_path)
    assert [(c.title, c.level) for c in document.chapters] == [
        ("Bees", 1), ("Flight", 2), ("Dance", 2), ("Honey", 1), ("Ripening", 2)
    ]  # fmt: skip


def test_chapters_whose_numbers_are_words_or_pictures_keep_their_sections(tmp_path: Path) -> None:
    """Sphinx prints "CHAPTER / TWO / DANCE", others a picture: 1.2 is followed by 2.1."""
    headings = ("CHAPTER|ONE|Bees", "1.1 Flight", "1.2 Sight", "CHAPTER|TWO|Dance", "2.1 Runs")

    def write(sheet: Sheet, heading: str) -> None:
        for line in heading.split("|"):
            sheet.space(10)
            sheet.line(line, size=18 if "|" in heading else 13, font=BOLD)
        sheet.space(4)

    found = titles(read(paper(*headings, write=write), tmp_path))
    assert found == ["Bees", "Flight", "Sight", "Dance", "Runs"]


@pytest.mark.parametrize(
    ("headings", "labels"),
    [
        (("1 Bees", "2 Honey", "A Proofs", "B Tables"), ("", "", "Appendix A", "Appendix B")),
        (("1 Bees", "2 Honey", "Appendix A. Proofs"), ("", "", "Appendix A")),
        (
            ("1 Bees", "2 Honey", "APPENDIX 1. Tools", "APPENDIX 2. Numbers"),
            ("", "", "Appendix 1", "Appendix 2"),
        ),
        (
            ("1 Bienen", "2 Honig", "Anlage I: Geräte", "Anlage II: Zahlen", "Anlage III: Karten"),
            ("", "", "Anlage I", "Anlage II", "Anlage III"),
        ),
        (
            ("Abeilles", "Miel", "Annexe 1 – Les outils", "Annexe 2 – Les chiffres"),
            ("", "", "Annexe 1", "Annexe 2"),
        ),
        (
            ("1 Bees", "2 Honey", "Annex A – Tools", "Annex B – Numbers", "Annex C – Maps"),
            ("", "", "Annex A", "Annex B", "Annex C"),
        ),
        (("A. Bees", "B. Honey", "C. Winter"), ("", "", "")),
        (("I. BEES", "A. Flight", "B. Dance", "II. HONEY"), ("", "", "", "")),
    ],
)
def test_appendices_are_kept_and_labelled(
    headings: tuple[str, ...], labels: tuple[str, ...], tmp_path: Path
) -> None:
    document = read(paper(*headings), tmp_path)
    assert tuple(chapter.label for chapter in document.chapters) == labels
    assert document.chapters[-1].full_title.endswith(document.chapters[-1].title)


def test_a_title_that_only_begins_like_a_number_is_whole(tmp_path: Path) -> None:
    document = read(paper("Introduction", "Chapter 12 of the bees", "Conclusion"), tmp_path)
    assert "Chapter 12 of the bees" in titles(document)
