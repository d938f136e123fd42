"""How a listener wants to hear: voice, speed, mode, and words said their own way.

A choice below a document changes that document, and is the default for those to come. Without a
document it is the default alone. A translation is chosen for one document: a model makes it, and
that is paid for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot import messages
from bot.cards import reference
from bot.domain import Preferences, Progress, Sender
from bot.languages import name_of
from bot.ports import MAX_WORD, MAX_WORDS, Library
from bot.views import Action, Button, NoticeView, Rows, Verb, View
from pipeline.domain import Document, Mode, Narration
from pipeline.errors import NoVoice
from pipeline.producer import VoiceCard

SPEEDS = (80, 90, 100, 110, 125, 150, 175, 200)  # percent
MODES = (Mode.ORIGINAL, Mode.BRIEF)
TRANSLATED = len(MODES)  # the number of a translation's button
A_ROW = 4
CHOSEN = "● "

Show = Callable[..., Awaitable[str]]  # (sender, view, *, message=None)
Start = Callable[[Sender, str, Narration], Awaitable[None]]  # (…, document, the narration before)
Play = Callable[[Sender, Progress, Sequence[tuple[int, VoiceCard]]], None]


class Narrations(Protocol):
    """The voices that this installation has (`pipeline.producer.Producer`)."""

    def voices(self) -> Sequence[VoiceCard]:
        """In a fixed order, so that a button may name a place."""

    def narration_for(self, document: Document, wanted: Narration) -> Narration:
        """In the document's language, with a voice that speaks it. Raises `NoVoice`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """One thing to choose: its heading, the verb of its buttons, labels by number, the chosen."""

    heading: str
    verb: Verb
    labels: Mapping[int, str]
    chosen: int


class Choices:
    """`/voice`, `/speed`, `/mode`, `/settings`, `/say`, and ⚙ of a card."""

    def __init__(
        self,
        *,
        library: Library,
        narrations: Narrations,
        default: Narration,
        show: Show,
        start: Start,
        play_samples: Play,
        can_translate: bool = False,
    ) -> None:
        self._library = library
        self._narrations = narrations
        self._default = default
        self._show = show
        self._start = start
        self._play_samples = play_samples
        self._can_translate = can_translate
        self.commands = {
            "settings": self._on_settings,
            "voice": self._on_voice,
            "speed": self._on_speed,
            "mode": self._on_mode,
            "say": self._on_say,
        }
        self.verbs = frozenset(
            {Verb.SETTINGS, Verb.VOICE, Verb.SAMPLED_VOICE, Verb.SPEED, Verb.MODE}
        )

    async def wanted_by(self, listener: str) -> Narration:
        """What a listener wants of documents to come."""
        chosen = await self._library.preferences(listener)
        words = await self._library.words(listener)
        return replace(
            self._default,
            voice=chosen.voice or self._default.voice,
            speed=chosen.speed,
            mode=chosen.mode,
            lexicon=tuple(sorted(words.items())),
        )

    # --- commands -------------------------------------------------------------------------------

    async def _on_settings(self, sender: Sender, argument: str) -> None:
        await self._tell(sender, None)

    async def _on_voice(self, sender: Sender, argument: str) -> None:
        """The voices that speak the newest document, each with a sentence of it."""
        shelf = await self._library.shelf(sender.listener.id)
        newest = next((progress for progress in shelf if progress.chapters), None)
        await self._tell(sender, newest, only=Verb.VOICE)
        if newest is not None:
            self._play_samples(sender, newest, self._offered(newest))

    async def _on_speed(self, sender: Sender, argument: str) -> None:
        """`/speed 1.25` sets it, `/speed` shows the choice."""
        percent = _percent(argument)
        if percent is not None:
            await self._save(sender, Verb.SPEED, percent)
        await self._tell(sender, None, only=Verb.SPEED)

    async def _on_mode(self, sender: Sender, argument: str) -> None:
        await self._tell(sender, None, only=Verb.MODE)

    async def _on_say(self, sender: Sender, argument: str) -> None:
        """`/say SQLite = ess cue lite`; without a sound the word is forgotten; alone: the list."""
        written, _, spoken = (part.strip() for part in argument.partition("="))
        if not written:
            await self._tell_words(sender)
            return
        try:
            await self._library.save_word(sender.listener.id, written, spoken)
        except ValueError:
            text = messages.SAY_LIMITS.format(words=MAX_WORDS, signs=MAX_WORD)
        else:
            sentence = messages.SAY_NOTED if spoken else messages.SAY_FORGOTTEN
            text = sentence.format(written=written, spoken=spoken)
        await self._show(sender, NoticeView(text=text))

    async def _tell_words(self, sender: Sender) -> None:
        words = await self._library.words(sender.listener.id)
        lines = [f"{written} = {spoken}" for written, spoken in sorted(words.items())]
        await self._show(
            sender, NoticeView(text="\n".join((messages.SAY_HELP, "", *lines)).strip())
        )

    # --- taps -----------------------------------------------------------------------------------

    async def on_document(
        self, sender: Sender, progress: Progress, action: Action, message: str
    ) -> None:
        """⚙ of a card, or a choice for it: it takes that narration from now on, and what was heard
        of it stays heard."""
        document, before = progress.holding.id, progress.narration
        is_editable = action.verb is not Verb.SAMPLED_VOICE
        if not is_editable:
            action = replace(action, verb=Verb.VOICE)
        if action.verb is Verb.SETTINGS:
            await self._tell(sender, progress)
            return
        if before.mode is not Mode.TRANSLATION or action.verb is not Verb.VOICE:
            await self._save(sender, action.verb, action.number)  # its voice is for it alone
        after = self._in_language_of(progress, await self._changed(sender, progress, action))
        if after != before:
            await self._library.narrate_as(sender.listener.id, document, after)
            await self._start(sender, document, before)
        now = await self._library.progress(sender.listener.id, document)
        if action.verb is not Verb.MODE:  # the card itself tells the mode
            await self._tell(sender, now or progress, message=message if is_editable else None)

    async def for_later(self, sender: Sender, action: Action, message: str) -> None:
        """A choice that belongs to no document."""
        if action.verb is not Verb.SETTINGS:
            await self._save(sender, action.verb, action.number)
        await self._tell(sender, None, message=message)

    async def _save(self, sender: Sender, verb: Verb, number: int) -> None:
        before = await self._library.preferences(sender.listener.id)
        after = _chosen(before, self._narrations.voices(), verb, number)
        if after != before:
            await self._library.save_preferences(sender.listener, after)

    async def _changed(self, sender: Sender, progress: Progress, action: Action) -> Narration:
        narration = progress.narration
        is_to_be_translated = action.verb is Verb.MODE and action.number == TRANSLATED
        is_translated = narration.mode is Mode.TRANSLATION
        if action.verb is Verb.MODE and is_translated != is_to_be_translated:
            wanted = await self.wanted_by(sender.listener.id)  # of the voices of that language
            narration = replace(narration, voice=wanted.voice)
        if is_to_be_translated and (language := await self._translation_for(sender, progress)):
            return replace(narration, mode=Mode.TRANSLATION, language=language)
        now = Preferences(voice=narration.voice, speed=narration.speed, mode=narration.mode)
        chosen = _chosen(now, self._narrations.voices(), action.verb, action.number)
        return replace(narration, voice=chosen.voice, speed=chosen.speed, mode=chosen.mode)

    async def _translation_for(self, sender: Sender, progress: Progress | None) -> str:
        """The language that a document can be had in beside its own: the listener's. Empty: none
        can, or that is its own."""
        if progress is None or progress.holding.document is None:
            return ""
        if progress.narration.mode is Mode.TRANSLATION:
            return progress.narration.language
        if not self._can_translate:
            return ""
        document = progress.holding.document
        chosen = await self._library.preferences(sender.listener.id)
        language = chosen.language or sender.listener.language
        is_spoken = any(language in voice.languages for voice in self._narrations.voices())
        return language if is_spoken and language != document.language else ""

    def _in_language_of(self, progress: Progress, wanted: Narration) -> Narration:
        document = progress.holding.document
        try:
            return self._narrations.narration_for(document, wanted) if document else wanted
        except NoVoice:  # it was read while there was one
            return progress.narration

    # --- the view -------------------------------------------------------------------------------

    async def _tell(
        self,
        sender: Sender,
        progress: Progress | None,
        *,
        only: Verb | None = None,
        message: str | None = None,
    ) -> None:
        narration = progress.narration if progress else await self.wanted_by(sender.listener.id)
        language = await self._translation_for(sender, progress)
        choices = [
            choice
            for choice in self._choices(narration, progress, language)
            if only in (None, choice.verb) and len(choice.labels) > 1
        ]
        view: View = _view(choices, progress)
        await self._show(sender, view, message=message)

    def _choices(
        self, narration: Narration, progress: Progress | None, language: str
    ) -> Sequence[_Choice]:
        """`language`: that the document can be translated into."""
        voices = {place: voice.name for place, voice in self._offered(progress)}
        ids = {voice.id: place for place, voice in enumerate(self._narrations.voices())}
        return (
            _Choice(
                heading=messages.SETTINGS_VOICE,
                verb=Verb.VOICE,
                labels=voices,
                chosen=ids.get(narration.voice, -1),
            ),
            _Choice(
                heading=messages.SETTINGS_SPEED,
                verb=Verb.SPEED,
                labels={percent: f"{percent / 100:g} ×" for percent in SPEEDS},
                chosen=round(narration.speed * 100),
            ),
            _Choice(
                heading=messages.SETTINGS_MODE,
                verb=Verb.MODE,
                labels=_modes(language),
                chosen=TRANSLATED
                if narration.mode is Mode.TRANSLATION
                else MODES.index(narration.mode),
            ),
        )

    def _offered(self, progress: Progress | None) -> Sequence[tuple[int, VoiceCard]]:
        """By place: the voices that speak a document's language; for later, all that are good and
        the one that speaks everything else."""
        voices = list(enumerate(self._narrations.voices()))
        if progress is not None:
            language = progress.narration.language
            return [(n, voice) for n, voice in voices if language in voice.languages]
        good = [(n, voice) for n, voice in voices if not voice.is_simple]
        simple = [(n, voice) for n, voice in voices if voice.is_simple][:1]
        return [*good, *simple]


def _modes(language: str) -> Mapping[int, str]:
    modes = {number: messages.MODES[mode] for number, mode in enumerate(MODES)}
    return modes | {TRANSLATED: name_of(language)} if language else modes


def _chosen(
    before: Preferences, voices: Sequence[VoiceCard], verb: Verb, number: int
) -> Preferences:
    """A number that names nothing changes nothing: buttons may be old or forged."""
    if verb is Verb.VOICE and number < len(voices):
        return replace(before, voice=voices[number].id)
    if verb is Verb.SPEED and SPEEDS[0] <= number <= SPEEDS[-1]:
        return replace(before, speed=number / 100)
    if verb is Verb.MODE and number < len(MODES):
        return replace(before, mode=MODES[number])
    return before


def _view(choices: Sequence[_Choice], progress: Progress | None) -> NoticeView:
    """What is chosen stands in the text, what can be chosen in the buttons."""
    document = reference(progress.holding.id) if progress else ""
    heading = (
        messages.SETTINGS_OF.format(title=progress.holding.title)
        if progress
        else messages.SETTINGS_FOR_LATER
    )
    lines = [
        choice.heading.format(value=choice.labels.get(choice.chosen, "–")) for choice in choices
    ]
    rows = [row for choice in choices for row in _rows(choice, document)]
    return NoticeView(text="\n".join((heading, *lines)), buttons=tuple(rows))


def _rows(choice: _Choice, document: str) -> Rows:
    buttons = [
        Button(
            label=f"{CHOSEN if number == choice.chosen else ''}{label}",
            action=Action(verb=choice.verb, document=document, number=number),
        )
        for number, label in choice.labels.items()
    ]
    return tuple(tuple(buttons[at : at + A_ROW]) for at in range(0, len(buttons), A_ROW))


def _percent(text: str) -> int | None:
    try:
        percent = round(100 * float(text.strip().rstrip("x×").replace(",", ".")))
    except (ValueError, OverflowError):
        return None
    return percent if SPEEDS[0] <= percent <= SPEEDS[-1] else None
