"""Makes the picture of Slack that README shows: what a loopback Slack holds, drawn as a thread and
a window beside it.

`python docs/screenshots/slack.py` runs the real program against it. Needs the development
requirements and Chromium.
"""

from __future__ import annotations

import asyncio
import html
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))  # run as a script: the tests' own tools are used

from docs.screenshots.make import an_essay  # noqa: E402
from tests.e2e.browser import a_page  # noqa: E402
from tests.e2e.serving import serving  # noqa: E402
from tests.loopback.slack import APP_TOKEN, BOT, BOT_TOKEN, LoopbackSlack, Message  # noqa: E402
from tests.loopback.slack_member import Member  # noqa: E402
from tests.loopback.slack_windows import Window  # noqa: E402

PATIENCE_S = 120.0
STYLE = """
body { margin: 0; width: 1120px; background: #fff; font: 15px/1.46 Lato, system-ui, "Noto Sans"; }
main { display: flex; gap: 24px; align-items: flex-start; padding: 18px; color: #1d1c1d; }
.thread { flex: 1; display: grid; gap: 14px; }
.said { display: grid; grid-template-columns: 36px 1fr; gap: 10px; }
.face { width: 36px; height: 36px; border-radius: 8px; background: #1f2a44; color: #fff;
  display: grid; place-items: center; font-weight: 700; }
.ada .face { background: #2e8b6b; } .name { font-weight: 800; }
h3 { margin: 2px 0; font-size: 18px; } .section { display: flex; gap: 12px; margin: 3px 0; }
.section p { flex: 1; white-space: pre-line; margin: 0; }
.context { color: #616061; font-size: 13px; }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin: 6px 0; }
.button { border: 1px solid #bbb; border-radius: 6px; padding: 3px 11px; font-weight: 700;
  font-size: 13px; white-space: nowrap; align-self: flex-start; }
.primary { background: #007a5a; border-color: #007a5a; color: #fff; }
.file { border: 1px solid #ddd; border-radius: 8px; padding: 9px 12px; margin-top: 4px; }
.file b { display: block; } .only { color: #616061; font-size: 12px; }
.window { width: 430px; border: 1px solid #ccc; border-radius: 10px;
  box-shadow: 0 14px 40px rgb(0 0 0 / 18%); }
.window h2 { margin: 0; padding: 13px 18px; font-size: 18px; border-bottom: 1px solid #e4e4e4; }
.window > div { padding: 10px 18px; }
"""


async def looked_at(folder: Path) -> str:
    """Share, listen, mark, look at the takeaways: the thread and the window as HTML."""
    async with LoopbackSlack().served() as slack:
        environment = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": f"{slack.url}/api/",
        }
        ada, tom = Member(slack, "U0ADA"), Member(slack, "U0TOM")
        room = slack.channel("C0READING", ada.id, tom.id)
        with serving(folder / "home", **environment):
            pdf = an_essay(folder / "How the Hours Became Equal.pdf")
            await ada.shares(room, pdf.read_bytes(), text=f"<@{BOT}>", name=pdf.name)
            card = await ada.awaits_words(room, "9 ready", patience_s=PATIENCE_S)
            await ada.taps(card, "▶ 0:1")
            note = await ada.awaits_words(room, "1 of 9", patience_s=PATIENCE_S)
            await ada.taps(note, "✓ Heard")
            await ada.awaits_words(room, "✓  1", patience_s=PATIENCE_S)
            await tom.taps(card, "✎")
            window = await tom.awaits_window("chapter by chapter")
        said = [message for message in slack.messages if message.channel == room]
        thread = "".join(said_of(slack, message) for message in said if not message.only_for)
        return (
            f"<meta charset=utf-8><style>{STYLE}</style><main><div class=thread>{thread}</div>"
            f"{window_of(window)}</main>"
        )


def said_of(slack: LoopbackSlack, message: Message) -> str:
    who, name, face = ("", "ListenDock", "L") if message.user == BOT else (" ada", "Ada", "A")
    files = "".join(
        f"<div class=file><b>{html.escape(slack.files[file].title)}</b>"
        f"<span class=context>{html.escape(slack.files[file].name)}</span></div>"
        for file in message.files
    )
    inside = "".join(map(block_of, message.blocks)) or written(message.text)
    return (
        f"<div class='said{who}'><div class=face>{face}</div><div><span class=name>{name}</span>"
        f"<div>{inside}</div>{files}</div></div>"
    )


def window_of(window: Window) -> str:
    title = html.escape(window.view["title"]["text"])
    inside = "".join(map(block_of, window.view["blocks"]))
    return f"<div class=window><h2>{title}</h2><div>{inside}</div></div>"


def block_of(block: dict[str, Any]) -> str:
    match block["type"]:
        case "header":
            return f"<h3>{html.escape(block['text']['text'])}</h3>"
        case "section":
            button = button_of(block["accessory"]) if "accessory" in block else ""
            return f"<div class=section><p>{written(block['text']['text'])}</p>{button}</div>"
        case "context":
            texts = (written(element["text"]) for element in block["elements"])
            return f"<div class=context>{'<br>'.join(texts)}</div>"
        case "actions":
            return f"<div class=row>{''.join(map(button_of, block['elements']))}</div>"
        case _:
            return ""


def button_of(button: dict[str, Any]) -> str:
    style = button.get("style", "")
    return f"<span class='button {style}'>{html.escape(button['text']['text'])}</span>"


def written(text: str) -> str:
    """`mrkdwn` as ours is: bold, and what is escaped already."""
    text = re.sub(rf"<@{BOT}>", "@ListenDock", text)
    return re.sub(r"\*(.+?)\*", r"<b>\1</b>", text)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        drawn = asyncio.run(looked_at(Path(folder)))
        with a_page(viewport={"width": 1120, "height": 700}, device_scale_factor=1.5) as page:
            page.set_content(drawn)
            page.screenshot(path=HERE / "slack.png", full_page=True)


if __name__ == "__main__":
    main()
