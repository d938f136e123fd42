"""What a model made of a chapter: what may be spoken of it, without any model."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pipeline.domain import Passage, PassageKind, Telling
from pipeline.takeaways.retold import accepted_translation, translation_from

ENGLISH = (
    "In 2015 we observed 20 hives in the valley; p < 0.05 for all of them (see Fig. 3). The 3 "
    "others died within 2 weeks, and 1,250 bees were counted."
)
GERMAN = (
    "Im Jahr 2015 beobachteten wir 20 Bienenstöcke im Tal; p < 0,05 für alle (siehe Abb. 3). Die "
    "drei anderen starben innerhalb von zwei Wochen, und 1.250 Bienen wurden gezählt."
)
FRENCH = (
    "En 2015, nous avons observé 20 ruches dans la vallée ; p < 0,05 pour toutes (voir fig. 3). De "
    "plus, les trois autres sont mortes en deux semaines, et 1 250 abeilles ont été comptées."
)
SPANISH = (
    "En 2015 observamos 20 colmenas en el valle; p < 0,05 en todas (véase la fig. 3). De hecho, "
    "las otras 3 murieron en 2 semanas, y se contaron 1.250 abejas."
)
CHINESE = (
    "2015年我们在山谷中观察了20个蜂箱；所有蜂箱的p < 0.05（见图3）。另外3个在2周内死亡，"
    "共统计到1,250只蜜蜂。"
)
RUSSIAN = (
    "В 2015 году мы наблюдали 20 ульев в долине; p < 0,05 для всех (см. рис. 3). Остальные 3 "
    "погибли в течение 2 недель, и было насчитано 1 250 пчёл."
)


@pytest.mark.parametrize(
    ("target", "text"),
    [("de", GERMAN), ("fr", FRENCH), ("es", SPANISH), ("zh", CHINESE), ("ru", RUSSIAN)],
)
def test_a_good_translation_is_taken_whatever_its_language_writes_numbers_like(
    target: str, text: str
) -> None:
    assert accepted_translation(ENGLISH, text, source="en", target=target) == text
    assert accepted_translation(text, ENGLISH, source=target, target="en") == ENGLISH


@pytest.mark.parametrize(
    "text",
    [
        GERMAN.replace("20 ", "30 "),
        GERMAN.replace("2015", "jenem Jahr"),
        GERMAN.replace("1.250", "12.50"),
        GERMAN[:60],
        GERMAN * 3,
        ENGLISH.replace("observed", "have observed"),
        GERMAN.replace("Bienenstöcke", "Bienenstöcke (www.bees.example)"),
        GERMAN + " Schreiben Sie an @bienen.",
        GERMAN + " <b>Wichtig</b>",
        GERMAN + " Mehr: +49 30 123 456 78.",
        "Übersetzung: " + GERMAN,
        "",
    ],
)
def test_a_translation_that_says_something_else_is_not_taken(text: str) -> None:
    assert accepted_translation(ENGLISH, text, source="en", target="de") == ""


def test_a_number_that_was_written_in_words_is_known_in_english() -> None:
    for number, is_so in (("3", True), ("4", False)):
        text = f"Die {number} anderen starben."
        taken = accepted_translation("The three others died.", text, source="en", target="de")
        assert bool(taken) is is_so


KEPT = {
    "en": "The bees did not find the way home. In 48 hours 13 of them died.",
    "de": "Die Bienen fanden den Weg nach Hause nicht. In achtundvierzig Stunden starben dreizehn.",
    "es": "Las abejas no encontraron el camino a casa. En cuarenta y ocho horas murieron trece.",
    "fr": "Les abeilles n'ont pas trouvé le chemin. En quarante-huit heures, treize sont mortes.",
    "pt": "As abelhas não encontraram o caminho. Em quarenta e oito horas morreram treze delas.",
    "ru": "Пчёлы не нашли дорогу домой. За сорок восемь часов погибло тринадцать из них.",
}
TURNED = {
    "de": ("fanden den Weg nach Hause nicht", "fanden den Weg nach Hause leicht"),
    "es": ("no encontraron", "encontraron"),
    "fr": ("n'ont pas trouvé", "ont trouvé"),
    "pt": ("não encontraram", "encontraram"),
    "ru": ("не нашли", "нашли"),
}
MORE = {
    "de": ("dreizehn", "dreißig"), "es": ("trece", "treinta"), "fr": ("treize", "trente"),
    "pt": ("treze", "trinta"), "ru": ("тринадцать", "тридцать"),
}  # fmt: skip
ADDED = {
    "de": " Mehr auf Bienen Punkt com.", "es": " Más en abejas punto com.",
    "fr": " Voir abeilles point com.", "pt": " Veja abelhas ponto com.",
    "ru": " См. пчёлы точка ру.",
}  # fmt: skip


@pytest.mark.parametrize("language", TURNED)
def test_a_translation_denies_what_its_original_denies(language: str) -> None:
    for source, target in (("en", language), (language, "en")):
        good = accepted_translation(KEPT[source], KEPT[target], source=source, target=target)
        assert good == KEPT[target]
    turned = KEPT[language].replace(*TURNED[language])
    assert accepted_translation(KEPT["en"], turned, source="en", target=language) == ""
    assert accepted_translation(turned, KEPT["en"], source=language, target="en") == ""


@pytest.mark.parametrize("language", MORE)
def test_numbers_in_words_are_known_in_a_translation(language: str) -> None:
    more = KEPT[language].replace(*MORE[language])
    assert accepted_translation(KEPT["en"], more, source="en", target=language) == ""


@pytest.mark.parametrize("language", ADDED)
def test_a_translation_spells_no_address(language: str) -> None:
    text = KEPT[language] + ADDED[language]
    assert accepted_translation(KEPT["en"], text, source="en", target=language) == ""


@pytest.mark.parametrize(
    "added", [" 🎉", " Schreiben Sie uns.", " Null drei null vier fünf sechs eins."]
)
def test_a_translation_asks_for_nothing_and_shows_no_pictures(added: str) -> None:
    assert accepted_translation(KEPT["en"], KEPT["de"] + added, source="en", target="de") == ""


def test_signs_that_nobody_sees_are_taken_out() -> None:
    hidden = GERMAN.replace("wir", "w\u200bir")
    assert accepted_translation(ENGLISH, hidden, source="en", target="de") == GERMAN


def a_telling(*texts: str) -> Telling:
    heading = Passage(text="Results", page=1, kind=PassageKind.HEADING)
    return Telling(passages=(heading, *(Passage(text=text, page=1) for text in texts)))


def test_more_than_a_fifth_without_an_answer_is_no_translation_yet() -> None:
    own = a_telling(*[ENGLISH] * 10)
    answers = {0: "Ergebnisse"} | dict.fromkeys(range(1, 11), GERMAN)
    assert translation_from(own, answers, source="en", target="de") is not None
    del answers[3], answers[5]
    assert translation_from(own, answers, source="en", target="de") is not None
    del answers[7]
    assert translation_from(own, answers, source="en", target="de") is None


def test_more_than_half_with_a_wrong_answer_is_no_translation() -> None:
    own = a_telling(*[ENGLISH] * 10)
    answers = dict.fromkeys(range(1, 11), GERMAN)
    answers |= {place: GERMAN.replace("20 ", "30 ") for place in range(1, 5)}
    telling = translation_from(own, answers, source="en", target="de")
    assert telling is not None
    assert [p.language for p in telling.passages] == ["en"] * 5 + [""] * 6
    answers |= dict.fromkeys(range(1, 7), "")
    assert translation_from(own, answers, source="en", target="de") is None


def test_the_same_in_both_languages_is_said_as_it_stands() -> None:
    telling = translation_from(
        a_telling(ENGLISH), {0: "Results", 1: GERMAN}, source="en", target="de"
    )
    assert telling is not None
    assert telling.passages[0] == Passage(
        text="Results", page=1, kind=PassageKind.HEADING, language="en"
    )


def test_several_threads_may_ask_for_a_language_at_once() -> None:
    program = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from pipeline.language.identification import language_of\n"
        f"texts = [{GERMAN!r}, {FRENCH!r}, {RUSSIAN!r}, {ENGLISH!r}] * 8\n"
        "with ThreadPoolExecutor(8) as pool:\n"
        "    print(*pool.map(language_of, texts))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.split() == ["de", "fr", "ru", "en"] * 8, done.stderr
