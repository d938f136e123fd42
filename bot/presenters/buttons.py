"""Buttons: a verb under its label, about a document or about none."""

from __future__ import annotations

from bot.domain import Progress
from bot.views import Action, Button, Verb
from bot.words import Words


def reference(document: str) -> str:
    """What a button carries of a document's id."""
    return document[:16]


def action_on(progress: Progress, verb: Verb, number: int = 0) -> Action:
    return Action(verb=verb, document=reference(progress.holding.id), number=number)


def button(
    words: Words, verb: Verb, progress: Progress, number: int = 0, *, label: str = ""
) -> Button:
    """`label`: a sentence of `messages`; without one, the verb's own."""
    return Button(label=words(label or verb.label), action=action_on(progress, verb, number))


def loose_button(words: Words, verb: Verb, number: int = 0, *, label: str = "") -> Button:
    """About no document."""
    return Button(label=words(label or verb.label), action=Action(verb=verb, number=number))
