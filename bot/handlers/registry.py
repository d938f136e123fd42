"""The rooms of one policy: what the operator decided, and all rooms with what they need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.handlers.documents import DocumentHandler
from bot.handlers.exporting import ExportHandler
from bot.handlers.links import LinkHandler
from bot.handlers.listening import ListeningHandler
from bot.handlers.locked import LockedHandler, Unlocker
from bot.handlers.operating import EVERYBODY, Admission, OperatingHandler
from bot.handlers.preferences import Defaults, PreferencesHandler, VoiceCatalogue
from bot.handlers.privacy import ModelHosts, PrivacyHandler
from bot.handlers.replies import OnCommand, OnLoose, OnTap, Replies
from bot.handlers.samples import ChapterSpeaker, SampleHandler
from bot.handlers.sharing import SharingHandler
from bot.handlers.shelf import ShelfHandler
from bot.ports import ChatPlatform, FileStore, Jobs, Ledger, Library, Links
from bot.presenters.drawing import Drawing
from bot.quota import UNLIMITED, Quota
from bot.views import Verb
from pipeline.domain import Narration

MEGABYTE = 1024 * 1024


class Studio(VoiceCatalogue, ChapterSpeaker, Unlocker, Protocol):
    """What knows the voices, speaks and unlocks (`pipeline.producer.Producer`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the operator decided, and what there is beside the stores."""

    narration: Narration  # the default
    max_pdf_mb: int
    can_translate: bool = False
    admission: Admission = EVERYBODY
    quota: Quota = UNLIMITED
    model_hosts: ModelHosts = ModelHosts()  # noqa: RUF009 - frozen
    links: Links | None = None
    free_bytes: Callable[[], int] = lambda: 0

    @property
    def max_bytes(self) -> int:
        return self.max_pdf_mb * MEGABYTE


class Handlers:
    """`taps`, `loose_taps` (about no document), `commands`: which room replies what."""

    def __init__(
        self,
        policy: Policy,
        *,
        library: Library,
        ledger: Ledger,
        files: FileStore,
        jobs: Jobs,
        platforms: Mapping[str, ChatPlatform],
        producer: Studio,
    ) -> None:
        self.drawing = Drawing(library, policy.quota)
        self.replies = replies = Replies(library=library, platforms=platforms, drawing=self.drawing)
        defaults = Defaults(library, policy.narration)
        self.documents = documents = DocumentHandler(
            library=library,
            files=files,
            jobs=jobs,
            producer=producer,
            replies=replies,
            quota=policy.quota,
            wanted_by=defaults.of,
        )
        self.locked = LockedHandler(
            library=library,
            files=files,
            producer=producer,
            replies=replies,
            documents=documents,
        )
        self.links = LinkHandler(
            links=policy.links, replies=replies, documents=documents, limit=policy.max_bytes
        )
        self.sharing = SharingHandler(library=library, replies=replies, documents=documents)
        self.shelf = ShelfHandler(library=library, replies=replies)
        self.operating = OperatingHandler(
            library=library, ledger=ledger, replies=replies, free_bytes=policy.free_bytes
        )
        self._exporting = ExportHandler(library=library, files=files, replies=replies)
        self._samples = SampleHandler(speaking=producer, platforms=platforms)
        listening = ListeningHandler(
            library=library, jobs=jobs, replies=replies, documents=documents
        )
        choosing = PreferencesHandler(
            library=library,
            narrations=producer,
            defaults=defaults,
            replies=replies,
            start=documents.start_otherwise,
            sum_up=documents.sum_up_newest,
            play_samples=self._samples.play,
            can_translate=policy.can_translate,
        )
        privacy = PrivacyHandler(
            library=library, replies=replies, documents=documents, model_hosts=policy.model_hosts
        )
        self.taps: Mapping[Verb, OnTap] = {
            **documents.taps,
            **self.locked.taps,
            **listening.taps,
            **choosing.taps,
            **self.shelf.taps,
            **self.sharing.taps,
            **self._exporting.taps,
        }
        self.loose_taps: Mapping[Verb, OnLoose] = {
            **self.shelf.loose_taps,
            **choosing.loose_taps,
            **privacy.loose_taps,
        }
        self.commands: Mapping[str, OnCommand] = {
            **documents.commands,
            **listening.commands,
            **choosing.commands,
            **self.shelf.commands,
            **self._exporting.commands,
            **privacy.commands,
        }

    async def close(self) -> None:
        """What plays or packs by itself ends."""
        await self._samples.close()
        await self._exporting.close()
