"""How long to wait when Telegram is away, and what the log says of it."""

from __future__ import annotations

import asyncio

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from adapters.telegram.errors import wait_of
from bot.inlet import NotTaken

log = structlog.get_logger()
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0


class Pauses:
    """Longer after each failure, until something works again."""

    def __init__(self) -> None:
        self._next_s = FIRST_PAUSE_S

    def reset(self) -> None:
        self._next_s = FIRST_PAUSE_S

    async def after(self, err: TelegramError | NotTaken) -> None:
        pause_s = max(self._next_s, wait_of(err)) if isinstance(err, RetryAfter) else self._next_s
        self._next_s = min(2 * self._next_s, LONGEST_PAUSE_S)
        _tell(err, pause_s)
        await asyncio.sleep(pause_s)


def _tell(err: TelegramError | NotTaken, pause_s: float) -> None:
    """In the log, for whoever runs the program; never the error's own text."""
    match err:
        case InvalidToken():
            log.error("telegram refuses the token: set TELEGRAM_BOT_TOKEN to @BotFather's")
        case Conflict():
            log.error("another program polls with this token: stop one of the two")
        case NotTaken():  # the inlet has told why
            log.warning("updates are asked for again", retry_s=pause_s)
        case _:
            log.warning("telegram unreachable", reason=type(err).__name__, retry_s=pause_s)
