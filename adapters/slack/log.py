"""The logger of Slack's own libraries: what they say may hold an address with a ticket in it."""

from __future__ import annotations

import logging
import re

_ADDRESS = re.compile(r"(https?|wss?)://\S+")


class _WithoutAddresses(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _ADDRESS.sub(r"\1://…", record.getMessage())[:300]
        record.args = None
        record.exc_info = None  # a traceback repeats the address
        return True


QUIET = logging.getLogger("slack_sdk.listendock")
QUIET.addFilter(_WithoutAddresses())
