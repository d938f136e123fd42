"""The program with one more chat, which this line registers."""

from __future__ import annotations

import sys

from bot.__main__ import main
from bot.app.chats import CHATS
from tests.example_chat import LINES

if __name__ == "__main__":
    sys.exit(main(chats=(*CHATS, LINES)))
