"""Shelves and listenings of the library in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby

from adapters.memory.state import Held, State, is_double, track_place
from bot.domain import (
    Bookmark,
    Holding,
    Listener,
    ListeningState,
    Preferences,
    Progress,
    ShelfEntry,
    Stage,
    TrackStage,
    TrackState,
    Unfinished,
    Wish,
    of_chapters,
    of_extras,
)
from pipeline.domain import Narration, is_extra
from pipeline.takeaways.digest import with_digest


class MemoryShelves(Held):
    async def shelve(self, listener: Listener, document: str, narration: Narration) -> ShelfEntry:
        async with self._writing() as state:
            if document not in state.holdings:
                raise LookupError("no such document")
            new = ShelfEntry(
                listener=listener.id,
                document=document,
                narration=narration,
                added_at=datetime.now(UTC),
            )
            entry = replace(state.shelf.get((listener.id, document), new), is_stopped=False)
            state.listeners[listener.id] = listener
            state.shelf[listener.id, document] = entry
            state.touch_cards(document, listener.id)
            return entry

    async def shelf(self, listener: str) -> Sequence[Progress]:
        mine = [entry for entry in self._state.shelf.values() if entry.listener == listener]
        mine.sort(key=lambda entry: entry.document)
        mine.sort(key=lambda entry: entry.added_at, reverse=True)
        return [_progress(self._state, entry) for entry in mine]

    async def progress(self, listener: str, document_prefix: str) -> Progress | None:
        found = sorted(
            document
            for who, document in self._state.shelf
            if who == listener and document_prefix and document.startswith(document_prefix)
        )
        return _progress(self._state, self._state.shelf[listener, found[0]]) if found else None

    async def listeners_of(self, document: str) -> Sequence[ShelfEntry]:
        held = [entry for entry in self._state.shelf.values() if entry.document == document]
        return sorted(held, key=lambda entry: (entry.added_at, entry.listener))

    async def unfinished(self) -> Sequence[Unfinished]:
        return [
            *_unread(self._state),
            *_awaited(self._state, is_unasked=False),
            *_awaited(self._state, is_unasked=True),
            *_unspoken(self._state),
        ]

    async def renarrate(self, document: str, before: Narration, after: Narration) -> None:
        async with self._writing() as state:
            for key, entry in state.shelf.items():
                if entry.document == document and entry.narration == before:
                    state.shelf[key] = replace(entry, narration=after)
            _narrate_wishes(
                state,
                lambda wish: wish.document == document and wish.narration in (before, after),
                after,
            )
            state.touch_cards(document)

    async def narrate_as(self, listener: str, document: str, narration: Narration) -> None:
        async with self._writing() as state:
            entry = state.shelf.get((listener, document))
            if entry is not None:
                state.shelf[listener, document] = replace(entry, narration=narration)
            _narrate_wishes(
                state,
                lambda wish: (wish.listener.id, wish.document) == (listener, document),
                narration,
            )
            state.touch_cards(document, listener)

    async def rename(self, listener: str, document: str, name: str) -> None:
        async with self._writing() as state:
            if (listener, document) in state.shelf:
                state.names[listener, document] = name
            state.touch_cards(document, listener)

    async def stop(self, listener: str, document: str) -> None:
        async with self._writing() as state:
            entry = state.shelf.get((listener, document))
            if entry is not None:
                state.shelf[listener, document] = replace(entry, is_stopped=True)
                state.touch_cards(document, listener)

    async def unshelve(self, listener: str, document: str) -> bool:
        async with self._writing() as state:
            state.forget(document, listener)
            return not state.is_held(document)

    async def forget_document(self, document: str) -> bool:
        async with self._writing() as state:
            if state.is_held(document):
                return False
            state.forget_document(document)
            return True

    async def mark(
        self, listener: str, document: str, chapters: Sequence[int], state: ListeningState
    ) -> None:
        async with self._writing() as held:
            for chapter in chapters:
                held.set_listening(listener, document, chapter, state)
            held.touch_cards(document, listener)

    async def save_bookmark(self, listener: str, document: str, bookmark: Bookmark) -> None:
        async with self._writing() as state:
            place = (listener, document)
            if place in state.shelf and state.bookmarks.get(place) != bookmark:
                state.bookmarks[place] = bookmark
                state.touch_cards(document, listener)


def _progress(state: State, entry: ShelfEntry) -> Progress:
    place = (entry.document, entry.narration.key)
    listening = (entry.listener, entry.document)
    bookmark = state.bookmarks.get(listening)
    begins_s, ends_s = _seconds_of(state, entry, bookmark)
    tracks = {
        chapter: TrackState(
            chapter=chapter,
            stage=TrackStage.READY if track else TrackStage.FAILED,
            seconds=track.seconds if track else 0.0,
            size=track.size if track else 0,
        )
        for (document, chapter, narration), track in sorted(state.tracks.items())
        if (document, narration) == place
    }
    return Progress(
        holding=_holding_for(state, entry),
        narration=entry.narration,
        tracks=of_chapters(tracks),
        extra_tracks=of_extras(tracks),
        listenings={
            chapter: heard
            for (who, document, chapter), heard in sorted(state.listenings.items())
            if (who, document) == listening
        },
        is_stopped=entry.is_stopped,
        name=state.names.get(listening, ""),
        bookmark=bookmark,
        bookmark_s=begins_s,
        bookmark_ends_s=ends_s,
        coming=len(_owed(state, listening, is_unasked=True)),
        awaited=_owed(state, listening, is_unasked=False),
    )


def _owed(state: State, listening: tuple[str, str], *, is_unasked: bool) -> frozenset[int]:
    return frozenset(
        wish.chapter
        for wish in state.wished
        if wish.is_unasked is is_unasked and (wish.listener.id, wish.document) == listening
    )


def _seconds_of(
    state: State, entry: ShelfEntry, bookmark: Bookmark | None
) -> tuple[float, float] | tuple[None, None]:
    """From where until where it is in the narration's track."""
    if bookmark is None:
        return None, None
    track = state.tracks.get(track_place(entry.document, bookmark.chapter, entry.narration))
    found = track.times.range_of(bookmark.passage, bookmark.sign) if track is not None else None
    return (found[0] / 1000, found[1] / 1000) if found is not None else (None, None)


def _holding_for(state: State, entry: ShelfEntry) -> Holding:
    """With takeaways in the language that the listener wants them in, where there are some."""
    holding = state.holdings[entry.document]
    wanted = state.preferences.get(entry.listener, Preferences()).takeaways
    digest = state.digests.get((entry.document, wanted))
    if digest is None or holding.document is None:
        return holding
    return replace(holding, document=with_digest(holding.document, digest))


def _narrate_wishes(state: State, is_meant: Callable[[Wish], bool], narration: Narration) -> None:
    """Of those that differ in their narration only, one stays: what was tapped, before what comes
    unasked."""
    meant = [wish for wish in state.wished if is_meant(wish)]
    kept: list[Wish] = []
    for wish in sorted(meant, key=lambda wish: (wish.is_unasked, wish.id)):
        if any(is_double(wish, other) for other in kept):
            state.drop_wish(wish)
            continue
        kept.append(replace(wish, narration=narration))
        state.wishes[wish.id] = replace(state.wishes[wish.id], wish=kept[-1])


def _wanted(state: State) -> list[ShelfEntry]:
    """What was not stopped, longest first."""
    wanted = [entry for entry in state.shelf.values() if not entry.is_stopped]
    return sorted(wanted, key=lambda entry: (entry.added_at, entry.listener))


def _unread(state: State) -> Iterator[Unfinished]:
    for entry in _wanted(state):
        if state.holdings[entry.document].stage in (Stage.RECEIVED, Stage.READING):
            yield Unfinished(
                document=entry.document, listener=entry.listener, narration=entry.narration
            )


def _unspoken(state: State) -> Iterator[Unfinished]:
    for entry in _wanted(state):
        numbers = sorted(
            number
            for document, number in state.chapters
            if document == entry.document and not is_extra(number)
        )
        missing = tuple(
            number
            for number in numbers
            if track_place(entry.document, number, entry.narration) not in state.tracks
        )
        if missing:
            yield Unfinished(
                document=entry.document,
                listener=entry.listener,
                narration=entry.narration,
                chapters=missing,
            )


def _awaited(state: State, *, is_unasked: bool) -> Iterator[Unfinished]:
    """Wishes that follow each other and differ in their chapter only, in one."""
    open_ones = [
        wish
        for wish in state.wished
        if wish.is_unasked == is_unasked
        and (wish.document, wish.chapter) in state.chapters
        and track_place(wish.document, wish.chapter, wish.narration) not in state.tracks
    ]
    for place, wishes in groupby(open_ones, lambda w: (w.document, w.listener.id, w.narration)):
        document, listener, narration = place
        yield Unfinished(
            document=document,
            listener=listener,
            narration=narration,
            chapters=tuple(wish.chapter for wish in wishes),
            is_awaited=not is_unasked,
        )
