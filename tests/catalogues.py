"""Every sentence that a listener can read, as keys of a catalogue.

`python -m tests.catalogues` brings the catalogues up to date: keys that are new come in without a
translation, those that are gone go.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.words import LANGUAGES, SOURCE, Plural, messages
from pipeline import errors

LOCALES = Path(messages.__file__).parent / "locales"
KEPT_HEADERS = (b"Language:", b"Plural-Forms", b"MIME", b"Content-T")  # the others change daily
# A terminal has errors of its own; whether their module is imported must not matter here.
SHOWN_IN_CHATS = (errors.__name__, messages.__name__)
Key = str | tuple[str, str]


def keys() -> list[Key]:
    """In the order of the source, each once; what has no letters is the same in every language."""
    found = [*_in(_constants()), *_in(error.sentence for error in _shown_errors())]
    return list(dict.fromkeys(key for key in found if any(sign.isalpha() for sign in str(key))))


def _constants() -> Iterator[object]:
    for name, value in vars(messages).items():
        if name.isupper():
            yield value


def _shown_errors() -> list[type[errors.ListenDockError]]:
    def below(root: type[errors.ListenDockError]) -> Iterator[type[errors.ListenDockError]]:
        yield root
        for child in root.__subclasses__():
            yield from below(child)

    return [
        error
        for error in below(errors.UserError)
        if "sentence" in vars(error) and error.__module__ in SHOWN_IN_CHATS
    ]


def _in(values: Iterable[object]) -> Iterator[Key]:
    for value in values:
        match value:
            case str():
                yield value
            case Plural():
                yield (value.one, value.many)
            case dict():
                yield from _in(value.values())
            case tuple():
                yield from _in(value)


def path_of(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "listendock.po"


def catalogue_of(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renewed(language: str) -> Catalog:
    """The catalogue with today's keys and the translations that there are."""
    former = catalogue_of(language)
    catalogue = Catalog(locale=language, fuzzy=False)
    for key in keys():
        known = former.get(key[0] if isinstance(key, tuple) else key)
        catalogue.add(key, known.string if known is not None and known.id == key else None)
    return catalogue


def main() -> None:
    for language in LANGUAGES:
        if language != SOURCE:
            path = path_of(language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text_of(renewed(language)))


def text_of(catalogue: Catalog) -> bytes:
    """As a `.po` file, the same for the same sentences."""
    written = io.BytesIO()
    write_po(written, catalogue, width=-1)
    head, _, body = written.getvalue().partition(b"\n\n")
    lines = [
        line
        for line in head.splitlines()
        if line.startswith(b"msg") or line[1:].startswith(KEPT_HEADERS)
    ]
    return b"\n".join(lines) + b"\n\n" + body


if __name__ == "__main__":
    main()
