"""Sentences that the program puts together, in English."""

from __future__ import annotations

from bot import sentences
from bot.words import ENGLISH

HELP = sentences.help_text(ENGLISH)
WELCOME = sentences.welcome(ENGLISH)
UNKNOWN_COMMAND = sentences.unknown_command(ENGLISH)
