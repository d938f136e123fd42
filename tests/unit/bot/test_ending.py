"""A program that was told to end ends, whatever holds it up."""

from __future__ import annotations

import subprocess
import sys

HELD_UP = """
import asyncio, os, signal, threading
from bot.app import serving
serving.GRACE_S = 0.2
async def main():
    stopped = serving._stop_signal()
    os.kill(os.getpid(), signal.SIGTERM)
    await stopped.wait()
    threading.Thread(target=threading.Event().wait).start()  # nobody will ever set it
asyncio.run(main())
"""


def test_a_thread_that_waits_for_ever_does_not_keep_the_process() -> None:
    ended = subprocess.run([sys.executable, "-c", HELD_UP], capture_output=True, text=True)
    assert ended.returncode == 0
    assert "ended without waiting any longer" in ended.stdout + ended.stderr
