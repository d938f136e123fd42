"""How fast Slack's requests are acknowledged while the program reads and speaks at full load.

`python -m tests.benchmarks.slack_acks`: a paper is being made while members command and tap, some
twenty a second, through a socket and over HTTP. Slack gives three seconds.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
from pathlib import Path

from adapters.slack.opening import open_slack
from bot.app.program import open_program
from bot.logs import configure_logs
from bot.settings import Settings
from tests.drawing import a_paper
from tests.loopback.slack import LoopbackSlack
from tests.loopback.slack_member import Member
from tests.slack_stage import access_to
from tests.sockets import a_free_port

REQUESTS, PAUSE_S, MEMBERS = 300, 0.05, 20


def main() -> None:
    configure_logs(level="error", style="console")
    for mode, port in (("socket", 0), ("http", a_free_port())):
        acks = asyncio.run(_measured(port))
        cuts = statistics.quantiles(acks, n=100)
        sys.stdout.write(
            f"{mode}: {len(acks)} acknowledged, median {1000 * cuts[49]:.0f} ms, "
            f"p99 {1000 * cuts[98]:.0f} ms, longest {1000 * max(acks):.0f} ms\n"
        )


async def _measured(port: int) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(listendock_home=home, workers=os.cpu_count() or 1)
        async with LoopbackSlack().served() as slack, open_program(settings) as program:
            access = access_to(slack, events_port=port)
            slack.events_url = f"http://127.0.0.1:{port}/slack/events" if port else ""
            async with open_slack(access, inbox=program.inbox, folder=home) as chat:
                program.platforms["slack"] = chat
                publishing = asyncio.create_task(program.publisher.run())
                await _used(slack, home)
                publishing.cancel()
                await asyncio.gather(publishing, return_exceptions=True)
            return slack.acks


async def _used(slack: LoopbackSlack, home: Path) -> None:
    members = [Member(slack, f"U0{number:03d}") for number in range(MEMBERS)]
    first = members[0]
    for number in range(4):
        paper = a_paper(home / f"{number}.pdf").read_bytes() + b"\n%" + str(number).encode()
        await first.shares(first.direct, paper)
    using = []
    for number in range(REQUESTS):
        member = members[number % MEMBERS]
        using.append(asyncio.create_task(member.commands("/progress")))
        await asyncio.sleep(PAUSE_S)
    await asyncio.gather(*using)


if __name__ == "__main__":
    main()
