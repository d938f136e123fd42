"""What of a page is read, in which order, and what its words look like afterwards."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.domain import Chapter, Narration, Passage, PassageKind
from pipeline.pdf.direction import logical
from pipeline.pdf.glyphs import clean_text
from pipeline.pdf.lines import Line
from pipeline.read import composed
from pipeline.spoken.script import script_of
from pipeline.text.citations import mend, without_addresses, without_citations
from pipeline.text.paragraphs import Vocabulary
from pipeline.text.traced import Traced
from tests.drawing import BEES, DANCE, HEIGHT, HONEY, MARGIN, MONO, WIDTH, WINTER, Sheet
from tests.unit.drawn import paper, read, text_of


def test_the_left_column_is_read_before_the_right(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.columns((BEES, DANCE), (HONEY, WINTER))
    text = text_of(read(sheet, tmp_path))
    places = [
        text.index(start) for start in ("Honey bees", "On the comb", "What they", "In the cold")
    ]
    assert places == sorted(places)


def test_a_sentence_goes_on_over_columns_and_pages(tmp_path: Path) -> None:
    sheet = Sheet(header="Journal of Bees", has_page_numbers=True)
    half = BEES.split()
    sheet.columns((" ".join(half[:20]),), (" ".join(half[20:30]),))
    sheet.new_page()
    sheet.paragraph(" ".join(half[30:]))
    assert BEES in text_of(read(sheet, tmp_path))


def test_running_heads_and_page_numbers_go_only_where_they_repeat(tmp_path: Path) -> None:
    sheet = Sheet(header="Journal of Small Animals 12", has_page_numbers=True)
    sheet.paragraph(BEES)
    sheet.page.insert_text((MARGIN, 56), "This line stands here once.", fontsize=10)
    for text in (DANCE, HONEY):
        sheet.new_page()
        sheet.paragraph(text)
    text = text_of(read(sheet, tmp_path))
    assert "Small Animals" not in text
    assert "stands here once" in text
    assert not any(word.isdigit() for word in text.split())


def test_numbers_that_count_the_lines_go(tmp_path: Path) -> None:
    sheet = Sheet()
    for number, word in enumerate(f"{BEES} {DANCE} {HONEY} {WINTER}".split(". "), start=1):
        sheet.page.insert_text((20, sheet.y), str(number), fontsize=6)
        sheet.line(f"{word}.")
    text = text_of(read(sheet, tmp_path))
    assert not any(word.isdigit() for word in text.split())


@pytest.mark.parametrize(
    ("left", "right", "others", "joined"),
    [
        ("a distil-", "lation of bees", "", "a distillation of bees"),
        ("the well-", "known dance", "a well-known fact", "the well-known dance"),
        ("a pre-", "existing hive", "preexisting pre-existing", "a preexisting hive"),
    ],
)
def test_words_are_mended_and_true_compounds_kept(
    left: str, right: str, others: str, joined: str
) -> None:
    known = Vocabulary.of([_line(others)])
    whole = left if known.keeps_hyphen(left, right) else left[:-1]
    assert whole + right == joined


def _line(text: str) -> Line:
    return Line(page=0, block=0, text=text, x0=0, y0=0, x1=1, y1=1, size=10, font="F")


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("the ﬁrst eﬀort", "the first effort"),
        ("the \x1crst e\x1bort", "the first effort"),  # TeX's own, without a map to Unicode
        ("Matem´atica espa˜nola", "Matemática española"),
        ("too   many\u200b spaces", "too many spaces"),
    ],
)
def test_what_fonts_make_of_signs_is_undone(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


def test_right_to_left_pieces_are_put_in_the_order_of_reading() -> None:
    assert logical("examالتعريف بحزمة1") == "1 التعريف بحزمة exam"


@pytest.mark.parametrize(
    ("written", "read_aloud"),
    [
        ("It works [3, 12–14] well.", "It works well."),
        ("Bees dance (Frisch, 1967; Seeley et al., 2010).", "Bees dance."),
        ("Hinton et al. (2015) show it.", "Hinton et al. show it."),
        ("The interval [0, 1] stays.", "The interval [0, 1] stays."),
        ("It was (in 1967) new.", "It was (in 1967) new."),
        ("A dose of .5 mg [3], .25 mg later.", "A dose of .5 mg, .25 mg later."),
    ],
)
def test_citations_leave_without_wrecking_the_sentence(written: str, read_aloud: str) -> None:
    text = Traced(written)
    without_citations(text)
    assert text.text == read_aloud


def test_a_range_of_citations_counts_all_its_works() -> None:
    assert without_citations(Traced("So it is [3, 12–14].")) == 4


def test_addresses_are_reduced_to_what_can_be_said() -> None:
    text = Traced("See https://www.example.org/a/b?c=1 now.")
    without_addresses(text)
    assert text.text == "See example.org now."


@pytest.mark.parametrize(
    ("written", "read_aloud"),
    [
        (
            "Please write to marta@rivers.example for the list of boats.",
            "Please write to marta@rivers.example for the list of boats.",
        ),
        (
            "Bitte schreiben Sie bis Freitag an marta@rivers.example oder rufen Sie an.",
            "Bitte schreiben Sie bis Freitag an marta@rivers.example oder rufen Sie an.",
        ),
        (
            "ボートの一覧についてはmarta@rivers.exampleまでお書きください。",
            "ボートの一覧についてはmarta@rivers.exampleまでお書きください。",
        ),
        ("Anna Lund (anna@rivers.example) keeps the list.", "Anna Lund keeps the list."),
        ("Anna Lund keeps it. E-mail: anna@rivers.example.", "Anna Lund keeps it."),
        ("Anna Lund anna@rivers.example Institute of Rivers and Boats", "Anna Lund"),
        ("e-mail address anna@rivers.example", "e-mail address"),
    ],
)
def test_mail_addresses_are_read_where_a_sentence_needs_them(written: str, read_aloud: str) -> None:
    text = Traced(written)
    without_addresses(text)
    mend(text)
    assert text.text.startswith(read_aloud)
    assert ("@" in text.text) == ("@" in read_aloud)


def test_marks_of_footnotes_go_and_exponents_stay(tmp_path: Path) -> None:
    sheet = paper("1 Bees")
    y = sheet.y
    sheet.page.insert_text((MARGIN, y), "The area is r", fontsize=10)
    x = MARGIN + pymupdf.get_text_length("The area is r", fontsize=10)
    sheet.page.insert_text((x, y - 4), "2", fontsize=6)
    sheet.page.insert_text((x + 5, y), "as was shown", fontsize=10)
    x += 5 + pymupdf.get_text_length("as was shown", fontsize=10)
    sheet.page.insert_text((x, y - 4), "7", fontsize=6)
    sheet.page.insert_text((x + 5, y), "long ago by others.", fontsize=10)
    text = text_of(read(sheet, tmp_path))
    assert "r² as was shown long ago by others." in text


def test_a_table_is_dropped_with_its_caption_and_the_sentence_goes_on(tmp_path: Path) -> None:
    sheet = paper("1 Bees")
    sheet.line("The hive that we looked at first was wrapped")
    sheet.new_page()
    for row in ("Hive 1: Clover; Linden; Acacia; ...", "Hive 2: Heather; Thyme; ..."):
        sheet.line(row, size=8.5)
    sheet.space(6)
    sheet.line("Table 2: Flowers that were visited on one day", size=8.5)
    sheet.space(12)
    sheet.line("around a beam, and the other two stood free.")
    document = read(sheet, tmp_path)
    assert "was wrapped around a beam" in text_of(document)
    assert "Clover" not in text_of(document)
    assert document.skipped.tables == 1


def test_a_sentence_that_begins_with_a_table_is_no_caption(tmp_path: Path) -> None:
    sheet = paper("1 Bees")
    sheet.paragraph("Table 1 shows that the hives differ. " + HONEY)
    assert "Table 1 shows that the hives differ." in text_of(read(sheet, tmp_path))


def test_code_is_replaced_by_one_note_that_is_no_part_of_the_text(tmp_path: Path) -> None:
    sheet = paper("1 Bees")
    for line in ("for bee in hive:", "    bee.fly(to=flower)", "    count = count + 1"):
        sheet.line(line, font=MONO)
    sheet.space(6)
    sheet.paragraph(WINTER)
    document = read(sheet, tmp_path)
    notes = [p.text for p in document.chapters[-1].passages if p.kind is PassageKind.NOTE]
    assert notes == ["Code is left out here."]
    assert "left out" not in text_of(document)
    assert "flower)" not in text_of(document)
    assert document.skipped.code == 1


def test_a_word_of_code_inside_a_sentence_is_read(tmp_path: Path) -> None:
    sheet = paper("1 Bees")
    sheet.line("The call that every worker of the hive makes first is")
    sheet.line("fly_to_the_flower and it", font=MONO)
    sheet.line("returns when the evening comes. After that all is still.")
    assert "first is fly_to_the_flower and it returns" in text_of(read(sheet, tmp_path))


def test_items_of_a_list_are_passages_of_their_own(tmp_path: Path) -> None:
    sheet = paper("1 Bees")
    for item in ("• They fly far and wide", "• They dance at home", "2. They keep warm"):
        sheet.line(item)
    passages = read(sheet, tmp_path).chapters[-1].passages
    items = [passage.text for passage in passages if passage.kind is PassageKind.ITEM]
    assert items == ["They fly far and wide", "They dance at home", "2. They keep warm"]


def test_footnotes_are_left_out_and_counted(tmp_path: Path) -> None:
    sheet = paper("1 Bees")
    sheet.page.insert_text((MARGIN, HEIGHT - 120), "1 A note on the hive.", fontsize=8)
    sheet.page.insert_text((MARGIN, HEIGHT - 108), "2 Another one.", fontsize=8)
    document = read(sheet, tmp_path)
    assert "A note" not in text_of(document)
    assert document.skipped.footnotes == 2


def test_the_language_is_that_of_the_text(tmp_path: Path) -> None:
    sheet = Sheet()
    german = (
        "Die Bienen finden über viele Kilometer nach Hause. Sie merken sich die Sonne, den Wind "
        "und die Form der Hügel. Eine junge Arbeiterin lernt den Weg auf wenigen kurzen Flügen."
    )
    for _ in range(6):
        sheet.paragraph(german)
    assert read(sheet, tmp_path).language == "de"


WORDS = st.lists(  # of letters that are common: any letters at random are rightly held for nonsense
    st.text(alphabet="aeinorstlumd", min_size=3, max_size=9), min_size=30, max_size=160
)


@given(words=WORDS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_word_of_a_simple_document_is_lost_or_doubled(words: list[str], tmp_path: Path) -> None:
    sheet = Sheet()
    paragraphs = [words[start : start + 40] for start in range(0, len(words), 40)]
    for paragraph in paragraphs:
        sheet.paragraph(" ".join(paragraph).capitalize() + ".")
    document = composed(sheet.save(tmp_path / "words.pdf"), {})
    kept = text_of(document).lower().replace(".", " ").split()
    assert kept == words


def test_rotated_text_in_the_margin_is_not_read(tmp_path: Path) -> None:
    sheet = paper("1 Bees")
    sheet.page.insert_text((20, 500), "arXiv:2026.01234 [bees]", fontsize=12, rotate=90)
    assert "arXiv" not in text_of(read(sheet, tmp_path))


def test_a_page_that_lies_on_its_side_is_read_as_it_is_seen(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.page.set_rotation(90)
    sheet.page.insert_textbox((40, 40, HEIGHT - 40, WIDTH - 40), BEES, fontsize=10)
    sheet.page.set_rotation(0)
    sheet.paragraph(DANCE)
    assert "On the comb a returning bee" in text_of(read(sheet, tmp_path))


FRENCH = (
    "Les abeilles reviennent chaque soir vers la ruche avec le pollen des champs voisins, et "
    "celles qui dansent disent aux autres où se trouvent les fleurs, comme le savaient déjà les "
    "paysans de la vallée bien avant que la science ne le démontre."
)


def test_a_long_quotation_is_marked_with_its_language_and_nothing_else_is(tmp_path: Path) -> None:
    sheet = paper("1 Bees", "2 Dance")
    sheet.paragraph(FRENCH)
    sheet.space(8)
    sheet.paragraph("As he put it: la ruche est un monde. " + HONEY)
    document = read(sheet, tmp_path)
    assert document.language == "en"
    marked = [
        (p.language, p.text[:12]) for c in document.chapters for p in c.passages if p.language
    ]
    assert marked == [("fr", FRENCH[:12])]


def test_a_quotation_is_written_out_in_its_own_language() -> None:
    passage = Passage(text="Le prix était de 3 € en 1990. " + FRENCH, page=1, language="fr")
    chapter = Chapter(number=1, title="Bees", level=1, page=1, passages=(passage,))
    script = script_of(chapter, Narration(voice="hibari:heart"))
    assert {utterance.language for utterance in script.utterances[1:]} == {"fr"}
    assert script.utterances[0].language == ""
    assert "euro" in script.text
