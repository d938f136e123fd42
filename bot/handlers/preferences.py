"""How a listener wants to hear and be spoken to: voice, speed, mode, format, language.

A choice below a document changes that document, and is the default for those to come. Without a
document it is the default alone. A translation is chosen for one document: a model makes it, and
that is paid for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Protocol

from bot.commands import Command, Section
from bot.domain import Preferences, Progress, Sender
from bot.handlers.choices import (
    TRANSLATED,
    Places,
    choices_view,
    chosen,
    format_choice,
    keeping_row,
    language_choice,
    narration_choices,
    percent_in,
    takeaways_choice,
)
from bot.handlers.defaults import Defaults
from bot.handlers.offers import Offer, Tap
from bot.handlers.replies import Replies
from bot.ports import Library
from bot.views import Action, Verb
from bot.words import messages, words_in
from pipeline.audio.voices import VoiceCard
from pipeline.domain import Document, Mode, Narration
from pipeline.errors import NoVoice

Start = Callable[[Sender, str, Narration], Awaitable[None]]  # (…, document, the narration before)
Play = Callable[[Sender, Progress, Places], None]


class VoiceCatalogue(Protocol):
    """The voices that this installation has (`pipeline.producer.Producer`)."""

    def voices(self) -> Sequence[VoiceCard]:
        """In a fixed order, so that a button may name a place."""

    def narration_for(self, document: Document, wanted: Narration) -> Narration:
        """In the document's language, with a voice that speaks it. Raises `NoVoice`."""


class PreferencesHandler:
    """`/voice`, `/speed`, `/mode`, `/language`, `/settings`, and ⚙ of a card."""

    def __init__(
        self,
        *,
        library: Library,
        narrations: VoiceCatalogue,
        defaults: Defaults,
        replies: Replies,
        start: Start,
        sum_up: Callable[[Sender], Awaitable[None]],
        play_samples: Play,
        can_translate: bool = False,
    ) -> None:
        self._library = library
        self._narrations = narrations
        self._defaults = defaults
        self._replies = replies
        self._start = start
        self._sum_up = sum_up
        self._play_samples = play_samples
        self._can_translate = can_translate

    @property
    def offers(self) -> tuple[Offer, ...]:
        return (*self._narration_offers(), *self._setting_offers())

    def _narration_offers(self) -> tuple[Offer, ...]:
        """Of one document, or of those to come."""
        return (
            Offer(
                verb=Verb.VOICE,
                on_tap=self._choose,
                on_loose_tap=self._choose_for_later,
                command=Command(name="voice", section=Section.NARRATION, text=messages.MENU_VOICE),
                on_command=self._on_voice,
            ),
            Offer(verb=Verb.SAMPLED_VOICE, on_tap=self._choose_sampled),
            Offer(
                verb=Verb.SPEED,
                on_tap=self._choose,
                on_loose_tap=self._choose_for_later,
                command=Command(name="speed", section=Section.NARRATION, text=messages.MENU_SPEED),
                on_command=self._on_speed,
            ),
            Offer(
                verb=Verb.CHOSEN_MODE,
                on_tap=self._choose,
                on_loose_tap=self._choose_for_later,
                command=Command(name="mode", section=Section.NARRATION, text=messages.MENU_MODE),
                on_command=self._on_mode,
            ),
            Offer(verb=Verb.MODE, on_tap=self._switch_mode),
        )

    def _setting_offers(self) -> tuple[Offer, ...]:
        """Of the listener."""
        return (
            Offer(verb=Verb.FORMAT, on_loose_tap=self._choose_for_later),
            Offer(verb=Verb.TAKEAWAYS_IN, on_loose_tap=self._choose_for_later),
            Offer(
                verb=Verb.LANGUAGE,
                on_loose_tap=self._choose_for_later,
                command=Command(
                    name="language", section=Section.SETTINGS, text=messages.MENU_LANGUAGE
                ),
                on_command=self._on_language,
            ),
            Offer(
                verb=Verb.SETTINGS,
                on_tap=self._settings_of,
                on_loose_tap=self._choose_for_later,
                command=Command(
                    name="settings",
                    section=Section.SETTINGS,
                    text=messages.MENU_SETTINGS,
                    label=Verb.SETTINGS.label,
                ),
                on_command=self._on_settings,
            ),
        )

    # --- commands -------------------------------------------------------------------------------

    async def _on_settings(self, sender: Sender, argument: str) -> None:
        await self._tell(sender, None)

    async def _on_voice(self, sender: Sender, argument: str) -> None:
        """The voices that speak the newest document, each with a sentence of it."""
        shelf = await self._library.shelf(sender.listener.id)
        newest = next((progress for progress in shelf if progress.chapters), None)
        await self._tell(sender, newest, only=Verb.VOICE)
        holding = await self._library.holding(newest.holding.id) if newest else None
        if newest is not None and holding is not None:  # in its own words, not the listener's
            self._play_samples(sender, replace(newest, holding=holding), self._offered(newest))

    async def _on_speed(self, sender: Sender, argument: str) -> None:
        """`/speed 1.25` sets it, `/speed` shows the choice."""
        percent = percent_in(argument)
        if percent is not None:
            await self._save(sender, Verb.SPEED, percent)
        await self._tell(sender, None, only=Verb.SPEED)

    async def _on_mode(self, sender: Sender, argument: str) -> None:
        await self._tell(sender, None, only=Verb.CHOSEN_MODE)

    async def _on_language(self, sender: Sender, argument: str) -> None:
        await self._tell(sender, None, only=Verb.LANGUAGE)

    # --- taps -----------------------------------------------------------------------------------

    async def _settings_of(self, tap: Tap) -> None:
        await self._tell(tap.sender, tap.progress)

    async def _choose_sampled(self, tap: Tap) -> None:
        """Below a sample: that message cannot become a text."""
        action = replace(tap.action, verb=Verb.VOICE)
        await self._choose(replace(tap, action=action, message=""))

    async def _choose(self, tap: Tap) -> None:
        """Below the settings, which then tell what is chosen now."""
        await self._take(tap)
        now = await self._library.progress(tap.listener.id, tap.document)
        await self._tell(tap.sender, now or tap.progress, message=tap.message or None)

    async def _switch_mode(self, tap: Tap) -> None:
        """On the card, which tells its mode by itself."""
        await self._take(tap)

    async def _take(self, tap: Tap) -> None:
        """The document takes that narration from now on, and what was heard of it stays heard."""
        before, verb = tap.progress.narration, tap.action.verb
        if before.mode is not Mode.TRANSLATION or verb is not Verb.VOICE:
            await self._save(tap.sender, verb, tap.number)  # its voice is for it alone
        after = self._in_language_of(tap.progress, await self._change(tap))
        if after != before:
            await self._library.narrate_as(tap.listener.id, tap.document, after)
            await self._start(tap.sender, tap.document, before)

    async def _choose_for_later(self, sender: Sender, action: Action, message: str) -> None:
        """A choice that belongs to no document."""
        sender = await self._save(sender, action.verb, action.number)
        await self._tell(sender, None, message=message or None)

    async def _save(self, sender: Sender, verb: Verb, number: int) -> Sender:
        """Returns the sender, who may be spoken to in another language from now on."""
        before = await self._library.preferences(sender.listener.id)
        language = words_in(sender.listener.language).language
        after = chosen(before, self._narrations.voices(), verb, number, language=language)
        if after == before:
            return sender
        if verb is Verb.LANGUAGE and after.language:
            sender = replace(sender, listener=replace(sender.listener, language=after.language))
        await self._library.save_preferences(sender.listener, after)
        if after.takeaways != before.takeaways:
            await self._sum_up(sender)
        return sender

    async def _change(self, tap: Tap) -> Narration:
        narration, action = tap.progress.narration, tap.action
        is_mode = action.verb in (Verb.MODE, Verb.CHOSEN_MODE)
        is_to_be_translated = is_mode and action.number == TRANSLATED
        is_translated = narration.mode is Mode.TRANSLATION
        if is_mode and is_translated != is_to_be_translated:
            wanted = await self._defaults.of(tap.listener)  # of the voices of that language
            narration = replace(narration, voice=wanted.voice)
        if is_to_be_translated and (language := self._translation_for(tap.sender, tap.progress)):
            return replace(narration, mode=Mode.TRANSLATION, language=language)
        now = Preferences(voice=narration.voice, speed=narration.speed, mode=narration.mode)
        after = chosen(now, self._narrations.voices(), action.verb, action.number)
        return replace(narration, voice=after.voice, speed=after.speed, mode=after.mode)

    def _translation_for(self, sender: Sender, progress: Progress | None) -> str:
        """The language that a document can be had in beside its own: the listener's. Empty: none
        can, or that is its own."""
        if progress is None or progress.holding.document is None:
            return ""
        if progress.narration.mode is Mode.TRANSLATION:
            return progress.narration.language
        if not self._can_translate:
            return ""
        language = sender.listener.language
        is_spoken = any(language in voice.languages for voice in self._narrations.voices())
        return language if is_spoken and language != progress.holding.document.language else ""

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
        words = words_in(sender.listener.language)
        narration = progress.narration if progress else await self._defaults.of(sender.listener)
        choices = list(
            narration_choices(
                words,
                narration,
                offered=self._offered(progress),
                voices=self._narrations.voices(),
                language=self._translation_for(sender, progress),
            )
        )
        if progress is None:
            preferences = await self._library.preferences(sender.listener.id)
            choices.append(format_choice(words, preferences))
            if self._can_translate:
                choices.append(takeaways_choice(words, preferences))
            choices.append(language_choice(words, preferences))
        shown = [c for c in choices if only in (None, c.verb) and len(c.labels) > 1]
        can_export = self._replies.platform_of(sender).carries_files
        is_whole = progress is not None and only is None
        more = keeping_row(words, progress, can_export=can_export) if progress and is_whole else ()
        is_aside = only is not Verb.VOICE  # samples of voices come into the chat itself
        view = choices_view(words, shown, progress, more=more, is_aside=is_aside)
        await self._replies.show(sender, view, message=message)

    def _offered(self, progress: Progress | None) -> Places:
        """By place: the voices that speak a document's language; for later, all that are good and
        the one that speaks everything else."""
        voices = list(enumerate(self._narrations.voices()))
        if progress is not None:
            language = progress.narration.language
            return [(n, voice) for n, voice in voices if language in voice.languages]
        good = [(n, voice) for n, voice in voices if not voice.is_simple]
        simple = [(n, voice) for n, voice in voices if voice.is_simple][:1]
        return [*good, *simple]
