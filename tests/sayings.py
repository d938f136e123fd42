"""Sentences that the program puts together, in English."""

from __future__ import annotations

from bot.words import ENGLISH, composed

HELP = composed.help_text(ENGLISH)
WELCOME = composed.welcome(ENGLISH)
UNKNOWN_COMMAND = composed.unknown_command(ENGLISH)
