"""Logging: events with fields, on stderr, as lines for people or as JSON; never a secret."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Sequence
from typing import TextIO
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.flood import Flood

# Below a warning they would tell every request, with its secrets, and every row, with its text.
CHATTY = (
    *("httpx", "httpcore", "httpx2", "httpcore2", "openai", "dbos", "alembic", "sqlalchemy"),
    *("aiosqlite", "asyncio"),
)


class Redaction:
    """Replaces the secrets that the program was given, wherever they turn up in an event, also
    as they stand in an address."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = [secret for secret in secrets if len(secret) >= 6]
        forms = {*known, *map(quote, known), *(quote(secret, safe="") for secret in known)}
        self._secrets = sorted(forms, key=len, reverse=True)

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        return {key: self._clean(value) for key, value in event.items()}

    def _clean(self, value: object) -> object:
        if isinstance(value, (bool, int, float)) or value is None:
            return value
        text = str(value)
        if not any(secret in text for secret in self._secrets):
            return value
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return text


def configure_logs(
    *,
    level: str,
    style: str,
    secrets: Iterable[str] = (),
    chatty: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Route structlog and the standard library's loggers to one handler. `chatty`: loggers of
    chats' libraries."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        Redaction(secrets),
    ]
    handler = _handler(stream or sys.stderr, shared, is_json=style == "json")
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in {*CHATTY, *chatty}:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _handler(output: TextIO, shared: Sequence[Processor], *, is_json: bool) -> logging.Handler:
    """What writes them all, each line in one form."""
    last: Processor = (
        structlog.processors.JSONRenderer()
        if is_json
        else structlog.dev.ConsoleRenderer(colors=output.isatty())
    )
    handler = logging.StreamHandler(output)
    handler.addFilter(Flood())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    return handler
