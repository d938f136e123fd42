"""What all handlers offer, without a conversation."""

from __future__ import annotations

from adapters.memory import MemoryFiles, MemoryJobs, MemoryLedger, MemoryLibrary
from bot.handlers.collection import Handlers, Services
from bot.work.covers import Covers
from tests.producing import MemoryProducer
from tests.samples import a_policy

OFFERS = Handlers(
    a_policy(),
    Services(
        library=MemoryLibrary(),
        ledger=MemoryLedger(),
        files=MemoryFiles(),
        jobs=MemoryJobs(),
        platforms={},
        producer=MemoryProducer(),
        covers=Covers(library=MemoryLibrary(), files=MemoryFiles(), producer=MemoryProducer()),
    ),
).offers
COMMANDS = OFFERS.commands
