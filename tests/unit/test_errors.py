"""What can go wrong, by its names and sentences."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter

import pytest

import adapters
import bot
import pipeline
from bot.words.messages import TooLargeForChat
from pipeline.errors import ListenDockError, PdfTooLarge, TooManyPages, error_of


def every_error() -> list[type[ListenDockError]]:
    """All that the program knows, wherever they stand."""
    for package in (adapters, bot, pipeline):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in found.name and not found.name.endswith("__main__"):
                importlib.import_module(found.name)
    return below(ListenDockError)


def below(root: type[ListenDockError]) -> list[type[ListenDockError]]:
    found = [root] + [cls for child in root.__subclasses__() for cls in below(child)]
    ours = {package.__name__ for package in (adapters, bot, pipeline)}
    return [cls for cls in found if cls.__module__.partition(".")[0] in ours]


def test_every_kind_is_one_errors() -> None:
    kinds = Counter(cls.kind for cls in every_error() if "kind" in vars(cls))
    assert [kind for kind, count in kinds.items() if count > 1] == []


def test_every_error_that_is_raised_has_a_kind_and_a_sentence_of_its_own() -> None:
    raised = [cls for cls in every_error() if not cls.__subclasses__()]
    nameless = [cls.__name__ for cls in raised if not {"kind", "sentence"} <= vars(cls).keys()]
    assert nameless == []


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (PdfTooLarge(megabytes=9, limit=5), "too_large"),  # scripts rely on it
        (TooManyPages(pages=9, limit=5), "too_many_pages"),
        (TooLargeForChat(megabytes=9, limit=5), "too_large_for_chat"),
    ],
)
def test_what_is_too_large_is_told_apart(error: ListenDockError, kind: str) -> None:
    assert error.kind == kind
    named = error_of(kind, error.facts)
    assert type(named) is type(error)
    assert str(named) == str(error)


def test_facts_of_another_error_make_the_neutral_one() -> None:
    assert type(error_of("too_large", {"pages": 9, "limit": 5})) is ListenDockError


def test_the_pipelines_sentences_name_no_button() -> None:
    """A terminal shows them too."""
    own = [cls for cls in every_error() if cls.__module__ == "pipeline.errors"]
    assert [cls.sentence for cls in own if re.search(r"\btap\b", cls.sentence, re.I)] == []
