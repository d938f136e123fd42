"""What two hundred listeners at once cost on Telegram: `python -m tests.benchmarks.telegram_load`.

Each sends a document of their own, taps two chapters, hears one to its end and asks for the
progress. Adapter, conversation, publisher and SQLite are the real ones; reading and speaking finish
at once. The Bot API server is the tests' own, in the same process, with Telegram's flood limits.
Ends with 1 if a call was refused.
"""

from __future__ import annotations

import asyncio
import random
import resource
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from bot.logs import configure_logs
from tests.integration.telegram.stage import Stage, a_pdf, is_card, opened_stage
from tests.loopback.telegram import opened_telegram
from tests.loopback.telegram_person import Person, Tap

LISTENERS, ARRIVING_S, THINKING_S = 200, 20.0, 2.0
NOT_OF_LISTENERS = {"getUpdates", "getMe", "setMyCommands", "deleteWebhook"}


@dataclass(slots=True)
class Measured:
    answers_s: list[float] = field(default_factory=list)
    notes_s: list[float] = field(default_factory=list)  # from the tap to the chapter


def main() -> int:
    configure_logs(level="error", style="console")
    return asyncio.run(_run())


async def _run() -> int:
    began, before_mb = time.monotonic(), _memory_mb()
    with tempfile.TemporaryDirectory() as folder:
        async with opened_telegram() as telegram, opened_stage(telegram, Path(folder)) as stage:
            async with stage.living() as chat:
                chat.edit_interval_s = 3.0
                measured = Measured()
                people = [Person(telegram, 1000 + number) for number in range(LISTENERS)]
                await asyncio.gather(*(_listens(stage, who, measured) for who in people))
            _tell(stage, people, measured)
    sys.stdout.write(
        f"{time.monotonic() - began:.0f} s in all; memory {before_mb:.0f} MB, "
        f"at most {_memory_mb():.0f} MB\n"
    )
    return 1 if telegram.refused else 0


async def _listens(stage: Stage, who: Person, measured: Measured) -> None:
    chance = random.Random(who.account)
    await asyncio.sleep(chance.uniform(0, ARRIVING_S))
    who.forwards(a_pdf(stage.folder, f"{who.account}.pdf"))
    await who.sees(is_card())
    for count, title in enumerate(("Abstract", "The dance"), start=1):
        await asyncio.sleep(chance.uniform(0, THINKING_S))
        tapped_at = time.monotonic()
        await _answered(who.taps(title), measured)
        await who.sees(lambda chat, count=count: len(chat.notes) >= count)
        measured.notes_s.append(time.monotonic() - tapped_at)
    await _answered(who.taps("✓ Heard", who.chat.notes[0]), measured)
    said = len(who.chat.texts)
    who.says("/progress")
    await who.sees(lambda chat: len(chat.texts) > said)


async def _answered(tap: Tap, measured: Measured) -> None:
    began = time.monotonic()
    await tap.answered()
    measured.answers_s.append(time.monotonic() - began)


def _tell(stage: Stage, people: list[Person], measured: Measured) -> None:
    calls = [call for call in stage.telegram.calls if call.method not in NOT_OF_LISTENERS]
    edits = [len(message.edited_at) for who in people for message in who.chat.texts]
    sys.stdout.write(
        f"{len(people)} listeners, {len(calls)} calls: {len(calls) / len(people):.1f} each; "
        f"{len(stage.telegram.refused)} refused\n"
        f"edits a message: {statistics.mean(edits):.2f}, at most {max(edits)}\n"
        f"tap → acknowledged: {_quantiles(measured.answers_s)}\n"
        f"tap → voice note:   {_quantiles(measured.notes_s)}\n"
    )
    for method, count in stage.telegram.counts.most_common():
        sys.stdout.write(f"  {method} {count}\n")


def _quantiles(seconds: list[float]) -> str:
    cuts = statistics.quantiles(seconds, n=100)
    return (
        f"median {1000 * cuts[49]:.0f} ms, p99 {1000 * cuts[98]:.0f} ms, "
        f"longest {1000 * max(seconds):.0f} ms ({len(seconds)})"
    )


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
