"""A chapter in another language than its document's: which voice says what, in a real child."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from mutagen.id3 import ID3

from bot.work.tellings import as_it_stands
from pipeline.audio.voices import VoiceCard
from pipeline.domain import (
    FIRST_EXTRA,
    Chapter,
    Document,
    Mode,
    Narration,
    Passage,
    PassageKind,
    Telling,
)
from pipeline.errors import NoVoice
from pipeline.producer import Producer
from tests.hearing import decoded
from tests.noting import keep_notes, noted

CHAPTER = Chapter(
    number=1,
    title="The way home",
    level=1,
    page=1,
    passages=(Passage(text="Bees find their way home by the sun of the day.", page=1),),
)
DOCUMENT = Document(id="be" * 32, title="On Bees", pages=1, chapters=(CHAPTER,))
TELLING = Telling(
    passages=(
        Passage(text="Der Heimweg", page=1, kind=PassageKind.HEADING),
        Passage(text="Bienen finden am Tag nach der Sonne heim.", page=1),
        Passage(text="In the evening they are all at home again.", page=1, language="en"),
    )
)


async def test_what_was_not_translated_is_said_by_a_voice_of_its_own_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_notes(monkeypatch, tmp_path)
    german, simple, english = (tmp_path / name for name in ("german", "simple", "english"))
    voices = [
        noted(german.name, "de"),
        noted(simple.name, "de", "en", is_simple=True),
        noted(english.name, "en"),
    ]
    wanted = Narration(voice=voices[0].id, mode=Mode.TRANSLATION, language="de")
    out = tmp_path / "track.mp3"
    extra, beside = replace(CHAPTER, number=FIRST_EXTRA + 1, title="Notes"), tmp_path / "extra.mp3"
    async with Producer(voices=voices, default_voice=voices[0].id, workers=1) as producer:
        await producer.speak(DOCUMENT, CHAPTER, wanted, out, None, TELLING)
        first = english.read_text()
        as_read = as_it_stands(DOCUMENT, extra, wanted)
        await producer.speak(DOCUMENT, extra, wanted, beside, None, as_read)
    assert german.read_text().splitlines() == [
        "de: Der Heimweg.",
        "de: Bienen finden am Tag nach der Sonne heim.",
    ]
    assert first == "en: In the evening they are all at home again.\n"
    assert english.read_text().removeprefix(first).splitlines() == [
        "en: Notes.",
        "en: Bees find their way home by the sun of the day.",
    ]
    assert (ID3(out).getall("TRCK")[0].text, ID3(beside).getall("TRCK")) == (["1/1"], [])
    assert not simple.exists()
    assert len(decoded(out))
    assert ID3(out).getall("USLT")[0].text == TELLING.text


async def test_a_voice_finds_what_it_needs_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_notes(monkeypatch, tmp_path)
    monkeypatch.setenv("NOTED_HOME", str(tmp_path))
    own = tmp_path / "weights"
    own.write_text("bees", encoding="ascii")
    voice = VoiceCard(
        id="noted:weights",
        factory="tests.noting:open_at_home",
        languages=frozenset({"en"}),
        environment=frozenset({"NOTED_HOME"}),
        files=frozenset({own}),
    )
    narration = Narration(voice=voice.id)
    async with Producer(voices=[voice], default_voice=voice.id, workers=1) as producer:
        await producer.speak(DOCUMENT, CHAPTER, narration, tmp_path / "track.mp3", None)
    assert "sun of the day" in (tmp_path / "bees").read_text()


@pytest.mark.parametrize(
    ("language", "mode", "wanted"),
    [
        ("de", Mode.TRANSLATION, (Mode.TRANSLATION, "de", "noted:german")),
        ("en", Mode.TRANSLATION, (Mode.ORIGINAL, "en", "noted:english")),  # it is that already
        ("fr", Mode.TRANSLATION, (Mode.ORIGINAL, "en", "noted:english")),  # nobody speaks that
        ("de", Mode.BRIEF, (Mode.BRIEF, "en", "noted:english")),
        ("de", Mode.ORIGINAL, (Mode.ORIGINAL, "en", "noted:english")),
    ],
)
def test_only_a_translation_is_spoken_in_another_language_than_the_documents(
    language: str, mode: Mode, wanted: tuple[Mode, str, str]
) -> None:
    voices = [noted("english", "en"), noted("german", "de")]
    producer = Producer(voices=voices, default_voice=voices[0].id, workers=1)
    asked = Narration(voice=voices[0].id, mode=mode, language=language)
    made = producer.narration_for(DOCUMENT, asked)
    assert (made.mode, made.language, made.voice) == wanted
    assert producer.narration_for(DOCUMENT, made) == made


def test_a_document_that_nobody_speaks_is_not_helped_by_a_translation_nobody_speaks() -> None:
    voices = [noted("english", "en")]
    producer = Producer(voices=voices, default_voice=voices[0].id, workers=1)
    asked = Narration(voice=voices[0].id, mode=Mode.TRANSLATION, language="fr")
    with pytest.raises(NoVoice):
        producer.narration_for(replace(DOCUMENT, language="de"), asked)
