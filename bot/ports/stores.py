"""Files, files from the web, and work that outlives the program."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from pipeline.domain import Narration, document_folder


class FileStore(Protocol):
    """PDFs, readings and tracks by key, on a local folder or in a bucket. Whatever would not be
    a key (`checked_key`) raises `ValueError`."""

    async def put(self, key: str, source: Path) -> None:
        """Store a file's bytes, whole or not at all, in place of any former. Raises `DiskFull`."""

    def local(self, key: str) -> AbstractAsyncContextManager[Path]:
        """The file on this machine while the block runs. Raises `FileNotFoundError`."""

    async def has(self, key: str) -> bool: ...

    async def size(self, key: str) -> int | None:
        """The bytes of a file; None: there is none."""

    async def sizes(self, folder: str) -> Mapping[str, int]:
        """The bytes of every file whose key begins with `folder/`, by key."""

    def chunks(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes [start, end), fewer where the file ends. Raises `FileNotFoundError`."""

    async def delete(self, keys: Sequence[str]) -> None:
        """Missing ones are no error."""

    async def delete_under(self, folder: str) -> None:
        """Everything whose key begins with `folder/`."""


class Keys(Protocol):
    """By what whoever runs the program is known at a door of it, on every host the same. The keys
    themselves are kept nowhere, only their hashes."""

    async def key_hash(self, door: str) -> str:
        """Empty: no key was made yet."""

    async def keep_first_key(self, door: str, key_hash: str) -> bool:
        """False, and nothing kept, if there is one: of two hosts that begin at once one wins."""

    async def change_key(self, door: str, key_hash: str) -> None:
        """From now on this one; the former opens nothing any more."""


class Links(Protocol):
    async def fetch(self, address: str, into: Path, *, limit: int, listener: str) -> str:
        """The PDF or EPUB behind an address, at most `limit` bytes, into a file. Returns a file
        name for it, which tells what it is: `.pdf` or `.epub`. However many one listener asks for,
        others need not wait for them. Raises `messages.LinkError`s, and
        `DiskFull`; no file is left then."""


class Jobs(Protocol):
    """Work that outlives the program. Every call returns as soon as the wish is durable."""

    async def read(self, document: str, listener: str) -> None:
        """Read a document, then speak it for all who hold it. One at a time per document: a
        second call joins."""

    async def read_again(self, document: str, listener: str) -> None:
        """Read what an earlier version read, for what that did not keep. Nothing comes of it but
        that: nothing is spoken, summed up or charged."""

    async def speak(
        self, document: str, chapters: Sequence[int], listener: str, narration: Narration
    ) -> None:
        """Speak chapters, in that order; those under way are joined, not repeated."""

    async def sum_up(self, document: str, language: str) -> None:
        """Have a model, if there is one, write in a language what a document that was read comes
        down to."""

    async def hurry(self, document: str, chapter: int, narration: Narration) -> None:
        """A listener waits for it: before all that only might be wanted."""

    async def cancel(self, document: str, narration: Narration | None = None) -> None:
        """Stop what is queued or running for this document in this narration; without one, the
        reading of it and everything else too."""

    async def forget(self, documents: Sequence[str], listener: str = "") -> None:
        """Keep nothing of what was done for these documents, nor the name of this listener. Work
        that others wait for goes on."""


_KEY = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)*")


def checked_key(key: str) -> str:
    """Keys are ours, but they end in file names: nothing may climb out of the folder or be
    hidden in it. Raises `ValueError`."""
    if not _KEY.fullmatch(key):
        raise ValueError("not a key of the file store")
    return key


def pdf_key(document: str) -> str:
    """Where a PDF lies in the file store."""
    return f"{document_folder(document)}/document.pdf"


def cover_key(document: str) -> str:
    """Where the picture of its first page lies."""
    return f"{document_folder(document)}/cover.jpg"


def reading_key(document: str) -> str:
    """Where a reading (`Document` as JSON) lies in the file store until it is in the library."""
    return f"{document_folder(document)}/reading.json"
