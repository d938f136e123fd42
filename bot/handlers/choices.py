"""What can be chosen, as a text that tells what is chosen and buttons that change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain import Preferences, Progress
from bot.presenters.buttons import button, reference
from bot.views import Action, Button, NoticeView, Rows, Verb
from bot.words import LANGUAGES, Words, messages
from bot.words.languages import name_of
from pipeline.audio.voices import VoiceCard
from pipeline.domain import Mode, Narration

SPEEDS = (80, 90, 100, 110, 125, 150, 175, 200)  # percent
MODES = (Mode.ORIGINAL, Mode.BRIEF)
TRANSLATED = len(MODES)  # the number of a translation's button
FORMATS = (messages.AS_VOICE_NOTE, messages.AS_FILE)
A_ROW = 4
CHOSEN = "● "

Places = Sequence[tuple[int, VoiceCard]]  # voices by their place among all


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to choose: its heading, the verb of its buttons, labels by number, the chosen."""

    heading: str
    verb: Verb
    labels: Mapping[int, str]
    chosen: int


def narration_choices(
    words: Words,
    narration: Narration,
    *,
    offered: Places,
    voices: Sequence[VoiceCard],
    language: str,
) -> Sequence[Choice]:
    """`language`: that the document can be translated into; empty: none."""
    ids = {voice.id: place for place, voice in enumerate(voices)}
    is_translated = narration.mode is Mode.TRANSLATION
    return (
        Choice(
            heading=messages.SETTINGS_VOICE,
            verb=Verb.VOICE,
            labels={place: voice.name for place, voice in offered},
            chosen=ids.get(narration.voice, -1),
        ),
        Choice(
            heading=messages.SETTINGS_SPEED,
            verb=Verb.SPEED,
            labels={percent: f"{percent / 100:g} ×" for percent in SPEEDS},
            chosen=round(narration.speed * 100),
        ),
        Choice(
            heading=messages.SETTINGS_MODE,
            verb=Verb.CHOSEN_MODE,
            labels=_modes(words, language),
            chosen=TRANSLATED if is_translated else MODES.index(narration.mode),
        ),
    )


def _modes(words: Words, language: str) -> Mapping[int, str]:
    modes = {number: words(messages.MODES[mode]) for number, mode in enumerate(MODES)}
    return modes | {TRANSLATED: name_of(language)} if language else modes


def format_choice(words: Words, preferences: Preferences) -> Choice:
    return Choice(
        heading=messages.SETTINGS_FORMAT,
        verb=Verb.FORMAT,
        labels={number: words(text) for number, text in enumerate(FORMATS)},
        chosen=int(preferences.is_file),
    )


def takeaways_choice(words: Words, preferences: Preferences) -> Choice:
    """Each document's own language, or the one that the listener is spoken to in."""
    return Choice(
        heading=messages.SETTINGS_TAKEAWAYS,
        verb=Verb.TAKEAWAYS_IN,
        labels={
            0: words(messages.AS_THE_DOCUMENT_DOES),
            1: name_of(preferences.takeaways or words.language),
        },
        chosen=int(bool(preferences.takeaways)),
    )


def language_choice(words: Words, preferences: Preferences) -> Choice:
    names = {number: name_of(code) for number, code in enumerate(LANGUAGES, start=1)}
    chosen = preferences.language
    return Choice(
        heading=messages.SETTINGS_LANGUAGE,
        verb=Verb.LANGUAGE,
        labels={0: words(messages.AS_THE_CHAT_DOES), **names},
        chosen=LANGUAGES.index(chosen) + 1 if chosen in LANGUAGES else 0,
    )


def chosen(
    before: Preferences,
    voices: Sequence[VoiceCard],
    verb: Verb,
    number: int,
    *,
    language: str = "",
) -> Preferences:
    """A number that names nothing changes nothing: buttons may be old or forged. `language`: that
    the listener is spoken to in."""
    if verb is Verb.VOICE and number < len(voices):
        return replace(before, voice=voices[number].id)
    if verb is Verb.SPEED and SPEEDS[0] <= number <= SPEEDS[-1]:
        return replace(before, speed=number / 100)
    if verb in (Verb.MODE, Verb.CHOSEN_MODE) and number < len(MODES):
        return replace(before, mode=MODES[number])
    if verb is Verb.FORMAT and number < len(FORMATS):
        return replace(before, is_file=bool(number))
    if verb is Verb.TAKEAWAYS_IN and number <= 1:
        return replace(before, takeaways=("", before.takeaways or language)[number])
    if verb is Verb.LANGUAGE and number <= len(LANGUAGES):
        return replace(before, language=("", *LANGUAGES)[number])
    return before


def choices_view(
    words: Words,
    choices: Sequence[Choice],
    progress: Progress | None,
    *,
    more: Rows = (),
    is_aside: bool = True,
) -> NoticeView:
    """What is chosen stands in the text, what can be chosen in the buttons; `more` below them."""
    document = reference(progress.holding.id) if progress else ""
    heading = (
        words(messages.SETTINGS_OF, title=progress.title)
        if progress
        else words(messages.SETTINGS_FOR_LATER)
    )
    lines = [
        words(choice.heading, value=choice.labels.get(choice.chosen, "–")) for choice in choices
    ]
    rows = [row for choice in choices for row in _rows(choice, document)]
    text = "\n".join((heading, *lines))
    return NoticeView(text=text, buttons=(*rows, *more), is_aside=is_aside)


def keeping_row(words: Words, progress: Progress, *, can_export: bool) -> Rows:
    """What else can be done with a document."""
    rename = button(words, Verb.RENAME, progress)
    export = button(words, Verb.EXPORT, progress)
    delete = button(words, Verb.ASK_DELETE, progress)
    return ((rename, export, delete) if can_export else (rename, delete),)


def _rows(choice: Choice, document: str) -> Rows:
    is_of_listener = choice.verb in (Verb.FORMAT, Verb.TAKEAWAYS_IN, Verb.LANGUAGE)
    buttons = [
        Button(
            label=f"{CHOSEN if number == choice.chosen else ''}{label}",
            action=Action(
                verb=choice.verb, document="" if is_of_listener else document, number=number
            ),
        )
        for number, label in choice.labels.items()
    ]
    return tuple(tuple(buttons[at : at + A_ROW]) for at in range(0, len(buttons), A_ROW))


def percent_in(text: str) -> int | None:
    """`1.25`, `1,25x`: 125; None for what is no speed of ours."""
    try:
        percent = round(100 * float(text.strip().rstrip("x×").replace(",", ".")))
    except (ValueError, OverflowError):
        return None
    return percent if SPEEDS[0] <= percent <= SPEEDS[-1] else None
