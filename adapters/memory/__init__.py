"""Ports in memory: real, shipped, and with records that a test can look at."""

from adapters.memory.chat import MemoryChat, SentTrack
from adapters.memory.files import MemoryFiles
from adapters.memory.jobs import MemoryJobs
from adapters.memory.keys import MemoryKeys
from adapters.memory.ledger import MemoryLedger
from adapters.memory.library import MemoryLibrary
from adapters.memory.links import MemoryLinks

__all__ = [
    "MemoryChat",
    "MemoryFiles",
    "MemoryJobs",
    "MemoryKeys",
    "MemoryLedger",
    "MemoryLibrary",
    "MemoryLinks",
    "SentTrack",
]
