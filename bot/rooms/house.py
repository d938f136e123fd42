"""The rooms of one house: what the operator decided, and all rooms with what they need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.drawing import Drawing
from bot.ports import ChatPlatform, FileStore, Jobs, Ledger, Library, Links
from bot.quota import UNLIMITED, Quota
from bot.rooms.answers import Answers, OnCommand, OnLoose, OnTap
from bot.rooms.documents import Documents
from bot.rooms.exporting import Exporting
from bot.rooms.links import LinkedDocuments
from bot.rooms.listening import Listening
from bot.rooms.locked import Locked, Unlocking
from bot.rooms.operating import EVERYBODY, Guests, Operating
from bot.rooms.preferences import Choosing, Narrations, Wishes
from bot.rooms.privacy import Outside, Privacy
from bot.rooms.samples import Samples, Speaking
from bot.rooms.sharing import Sharing
from bot.rooms.shelf import Shelf
from bot.views import Verb
from pipeline.domain import Narration

MEGABYTE = 1024 * 1024


class Producing(Narrations, Speaking, Unlocking, Protocol):
    """What knows the voices, speaks and unlocks (`pipeline.producer.Producer`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the operator decided, and what there is beside the stores."""

    narration: Narration  # the default
    max_pdf_mb: int
    can_translate: bool = False
    guests: Guests = EVERYBODY
    quota: Quota = UNLIMITED
    outside: Outside = Outside()  # noqa: RUF009 - frozen
    links: Links | None = None
    free_bytes: Callable[[], int] = lambda: 0

    @property
    def max_bytes(self) -> int:
        return self.max_pdf_mb * MEGABYTE


class Rooms:
    """`taps`, `loose_taps` (about no document), `commands`: which room answers what."""

    def __init__(
        self,
        house: House,
        *,
        library: Library,
        ledger: Ledger,
        files: FileStore,
        jobs: Jobs,
        platforms: Mapping[str, ChatPlatform],
        producer: Producing,
    ) -> None:
        self.drawing = Drawing(library, house.quota)
        self.answers = answers = Answers(library=library, platforms=platforms, drawing=self.drawing)
        wishes = Wishes(library, house.narration)
        self.documents = documents = Documents(
            library=library,
            files=files,
            jobs=jobs,
            producer=producer,
            answers=answers,
            quota=house.quota,
            wanted_by=wishes.of,
        )
        self.locked = Locked(
            library=library,
            files=files,
            producer=producer,
            answers=answers,
            documents=documents,
        )
        self.links = LinkedDocuments(
            links=house.links, answers=answers, documents=documents, limit=house.max_bytes
        )
        self.sharing = Sharing(library=library, answers=answers, documents=documents)
        self.shelf = Shelf(library=library, answers=answers)
        self.operating = Operating(
            library=library, ledger=ledger, answers=answers, free_bytes=house.free_bytes
        )
        self._exporting = Exporting(library=library, files=files, answers=answers)
        self._samples = Samples(speaking=producer, platforms=platforms)
        listening = Listening(library=library, jobs=jobs, answers=answers, documents=documents)
        choosing = Choosing(
            library=library,
            narrations=producer,
            wishes=wishes,
            answers=answers,
            start=documents.start_otherwise,
            sum_up=documents.sum_up_newest,
            play_samples=self._samples.play,
            can_translate=house.can_translate,
        )
        privacy = Privacy(
            library=library, answers=answers, documents=documents, outside=house.outside
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
