"""Durable jobs on DBOS: the workflows *document* and *chapter* around `bot.work`.

SQLite on one machine, PostgreSQL for many processes, the same code. What `bot.work` keeps, it keeps
in one transaction of the app's database together with the workflow's checkpoint, so a kill at any
point neither loses a chapter nor applies one twice.
"""

from adapters.engine.jobs import DurableJobs
from adapters.engine.launch import open_engine

__all__ = ["DurableJobs", "open_engine"]
