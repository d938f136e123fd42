"""The program with one more chat, which `main` registers."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from bot import __main__ as program
from bot.app.chats import CHATS
from tests.example_chat import LINES


def main(arguments: Sequence[str] | None = None) -> int:
    return program.main(arguments, chats=(*CHATS, LINES))


if __name__ == "__main__":
    sys.exit(main())
