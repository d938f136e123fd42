"""What is said with figures in it, or put together from several sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.commands import Command, shown
from bot.domain import Progress
from bot.words import Words, messages
from bot.words.languages import name_of
from pipeline.domain import Narration, PageRun, Skipped
from pipeline.errors import ListenDockError, error_of

HOURS_FROM = 100  # minutes
MISSING_PAGES = PAGE_RUNS = 8  # that are named


def help_text(words: Words, commands: Iterable[Command]) -> str:
    """How it works, and every command."""
    lines = "\n".join(f"/{one.name} – {words(one.text)}" for one in shown(commands))
    return f"{words(messages.HELP)}\n\n{lines}"


def welcome(words: Words, commands: Iterable[Command]) -> str:
    return f"{words(messages.WELCOME)} {help_text(words, commands)}"


def unknown_command(words: Words, commands: Iterable[Command]) -> str:
    return f"{words(messages.UNKNOWN_COMMAND)} {help_text(words, commands)}"


def mode(words: Words, narration: Narration) -> str:
    """`Original`, `Brief`, or the language that it is translated into: `Deutsch`."""
    known = messages.MODES.get(narration.mode)
    return words(known) if known else name_of(narration.language)


def position(words: Words, place: str, is_stand_in: bool) -> str:
    """`3 of 17`; a listener who chose a voice is told when another one had to step in."""
    return f"{place} · {words(messages.STAND_IN)}" if is_stand_in else place


def minutes(words: Words, seconds: float) -> str:
    """`26 min`, `3 h 20 min`; never 0 for something that has a length."""
    count = max(1, round(seconds / 60)) if seconds > 0 else 0
    if count < HOURS_FROM:
        return words(messages.MINUTES, count=count)
    return words(messages.HOURS, hours=count // 60, minutes=count % 60)


def length(seconds: float) -> str:
    """`4:28` or `1:02:03`."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    if hours:
        return f"{hours}:{rest // 60:02d}:{rest % 60:02d}"
    return f"{rest // 60}:{rest % 60:02d}"


def reading(words: Words, share: float) -> str:
    """`Reading … 40 %`, once anything can be said."""
    text = words(messages.STATUS_READING)
    return f"{text} {round(100 * share)} %" if share > 0 else text


def working(words: Words, ready: int, total: int, eta_s: float | None) -> str:
    """`9 of 17 ready · about 12 s left`."""
    if eta_s is None:
        return words(messages.STATUS_READY, ready=ready, total=total)
    return words(messages.STATUS_LEFT, ready=ready, total=total, time=_rounded(words, eta_s))


def _rounded(words: Words, seconds: float) -> str:
    if seconds < 90:
        return words(messages.SECONDS, count=max(5, round(seconds / 5) * 5))
    return words(messages.MINUTES, count=round(seconds / 60))


def skipped(words: Words, counts: Skipped) -> str:
    """`Left out: 9 references, 5 tables.`, or nothing."""
    parts = [
        words.count(getattr(counts, name), plural)
        for name, plural in messages.SKIPPED.items()
        if getattr(counts, name)
    ]
    told = [words(messages.LEFT_OUT, parts=", ".join(parts))] if parts else []
    if counts.scanned_pages:
        told.insert(0, words.count(counts.scanned_pages, messages.NO_RECOGNITION))
    return " ".join(told)


def pages(words: Words, runs: Sequence[PageRun]) -> str:
    """`page 3`, `pages 2, 4–6 …`"""
    told = [str(run.first) if run.first == run.last else f"{run.first}–{run.last}" for run in runs]
    more = [*told[:PAGE_RUNS], "…"] if len(told) > PAGE_RUNS else told
    count = sum(run.last - run.first + 1 for run in runs)
    return words.count(count, messages.ON_PAGES, pages=", ".join(more))


def missing(words: Words, pages: Sequence[int]) -> str:
    """`Some text on pages 7 and 9 may be missing.`, or nothing."""
    if not pages:
        return ""
    told = [str(page) for page in pages[:MISSING_PAGES]]
    if len(pages) > MISSING_PAGES:
        listed = ", ".join([*told, "…"])
    elif len(told) > 1:
        listed = words(messages.AND_THE_LAST, listed=", ".join(told[:-1]), last=told[-1])
    else:
        listed = told[0]
    return words.count(len(pages), messages.TEXT_MISSING, pages=listed)


def heard(
    words: Words, count: int, total: int, seconds_heard: float, seconds: float, started: int
) -> str:
    """`7 of 17 heard (11 of 26 min), 2 started`."""
    is_short = round(seconds / 60) < HOURS_FROM
    done = str(round(seconds_heard / 60)) if is_short else minutes(words, seconds_heard)
    text = words(
        messages.HEARD, count=count, total=total, done=done, minutes=minutes(words, seconds)
    )
    return f"{text}, {words.count(started, messages.STARTED)}" if started else text


def failure(words: Words, kind: str, sentence: str, facts: dict[str, str | int]) -> str:
    """Why a document cannot be read: in English it stands there, in others it is said anew."""
    if kind == ListenDockError.kind:
        return words(messages.INTERNAL, **facts) if "reference" in facts else sentence
    error = error_of(kind, facts)
    return sentence if error.kind != kind else words.error(error)


def farewell(words: Words, progress: Progress) -> str:
    """After the last chapter."""
    if progress.next_chapter is None:
        return words(messages.ALL_HEARD, title=progress.title)
    return words(messages.THAT_WAS_THE_LAST, title=progress.title, percent=progress.percent)


def privacy(words: Words, *, platform: str, model_host: str, voice_host: str) -> str:
    """What is stored and what leaves; the hosts are empty where none is used."""
    return "\n\n".join(_privacy(words, platform, model_host, voice_host))


def _privacy(words: Words, platform: str, model_host: str, voice_host: str) -> Iterable[str]:
    yield words(messages.PRIVACY_STORED)
    if platform:
        yield words(messages.PRIVACY_CHAT, platform=platform)
    if model_host:
        yield words(messages.PRIVACY_MODEL, host=model_host)
    if voice_host:
        yield words(messages.PRIVACY_VOICE, host=voice_host)
    if not model_host and not voice_host:
        yield words(messages.PRIVACY_ALL_INSIDE)
    yield words(messages.PRIVACY_LINKS)
    yield words(messages.PRIVACY_ERASE)
