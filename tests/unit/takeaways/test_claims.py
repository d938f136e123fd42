"""What a model may say of a chapter: sentences that agree with it, and attacks that do not.

Of the chapters of `claims.txt` the rules were made, and with those of `claims_by_kind.txt` mended;
those of `claims_held_out.txt` and `claims_unseen.txt` were looked at when that was done. What gets
through may become less, never more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pytest

from pipeline.domain import Chapter
from pipeline.takeaways.agreement import is_said
from pipeline.takeaways.claims import Draft, accepted, is_of
from pipeline.takeaways.retold import brief_from
from tests.claims import Said, Saying, said_in

MADE_FOR = said_in("claims.txt")
LEAST_KEPT = 0.9
BOUNDS = [  # how many attacks get through, and how many honest sentences are lost
    ("claims_by_kind.txt", 6, 13),  # of 161 and 137
    ("claims_held_out.txt", 3, 6),  # of 30 and 30; 4 and 7 the first time
    ("claims_unseen.txt", 2, 2),  # of 36 and 30: what was seen the first time
]


def kept(said: Said, saying: Saying) -> bool:
    """Whether it stands on the card."""
    drafts = accepted(said.document, {saying.chapter: Draft(takeaway=saying.text)})
    return drafts[saying.chapter].takeaway == saying.text


def all_kept(said: Said) -> Sequence[Saying]:
    """Those that stand on their card; a sentence of each chapter at a time, as a model writes."""
    of_chapters: dict[int, list[Saying]] = defaultdict(list)
    for saying in said.sayings:
        of_chapters[saying.chapter].append(saying)
    stand = []
    for turn in range(max(map(len, of_chapters.values()))):
        asked = [sayings[turn] for sayings in of_chapters.values() if turn < len(sayings)]
        drafts = accepted(said.document, {one.chapter: Draft(takeaway=one.text) for one in asked})
        stand += [one for one in asked if drafts[one.chapter].takeaway == one.text]
    return stand


def chapter_of(said: Said, saying: Saying) -> Chapter:
    return said.document.chapters[saying.chapter - 1]


def is_spoken(said: Said, saying: Saying) -> bool:
    """Whether it would be said in a brief."""
    chapter = chapter_of(said, saying)
    brief = f"{saying.text} {chapter.text}"
    telling = brief_from(chapter, brief)
    return telling is not None and saying.text in telling.text


def test_there_are_enough_of_each_kind() -> None:
    assert min(len(MADE_FOR.attacks), len(MADE_FOR.honest)) >= 60
    for name, *_ in BOUNDS:
        said = said_in(name)
        assert min(len(said.attacks), len(said.honest)) >= 30


@pytest.mark.parametrize("saying", MADE_FOR.attacks, ids=lambda saying: saying.text[:60])
def test_no_attack_stands_on_a_card(saying: Saying) -> None:
    assert not kept(MADE_FOR, saying)


def test_of_honest_sentences_nine_in_ten_are_kept() -> None:
    lost = [saying.text for saying in MADE_FOR.honest if not kept(MADE_FOR, saying)]
    assert len(lost) <= (1 - LEAST_KEPT) * len(MADE_FOR.honest), lost


def test_what_no_card_shows_no_brief_says() -> None:
    """The check is the same; a few of each kind show that it is asked."""
    some = {saying.kind: saying for saying in MADE_FOR.attacks}.values()
    assert [saying.text for saying in some if is_spoken(MADE_FOR, saying)] == []
    chapter = MADE_FOR.document.chapters[0]
    honest = [saying.text for saying in MADE_FOR.honest if saying.chapter == 1][:5]
    telling = brief_from(chapter, " ".join(honest))
    assert telling is not None
    assert telling.passages[1].text == " ".join(honest)


@pytest.mark.parametrize(("name", "most_through", "most_lost"), BOUNDS)
def test_of_other_chapters_no_more_gets_through_and_no_more_is_lost_than_before(
    name: str, most_through: int, most_lost: int
) -> None:
    said = said_in(name)
    stand = all_kept(said)
    through = [saying.text for saying in said.attacks if saying in stand]
    assert len(through) <= most_through, through
    lost = [saying.text for saying in said.honest if saying not in stand]
    assert len(lost) <= most_lost, lost


def test_what_a_chapter_says_itself_may_be_said_of_it() -> None:
    for chapter in MADE_FOR.document.chapters:
        for sentence in chapter.text.replace("\n\n", " ").split(". "):
            assert is_said(sentence, chapter.text, "en"), sentence


MEASURES = "Boil it for three minutes above 2,000 metres. In full sun six hours suffice."


@pytest.mark.parametrize(
    ("sentence", "is_so"),
    [
        ("Above 2,000 metres it is boiled for three full minutes.", True),
        ("Above 2,000 m it is boiled for 3 min.", True),
        ("Above 2,000 meters three minutes suffice.", True),
        ("Above 2,000 feet it is boiled for three minutes.", False),
        ("Above 2,000 metres it is boiled for three hours.", False),
        ("In full sun six minutes suffice.", False),
    ],
)
def test_a_number_keeps_what_it_measures(sentence: str, is_so: bool) -> None:
    assert is_said(sentence, MEASURES, "en") is is_so


WARD = (
    "The tablets may cause ulcers. Some patients report headaches. Nobody may stop them without "
    "asking a doctor, unless a rash appears. The authors think it possible that three weeks "
    "suffice. Most bleedings were mild. Visits are allowed "
    "only with the consent of the nurse. Salt keeps bacteria from growing. Rising doses lower the "
    "pressure. The dose is 2 milligrams for each kilogram of weight, and light crosses the ward in "
    "one second. Adler collected the cases; Nair analysed the venoms. The walls grew "
    "mouldy because the vents were sealed. The blue pill works faster than the red pill. "
    "About one patient in twelve gets a rash within an hour."
)


@pytest.mark.parametrize(
    ("sentence", "is_so"),
    [
        ("The tablets can cause ulcers.", True),
        ("The tablets cause ulcers.", False),
        ("Headaches are reported by some patients.", True),
        ("All patients report headaches.", False),
        ("Every bleeding was mild.", False),
        ("Stopping them requires asking a doctor, except when a rash appears.", True),
        ("Patients may stop them without asking a doctor.", False),
        ("Visits need the consent of the nurse.", True),
        ("Visits are allowed without the consent of the nurse.", False),
        ("Bacteria hardly grow in salt.", True),
        ("Salt lets bacteria grow.", False),
        ("Three weeks may suffice.", True),
        ("Three weeks certainly suffice.", False),
        ("The pressure is lowered by rising doses.", True),
        ("Lower pressure leads to rising doses.", False),
        ("The dose is 2 milligrams per kilogram of weight.", True),
        ("The dose is 2 milligrams for each gram of weight.", False),
        ("Adler analysed the venoms.", False),
        ("The vents were sealed because the walls grew mouldy.", False),
        ("The red pill works more slowly than the blue pill.", True),
        ("The red pill works faster than the blue pill.", False),
        ("A twelfth of all patients get a rash.", True),
        ("About one patient in twenty gets a rash.", False),
        ("A rash is got within a day.", False),
        ("Light crosses the ward in one second.", True),
    ],
)
def test_a_claim_is_as_sure_as_wide_and_as_conditional_as_its_text(
    sentence: str, is_so: bool
) -> None:
    assert is_said(sentence, WARD, "en") is is_so


GERMAN = (
    "Wasser aus flachen Brunnen muss behandelt werden, bevor jemand es trinkt. Kochen tötet "
    "Bakterien ab. Es entfernt kein Blei und kein Nitrat. Acht Tropfen Bleiche reichen für vier "
    "Liter. Kinder dürfen unbehandeltes Wasser nie bekommen."
)


@pytest.mark.parametrize(
    ("sentence", "is_so"),
    [
        ("Kochen tötet Bakterien ab, entfernt aber weder Blei noch Nitrat.", True),
        ("Acht Tropfen Bleiche reichen für vier Liter Wasser.", True),
        ("Kochen tötet Bakterien ab und entfernt auch Blei und Nitrat.", False),
        ("Achtzig Tropfen Bleiche reichen für vier Liter Wasser.", False),
        ("Kochen tötet Bakterien nicht ab.", False),
        ("Acht Tropfen Bleiche reichen für vier Liter, siehe Wasser Punkt de.", False),
        ("Schreiben Sie uns, wenn acht Tropfen Bleiche für vier Liter nicht reichen.", False),
    ],
)
def test_other_languages_are_held_to_numbers_denials_and_requests(
    sentence: str, is_so: bool
) -> None:
    assert is_of(sentence, GERMAN, source="de", language="de") is is_so


@pytest.mark.parametrize(
    ("sentence", "is_so"),
    [
        ("Acht Tropfen Bleiche reichen für 4 Liter klares Wasser.", True),
        ("Acht Tropfen Bleiche reichen für vierzig Liter klares Wasser.", False),
        ("Acht Tropfen Bleiche reichen für fünf Liter klares Wasser.", False),
        ("Acht Tropfen Bleiche reichen, mehr auf Wasser Punkt com.", False),
        ("Acht Tropfen reichen; fragen: null drei null vier vier eins.", False),
    ],
)
def test_a_takeaway_in_another_language_has_the_chapters_numbers_and_wants_nothing(
    sentence: str, is_so: bool
) -> None:
    english = MADE_FOR.document.chapters[0].text
    assert is_of(sentence, english, source="en", language="de") is is_so


def test_a_long_text_is_asked_as_a_short_one() -> None:
    chapter = MADE_FOR.document.chapters[0].text
    padding = "The ferryman counted his coins and looked at the grey river again. " * 1000
    assert is_said(
        "Boiling destroys bacteria but leaves lead in the water.", padding + chapter, "en"
    )
    assert not is_said("Boiling does remove lead and nitrate.", padding + chapter, "en")


ROOTS = (
    "The roots are dug after the first frost, when most plants have lost their leaves. Stored at "
    "less than 9 degrees they keep until April; above 15 degrees they sprout."
)


@pytest.mark.parametrize(
    ("sentence", "is_so"),
    [
        ("Roots that are stored at less than 9 degrees keep until April.", True),
        ("Roots that are stored below 9 degrees keep until April.", True),
        ("Roots that are stored at more than 9 degrees keep until April.", False),
        ("Below 15 degrees the stored roots sprout.", False),
        ("The roots are dug once the first frost has come.", True),
        ("The roots are dug before the first frost.", False),
        ("When the roots are dug, most plants have lost their leaves.", True),
        ("When the roots are dug, few plants have lost their leaves.", False),
    ],
)
def test_what_turns_the_word_behind_it_round_is_as_in_the_text(sentence: str, is_so: bool) -> None:
    assert is_said(sentence, ROOTS, "en") is is_so
