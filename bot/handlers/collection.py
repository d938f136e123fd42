"""All handlers there are. Whoever writes a new one adds it here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from bot.handlers.defaults import Defaults
from bot.handlers.documents import DocumentHandler
from bot.handlers.exporting import ExportHandler
from bot.handlers.greeting import GreetingHandler
from bot.handlers.links import LinkHandler
from bot.handlers.listening import ListeningHandler
from bot.handlers.locked import LockedHandler, Unlocker
from bot.handlers.offers import Handler, Offers
from bot.handlers.operating import OperatingHandler
from bot.handlers.policy import Policy
from bot.handlers.preferences import PreferencesHandler, VoiceCatalogue
from bot.handlers.privacy import PrivacyHandler
from bot.handlers.pronunciation import PronunciationHandler
from bot.handlers.replies import Replies
from bot.handlers.samples import ChapterSpeaker, SampleHandler
from bot.handlers.sharing import SharingHandler
from bot.handlers.shelf import ShelfHandler
from bot.ports import ChatPlatform, FileStore, Jobs, Ledger, Library
from bot.presenters.drawing import Drawing
from bot.work.covers import CoverDrawer, Covers
from bot.work.mending import Mending


class Studio(VoiceCatalogue, ChapterSpeaker, Unlocker, CoverDrawer, Protocol):
    """What knows the voices, speaks, unlocks and draws (`pipeline.producer.Producer`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What handlers work with."""

    library: Library
    ledger: Ledger
    files: FileStore
    jobs: Jobs
    platforms: Mapping[str, ChatPlatform]
    producer: Studio
    covers: Covers


class Handlers:
    """Each handler once, and what all of them offer. Raises `ValueError` where two offer the
    same."""

    def __init__(self, policy: Policy, services: Services) -> None:
        self._policy = policy
        self._services = services
        self.offers = Offers(offer for handler in self.all for offer in handler.offers)

    @property
    def all(self) -> Sequence[Handler]:
        """Within a section, menus show commands in this order."""
        return (
            self.shelf,
            self.listening,
            self.preferences,
            self.pronunciation,
            self.exporting,
            self.documents,
            self.locked,
            self.sharing,
            self.privacy,
            self.greeting,
            self.operating,
        )

    async def close(self) -> None:
        """What plays or packs by itself ends."""
        await self.samples.close()
        await self.exporting.close()

    # --- what they share ------------------------------------------------------------------------

    @cached_property
    def drawing(self) -> Drawing:
        voices = self._services.producer.voices()
        return Drawing(self._services.library, self._policy.quota, voices)

    @cached_property
    def mending(self) -> Mending:
        return Mending(
            library=self._services.library,
            files=self._services.files,
            jobs=lambda: self._services.jobs,
        )

    @cached_property
    def replies(self) -> Replies:
        return Replies(
            library=self._services.library, platforms=self._services.platforms, drawing=self.drawing
        )

    @cached_property
    def defaults(self) -> Defaults:
        return Defaults(self._services.library, self._policy.narration)

    # --- one each -------------------------------------------------------------------------------

    @cached_property
    def documents(self) -> DocumentHandler:
        return DocumentHandler(
            library=self._services.library,
            files=self._services.files,
            jobs=self._services.jobs,
            producer=self._services.producer,
            replies=self.replies,
            quota=self._policy.quota,
            wanted_by=self.defaults.of,
        )

    @cached_property
    def locked(self) -> LockedHandler:
        return LockedHandler(
            library=self._services.library,
            files=self._services.files,
            producer=self._services.producer,
            replies=self.replies,
            documents=self.documents,
        )

    @cached_property
    def links(self) -> LinkHandler:
        """Offers nothing by name: an address is enough."""
        return LinkHandler(
            links=self._policy.links,
            replies=self.replies,
            documents=self.documents,
            limit=self._policy.max_bytes,
        )

    @cached_property
    def listening(self) -> ListeningHandler:
        return ListeningHandler(
            library=self._services.library,
            jobs=self._services.jobs,
            replies=self.replies,
            documents=self.documents,
        )

    @cached_property
    def shelf(self) -> ShelfHandler:
        return ShelfHandler(library=self._services.library, replies=self.replies)

    @cached_property
    def sharing(self) -> SharingHandler:
        return SharingHandler(
            library=self._services.library, replies=self.replies, documents=self.documents
        )

    @cached_property
    def exporting(self) -> ExportHandler:
        return ExportHandler(
            library=self._services.library,
            files=self._services.files,
            replies=self.replies,
            mending=self.mending,
            covers=self._services.covers,
        )

    @cached_property
    def samples(self) -> SampleHandler:
        """Offers nothing itself: the voices of `/voice` are its samples."""
        return SampleHandler(speaking=self._services.producer, platforms=self._services.platforms)

    @cached_property
    def preferences(self) -> PreferencesHandler:
        return PreferencesHandler(
            library=self._services.library,
            narrations=self._services.producer,
            defaults=self.defaults,
            replies=self.replies,
            start=self.documents.start_otherwise,
            sum_up=self.documents.sum_up_newest,
            play_samples=self.samples.play,
            can_translate=self._policy.can_translate,
        )

    @cached_property
    def pronunciation(self) -> PronunciationHandler:
        return PronunciationHandler(library=self._services.library, replies=self.replies)

    @cached_property
    def privacy(self) -> PrivacyHandler:
        return PrivacyHandler(
            library=self._services.library,
            replies=self.replies,
            documents=self.documents,
            model_hosts=self._policy.model_hosts,
            carriers=self._policy.carriers,
        )

    @cached_property
    def operating(self) -> OperatingHandler:
        return OperatingHandler(
            library=self._services.library,
            ledger=self._services.ledger,
            replies=self.replies,
            free_bytes=self._policy.free_bytes,
        )

    @cached_property
    def greeting(self) -> GreetingHandler:
        return GreetingHandler(
            replies=self.replies, sharing=self.sharing, commands=lambda: self.offers.commands
        )
