"""Documents and tracks of the library in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from adapters.memory.state import Held, track_place
from bot.domain import Holding, Stage
from bot.ports import Upload, renewed
from pipeline.domain import Chapter, Digest, Document, Narration, Takeaway, Track, bare
from pipeline.takeaways.digest import with_digest


class MemoryDocuments(Held):
    async def receive(self, document: str, *, filename: str, size: int) -> Holding:
        async with self._writing() as state:
            known = state.holdings.get(document)
            if known is None:
                known = Holding(id=document, filename=filename, size=size)
            elif known.stage is Stage.FAILED:
                known = replace(_unfailed(known), stage=Stage.RECEIVED)
                state.touch_cards(document)
            state.holdings[document] = known
            return known

    async def holding(self, document: str) -> Holding | None:
        return self._state.holdings.get(document)

    async def newest_documents(self, most: int) -> Sequence[str]:
        return list(reversed(self._state.holdings))[:most]

    async def chapter(self, document: str, number: int) -> Chapter | None:
        return self._state.chapters.get((document, number))

    async def mark_reading(self, document: str) -> None:
        async with self._writing() as state:
            known = state.holdings.get(document)
            if known is not None and known.stage is Stage.RECEIVED:
                state.holdings[document] = replace(known, stage=Stage.READING, read_share=0.0)
                state.touch_cards(document)

    async def save_read_share(self, document: str, share: float) -> None:
        async with self._writing() as state:
            known = state.holdings.get(document)
            if known is not None and known.stage is Stage.READING:
                state.holdings[document] = replace(known, read_share=share)
                state.touch_cards(document)

    async def save_reading(self, document: Document) -> None:
        async with self._writing() as state:
            known = state.holdings.get(document.id)
            if known is None or known.stage is Stage.READ:
                return
            state.holdings[document.id] = replace(
                _unfailed(known),
                stage=Stage.READ,
                document=bare(document),
                draft=None,
            )
            spoken = (*document.chapters, *document.extras)
            state.chapters |= {(document.id, chapter.number): chapter for chapter in spoken}
            state.touch_cards(document.id)

    async def renew_reading(self, document: str, again: Document | None) -> None:
        async with self._writing() as state:
            known = state.holdings.get(document)
            if known is None or known.document is None:
                return
            numbers = [chapter.number for chapter in known.document.chapters]
            chapters = tuple(state.chapters[document, number] for number in numbers)
            better = renewed(replace(known.document, chapters=chapters), again)
            state.holdings[document] = replace(known, document=bare(better))
            if better.left_out is not known.document.left_out:  # else nothing was taken over
                spoken = (*better.chapters, *better.extras)
                state.chapters |= {(document, chapter.number): chapter for chapter in spoken}
            state.touch_cards(document)

    async def save_draft(self, draft: Document) -> None:
        async with self._writing() as state:
            known = state.holdings.get(draft.id)
            if known is not None and known.stage is Stage.READING:
                state.holdings[draft.id] = replace(known, draft=draft)
                state.touch_cards(draft.id)

    async def save_failure(
        self,
        document: str,
        *,
        kind: str,
        sentence: str,
        facts: Mapping[str, str | int] | None = None,
    ) -> None:
        async with self._writing() as state:
            known = state.holdings.get(document)
            if known is not None and known.stage is not Stage.READ:
                state.holdings[document] = replace(
                    known,
                    stage=Stage.FAILED,
                    draft=None,
                    failure_kind=kind,
                    failure=sentence,
                    failure_facts=dict(facts or {}),
                )
                state.touch_cards(document)

    async def save_takeaways(
        self,
        document: str,
        summary: str,
        takeaways: Mapping[int, Takeaway],
        titles: Mapping[int, str] | None = None,
        *,
        language: str = "",
    ) -> None:
        async with self._writing() as state:
            known = state.holdings.get(document)
            if known is None or known.document is None:
                return
            digest = Digest(summary=summary, takeaways=takeaways, titles=titles or {})
            if language:
                state.digests[document, language] = digest
                state.touch_cards(document)
                return
            read = with_digest(known.document, digest)
            for head in read.chapters:
                whole = state.chapters[document, head.number]
                better = replace(head, passages=whole.passages)
                state.chapters[document, head.number] = better
            state.holdings[document] = replace(known, document=read)
            state.touch_cards(document)

    async def has_takeaways(self, document: str, language: str) -> bool:
        return (document, language) in self._state.digests

    # --- tracks ---------------------------------------------------------------------------------

    async def save_track(self, track: Track) -> None:
        async with self._writing() as state:
            place = track_place(track.document, track.chapter, track.narration)
            if track.document in state.holdings and state.tracks.get(place) != track:
                state.tracks[place] = track
                state.touch_cards(track.document)

    async def save_track_failure(self, document: str, chapter: int, narration: Narration) -> None:
        async with self._writing() as state:
            place = track_place(document, chapter, narration)
            if document in state.holdings and place not in state.tracks:
                state.tracks[place] = None
                state.touch_cards(document)

    async def forget_track_failures(self, document: str, narration: Narration) -> None:
        async with self._writing() as state:
            failed = [
                place
                for place, track in state.tracks.items()
                if track is None and (place[0], place[2]) == (document, narration.key)
            ]
            for place in failed:
                del state.tracks[place]
            if failed:
                state.touch_cards(document)

    async def track(self, document: str, chapter: int, narration: Narration) -> Track | None:
        return self._state.tracks.get(track_place(document, chapter, narration))

    async def ready_tracks(self, document: str) -> Sequence[Track]:
        tracks = [track for track in self._state.tracks.values() if track is not None]
        mine = (track for track in tracks if track.document == document)
        return sorted(mine, key=lambda track: (track.narration.key, track.chapter))

    async def forget_track(self, track: Track) -> None:
        async with self._writing() as state:
            place = track_place(track.document, track.chapter, track.narration)
            known = state.tracks.get(place)
            if known is not None and (known.size, known.seconds) == (track.size, track.seconds):
                del state.tracks[place]
                state.uploads = {k: v for k, v in state.uploads.items() if k[0] != place}
                state.touch_cards(track.document)

    async def uploads(self, track: Track, platform: str) -> Sequence[Upload]:
        place = track_place(track.document, track.chapter, track.narration)
        return [
            upload
            for (where, name, _), upload in self._state.uploads.items()
            if (where, name) == (place, platform)
        ]

    async def save_upload(self, track: Track, upload: Upload) -> None:
        async with self._writing() as state:
            place = track_place(track.document, track.chapter, track.narration)
            if track.document in state.holdings:
                state.uploads[place, upload.platform, upload.kind] = upload


def _unfailed(known: Holding) -> Holding:
    return replace(known, failure_kind="", failure="", failure_facts={})
