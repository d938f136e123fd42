"""Sentences that the program puts together, in English."""

from __future__ import annotations

from bot.words import ENGLISH, composed
from tests.offering import COMMANDS

HELP = composed.help_text(ENGLISH, COMMANDS)
WELCOME = composed.welcome(ENGLISH, COMMANDS)
UNKNOWN_COMMAND = composed.unknown_command(ENGLISH, COMMANDS)
