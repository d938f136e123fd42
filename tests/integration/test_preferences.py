"""How a listener hears: voices by ear, speed, the brief version, words said their own way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain import Conversation, Listener, ListeningState, Preferences, Sender
from bot.presenters import cards
from bot.presenters.drawing import Drawing
from bot.views import Action, Button, CardView, NoticeView, Verb
from bot.words import ENGLISH as ENGLISH_WORDS
from bot.words import messages, words_in
from pipeline.domain import Mode, Narration
from tests.integration.test_conversation import BEES, Stage, opened
from tests.producing import MemoryProducer
from tests.samples import ENGLISH, a_sender, a_track
from tests.waiting import until

ADA, TOM = a_sender("ada"), a_sender("tom")


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return opened(tmp_path)


async def _narration(stage: Stage, listener: str = ADA.listener.id) -> Narration:
    progress = await stage.library.progress(listener, BEES)
    assert progress is not None
    return progress.narration


def _buttons(view: object, verb: Verb) -> list[Button]:
    assert isinstance(view, NoticeView | CardView)
    return [button for row in view.buttons for button in row if button.action.verb is verb]


async def _card(stage: Stage) -> CardView:
    progress = await stage.library.progress(ADA.listener.id, BEES)
    assert progress is not None
    drawing = Drawing(stage.library, voices=MemoryProducer().voices())
    return await drawing.card(stage.chat, ADA.listener, progress)


async def test_takeaways_are_wanted_in_the_listeners_language_where_a_model_writes(
    tmp_path: Path,
) -> None:
    ada = replace(ADA, listener=replace(ADA.listener, language="de"))
    german = words_in("de")
    stage = opened(tmp_path, can_translate=True)
    await stage.sends(ada)
    await stage.is_read("One", "Two")
    await stage.inbox.on_command(ada, "settings", "")
    (view,) = [v for v in stage.chat.messages.values() if isinstance(v, NoticeView)]
    own, mine = _buttons(view, Verb.TAKEAWAYS_IN)
    assert own.label == f"● {german(messages.AS_THE_DOCUMENT_DOES)}"
    assert mine.label == "Deutsch"
    for _ in range(2):
        await stage.inbox.on_tap(ada, mine.action.encoded(), "2")
    assert stage.jobs.summed_up == [(BEES, "de")]
    await stage.sends(ada)  # while it is written
    assert stage.jobs.summed_up == [(BEES, "de")] * 2
    await stage.library.save_takeaways(BEES, "Bienen reden.", {}, language="de")
    await stage.sends(ada)
    assert len(stage.jobs.summed_up) == 2
    progress = await stage.library.progress(ada.listener.id, BEES)
    assert progress is not None
    card = cards.card(cards.CardContext(words=german, menu_size=10), progress)
    assert card.summary == "Bienen reden."


async def test_without_a_model_no_language_of_takeaways_can_be_chosen(stage: Stage) -> None:
    await stage.inbox.on_command(ADA, "settings", "")
    (view,) = [v for v in stage.chat.messages.values() if isinstance(v, NoticeView)]
    assert _buttons(view, Verb.LANGUAGE)
    assert _buttons(view, Verb.TAKEAWAYS_IN) == []


async def test_a_card_switches_to_the_brief_version_and_what_was_heard_stays_heard(
    stage: Stage,
) -> None:
    await stage.sends(ADA)
    await stage.is_read("One", "Two")
    await stage.has_spoken(1, 2)
    await stage.library.mark(ADA.listener.id, BEES, [1], ListeningState.HEARD)
    (button,) = _buttons(await _card(stage), Verb.MODE)
    assert button.label == messages.BUTTON_BRIEF
    await stage.inbox.on_tap(ADA, button.action.encoded(), "1")
    assert (await _narration(stage)).mode is Mode.BRIEF
    brief = replace(ENGLISH, mode=Mode.BRIEF)
    assert stage.jobs.speaks == [(BEES, 1, brief), (BEES, 2, brief)]
    card = await _card(stage)
    assert "Brief" in card.facts
    assert [line.mark for line in card.chapters] == ["✓", "○"]
    (back,) = _buttons(card, Verb.MODE)
    await stage.inbox.on_tap(ADA, back.action.encoded(), "1")
    assert await _narration(stage) == ENGLISH
    assert all(line.is_ready for line in (await _card(stage)).chapters)  # made once, kept


async def test_a_choice_is_the_listeners_own_and_the_default_of_their_next_documents(
    stage: Stage,
) -> None:
    for sender in (ADA, TOM):
        await stage.sends(sender)
    await stage.is_read("One", "Two")
    await stage.taps(ADA, Verb.SPEED, 150)
    await stage.taps(ADA, Verb.VOICE, 1)
    assert await _narration(stage) == replace(ENGLISH, voice="hibari:sky", speed=1.5)
    assert await _narration(stage, TOM.listener.id) == ENGLISH
    await stage.sends(ADA, b"%PDF-1.7 another", "more.pdf")
    newest = (await stage.library.shelf(ADA.listener.id))[0]
    assert (newest.narration.voice, newest.narration.speed) == ("hibari:sky", 1.5)


async def test_the_work_that_nobody_wants_any_more_is_stopped(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One", "Two")
    await stage.sends(ADA)  # now that it is read, its chapters are to be spoken
    assert {narration for *_, narration in stage.jobs.speaks} == {ENGLISH}
    await stage.taps(ADA, Verb.MODE, 1)
    assert {narration.mode for *_, narration in stage.jobs.speaks} == {Mode.BRIEF}


async def test_work_that_somebody_else_waits_for_goes_on(stage: Stage) -> None:
    for sender in (ADA, TOM):
        await stage.sends(sender)
    await stage.is_read("One", "Two")
    await stage.sends(TOM)
    await stage.taps(ADA, Verb.MODE, 1)
    assert {narration.mode for *_, narration in stage.jobs.speaks} == {Mode.ORIGINAL, Mode.BRIEF}


@pytest.mark.parametrize(
    ("verb", "number"), [(Verb.VOICE, 99), (Verb.SPEED, 5), (Verb.SPEED, 999), (Verb.MODE, 7)]
)
async def test_a_forged_choice_changes_nothing(verb: Verb, number: int, stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One", "Two")
    await stage.taps(ADA, verb, number)
    assert await _narration(stage) == ENGLISH


async def test_settings_of_a_document_tell_what_is_chosen_and_change_in_place(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One", "Two")
    await stage.taps(ADA, Verb.SETTINGS)
    view = stage.last()
    assert isinstance(view, NoticeView)
    for part in ("On Bees", "Voice: Heart", "Speed: 1 ×", "Mode: Original"):
        assert part in view.text
    faster = next(b for b in _buttons(view, Verb.SPEED) if b.label == "1.25 ×")
    message = list(stage.chat.messages)[-1][1]
    await stage.inbox.on_tap(ADA, faster.action.encoded(), message)
    changed = stage.chat.messages[ADA.conversation, message]
    assert isinstance(changed, NoticeView)
    assert "Speed: 1.25 ×" in changed.text
    assert "● 1.25 ×" in [button.label for button in _buttons(changed, Verb.SPEED)]


@pytest.mark.parametrize(
    ("said", "speed"), [("1.25", 1.25), ("1,5x", 1.5), ("9", 1.0), ("fast", 1.0), ("", 1.0)]
)
async def test_speed_is_said_in_numbers(said: str, speed: float, stage: Stage) -> None:
    await stage.inbox.on_command(ADA, "speed", said)
    await stage.sends(ADA)
    assert (await _narration(stage)).speed == speed


async def test_a_choice_without_a_document_is_for_those_to_come(stage: Stage) -> None:
    await stage.inbox.on_command(ADA, "settings", "")
    view = stage.last()
    assert isinstance(view, NoticeView)
    assert view.text.startswith(messages.SETTINGS_FOR_LATER)
    brief = _buttons(view, Verb.CHOSEN_MODE)[1]
    await stage.inbox.on_tap(ADA, brief.action.encoded(), "1")
    await stage.sends(ADA)
    assert (await _narration(stage)).mode is Mode.BRIEF


async def test_voices_are_heard_with_a_sentence_of_the_document_and_chosen_below_it(
    stage: Stage,
) -> None:
    await stage.sends(ADA)
    await stage.is_read("One", "Two")
    await stage.library.save_preferences(ADA.listener, Preferences(takeaways="de"))
    await stage.library.save_takeaways(BEES, "Bienen reden.", {}, language="de")
    await stage.inbox.on_command(ADA, "voice", "")
    await until(lambda: len(stage.chat.tracks) >= 3)
    notes = [track.note for track in stage.chat.tracks]
    assert [note.title for note in notes] == ["Heart", "Sky", "Espeak (simple)"]
    assert {note.takeaway for note in notes} == {"Bees find their way home."}
    (button,) = notes[1].buttons[0]
    before = dict(stage.chat.messages)
    await stage.inbox.on_tap(ADA, button.action.encoded(), notes_message(stage, 1))
    assert before.items() <= stage.chat.messages.items()  # the note itself is not written over
    assert (await _narration(stage)).voice == "hibari:sky"
    await stage.inbox.close()


def notes_message(stage: Stage, place: int) -> str:
    return stage.chat.tracks[place].message


async def test_without_a_document_voices_are_offered_silently(stage: Stage) -> None:
    await stage.inbox.on_command(ADA, "voice", "")
    assert [b.label for b in _buttons(stage.last(), Verb.VOICE)] == [
        "● Heart", "Sky", "Espeak (simple)"
    ]  # fmt: skip
    assert not stage.chat.tracks


async def test_words_are_said_as_the_listener_says_from_the_next_document_on(stage: Stage) -> None:
    await stage.inbox.on_command(ADA, "say", "SQLite = ess cue lite")
    assert "ess cue lite" in stage.last_text()
    for sender in (ADA, TOM):
        await stage.sends(sender)
    assert (await _narration(stage)).lexicon == (("SQLite", "ess cue lite"),)
    assert (await _narration(stage, TOM.listener.id)).lexicon == ()
    assert (await _narration(stage)).key != (await _narration(stage, TOM.listener.id)).key
    await stage.inbox.on_command(ADA, "say", "")
    assert "SQLite = ess cue lite" in stage.last_text()
    await stage.inbox.on_command(ADA, "say", "SQLite =")
    await stage.inbox.on_command(ADA, "say", "")
    assert "SQLite = ess cue lite" not in stage.last_text().removeprefix(messages.SAY_HELP)


async def test_a_word_too_long_to_keep_is_refused_with_a_sentence(stage: Stage) -> None:
    await stage.inbox.on_command(ADA, "say", f"{'x' * 61} = ex")
    assert "60 characters" in stage.last_text()


async def test_a_simple_voice_is_told_on_the_card(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One", "Two")
    assert messages.SIMPLE_VOICE not in (await _card(stage)).skipped
    await stage.taps(ADA, Verb.VOICE, 2)
    assert messages.SIMPLE_VOICE in (await _card(stage)).skipped


async def test_minutes_before_speaking_follow_the_speed_and_the_mode(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One", "Two")
    await stage.taps(ADA, Verb.SPEED, 200)
    progress = await stage.library.progress(ADA.listener.id, BEES)
    assert progress is not None
    assert progress.seconds == pytest.approx(60.0)
    await stage.taps(ADA, Verb.MODE, 1)
    progress = await stage.library.progress(ADA.listener.id, BEES)
    assert progress is not None
    assert progress.seconds < 60.0


def test_actions_of_choices_fit_a_button() -> None:
    action = Action(verb=Verb.SPEED, document=BEES[:16], number=200)
    assert Action.decoded(action.encoded()) == action
    assert a_track(BEES, 1).narration.lexicon == ()


# --- translations -------------------------------------------------------------------------------

DIETER = Sender(
    listener=Listener(platform="memory", account="dieter", language="de"),
    conversation=Conversation(platform="memory", channel="dieter"),
)
GERMAN = Narration(voice="espeak:default", mode=Mode.TRANSLATION, language="de")


@pytest.fixture
async def translating(tmp_path: Path) -> Stage:
    found = opened(tmp_path, can_translate=True)
    await found.sends(DIETER)
    await found.is_read("One", "Two")
    return found


def _chosen_mode(stage: Stage) -> tuple[list[str], str]:
    """The modes on offer, and the line that says which is chosen."""
    view = stage.last()
    assert isinstance(view, NoticeView)
    labels = [button.label.removeprefix("● ") for button in _buttons(view, Verb.CHOSEN_MODE)]
    lines = view.text.splitlines()
    return labels, next(line for line in lines if line.startswith(("Mode: ", "Fassung: ")))


async def test_with_a_model_a_document_can_be_had_in_the_listeners_language(
    translating: Stage,
) -> None:
    await translating.taps(DIETER, Verb.SETTINGS)
    assert _chosen_mode(translating) == (["Original", "Kurz", "Deutsch"], "Fassung: Original")
    await translating.taps(DIETER, Verb.MODE, 2)
    assert await _narration(translating, "memory:dieter") == GERMAN
    assert translating.jobs.speaks == [(BEES, 1, GERMAN), (BEES, 2, GERMAN)]
    progress = await translating.library.progress("memory:dieter", BEES)
    assert progress is not None
    card = cards.card(cards.CardContext(words=ENGLISH_WORDS, menu_size=10), progress)
    assert "· Deutsch ·" in card.facts
    assert messages.TRANSLATED in card.skipped
    await translating.taps(DIETER, Verb.SETTINGS)
    assert _chosen_mode(translating) == (["Original", "Kurz", "Deutsch"], "Fassung: Deutsch")


async def test_the_language_that_a_listener_set_counts_before_the_one_of_the_chat(
    translating: Stage,
) -> None:
    await translating.library.save_preferences(DIETER.listener, Preferences(language="en"))
    await translating.taps(DIETER, Verb.SETTINGS)
    assert _chosen_mode(translating)[0] == ["Original", "Brief"]  # it is English already


@pytest.mark.parametrize("language", ["en", "xx"])
async def test_a_document_in_the_listeners_language_or_in_one_nobody_speaks_is_not_translated(
    translating: Stage, language: str
) -> None:
    sender = replace(DIETER, listener=replace(DIETER.listener, language=language))
    await translating.taps(sender, Verb.SETTINGS)
    assert _chosen_mode(translating)[0] == ["Original", "Brief"]
    await translating.taps(sender, Verb.MODE, 2)  # a forged button
    assert await _narration(translating, "memory:dieter") == ENGLISH


async def test_without_a_model_no_translation_is_offered_or_made(stage: Stage) -> None:
    await stage.sends(DIETER)
    await stage.is_read("One")
    await stage.taps(DIETER, Verb.SETTINGS)
    assert _chosen_mode(stage)[0] == ["Original", "Kurz"]
    await stage.taps(DIETER, Verb.MODE, 2)
    assert await _narration(stage, "memory:dieter") == ENGLISH


async def test_back_to_the_original_it_is_read_by_the_listeners_own_voice_again(
    translating: Stage,
) -> None:
    wanted = Preferences(voice="hibari:sky")
    await translating.library.save_preferences(DIETER.listener, wanted)
    await translating.taps(DIETER, Verb.MODE, 2)
    await translating.taps(DIETER, Verb.SPEED, 125)
    await translating.taps(DIETER, Verb.VOICE, 2)
    narration = await _narration(translating, "memory:dieter")
    assert narration == replace(GERMAN, speed=1.25)
    progress = await translating.library.progress("memory:dieter", BEES)
    assert progress is not None
    (back,) = _buttons(
        cards.card(cards.CardContext(words=ENGLISH_WORDS, menu_size=10), progress), Verb.MODE
    )
    assert back.label == messages.BUTTON_ORIGINAL
    await translating.inbox.on_tap(DIETER, back.action.encoded(), "1")
    assert await _narration(translating, "memory:dieter") == Narration(
        voice="hibari:sky", speed=1.25
    )


async def test_a_translation_is_for_one_document_and_no_default(translating: Stage) -> None:
    await translating.taps(DIETER, Verb.MODE, 2)
    assert await translating.library.preferences("memory:dieter") == Preferences()
    assert translating.jobs.speaks
