"""Makes the pictures of chats that README shows: what a loopback Telegram holds, drawn as a chat.

`python docs/screenshots/telegram.py` runs the real program against it. Needs the development
requirements and Chromium.
"""

from __future__ import annotations

import asyncio
import html
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))  # run as a script: the tests' own tools are used

from docs.screenshots.make import an_essay  # noqa: E402
from tests.e2e.browser import a_page  # noqa: E402
from tests.e2e.serving import serving  # noqa: E402
from tests.loopback.telegram import TOKEN, opened_telegram  # noqa: E402
from tests.loopback.telegram_chats import Chat, Message  # noqa: E402
from tests.loopback.telegram_person import Person  # noqa: E402

PATIENCE_S = 180.0
STYLE = """
body { margin: 0; width: 460px; background: #d5e0d0; font: 15px/1.36 system-ui, "Noto Sans"; }
main { padding: 14px; display: flex; flex-direction: column; gap: 10px; }
.from { align-self: flex-end; background: #e4f7d4; } .to { align-self: flex-start; }
.bubble { background: #fff; border-radius: 14px; padding: 9px 12px; white-space: pre-line;
  box-shadow: 0 1px 1px rgb(0 0 0 / 12%); max-width: 92%; box-sizing: border-box; }
.to.bubble { width: 92%; } .file { font-weight: 600; } .size { color: #5a8f52; font-size: 13px; }
.wave { display: flex; gap: 2px; align-items: center; margin-bottom: 6px; color: #3a8fd0; }
.wave b { width: 38px; height: 38px; border-radius: 50%; background: #3a8fd0; color: #fff;
  display: grid; place-items: center; margin-right: 8px; }
.wave i { width: 3px; background: #8fbfe4; border-radius: 2px; }
.wave span { margin-left: 10px; font-size: 13px; color: #6b7780; }
.keys { width: 92%; display: grid; gap: 4px; margin-top: -6px; } .row { display: flex; gap: 4px; }
.row span { flex: 1; background: rgb(70 95 65 / 55%); color: #fff; border-radius: 8px; padding: 7px;
  text-align: center; font-size: 14px; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis; } .row.left span { text-align: left; padding-left: 12px; }
strong { font-weight: 650; }
"""


async def chatted(folder: Path) -> dict[str, str]:
    """Forward, tap, listen, mark, `/progress`; then takeaways, a link to share, settings and the
    library in German: two chats as HTML, by the pictures' names."""
    async with opened_telegram() as telegram:
        ada = Person(telegram, 7, "Ada")
        environment = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url}
        with serving(folder / "home", **environment):
            ada.forwards(an_essay(folder / "How the Hours Became Equal.pdf"))
            await ada.sees(
                lambda chat: next((m for m in chat.texts if " 9 ready" in m.words), None)
            )
            ada.taps("Shadows and water")
            note = await ada.sees(lambda chat: chat.notes[-1] if chat.notes else None)
            ada.taps("Heard", note)
            await ada.sees(lambda chat: chat.texts[0].button("✓"), timeout_s=PATIENCE_S)
            ada.says("/progress")
            await ada.sees(lambda chat: with_words(chat, "1 of 9"), timeout_s=PATIENCE_S)
            first = page_of(ada.chat)
            begun = len(ada.chat.messages)
            ada.taps("Takeaways", ada.chat.texts[0])
            await ada.sees(lambda chat: with_words(chat, "chapter by chapter"))
            ada.taps("Share", ada.chat.texts[0])
            await ada.sees(lambda chat: with_words(chat, "?start="))
            ada.taps("Settings", ada.chat.texts[0])
            await ada.sees(lambda chat: with_words(chat, "Speed: "))
            eva = Person(telegram, 9, "Eva", "de")
            eva.forwards(an_essay(folder / "How the Hours Became Equal.pdf"))
            await eva.sees(lambda chat: with_words(chat, " 9 fertig"))
        second = page_of(ada.chat, begun) + page_of(eva.chat)
        return {"telegram": first, "telegram-more": second}


def with_words(chat: Chat, words: str) -> Message | None:
    return next((message for message in chat.texts if words in message.words), None)


def page_of(chat: Chat, begun: int = 0) -> str:
    """From a message on."""
    drawn = "".join(map(bubble_of, list(chat.messages.values())[begun:]))
    return f"<meta charset=utf-8><style>{STYLE}</style><main>{drawn}</main>"


def bubble_of(message: Message) -> str:
    side = "to" if message.is_ours else "from"
    inside = words_of(message)
    if message.kind == "voice":
        bars = "".join(f"<i style='height:{6 + (n * 37) % 23}px'></i>" for n in range(46))
        length = f"{message.seconds // 60}:{message.seconds % 60:02d}"
        inside = f"<div class=wave><b>▶</b>{bars}<span>{length}</span></div>{inside}"
    elif message.file is not None:
        size = f"{message.file.size / 1024:.1f} KB"
        inside = (
            f"<div class=file>{html.escape(message.file.name)}</div><div class=size>{size}</div>"
        )
    return f"<div class='bubble {side}'>{inside}</div>{keys_of(message)}"


def words_of(message: Message) -> str:
    """The text with its bold and italic parts; offsets count UTF-16 units."""
    units = message.words.encode("utf-16-le")
    opened = {"bold": "strong", "italic": "em"}
    marks: list[tuple[int, str]] = []
    for entity in message.entities:
        tag = opened.get(entity["type"])
        if tag:
            start, end = entity["offset"], entity["offset"] + entity["length"]
            marks += [(start, f"<{tag}>"), (end, f"</{tag}>")]
    pieces, at = [], 0
    for place, tag in sorted(marks, key=lambda mark: mark[0]):
        pieces += [html.escape(units[2 * at : 2 * place].decode("utf-16-le")), tag]
        at = place
    return "".join(pieces) + html.escape(units[2 * at :].decode("utf-16-le"))


def keys_of(message: Message) -> str:
    rows = ""
    for row in message.rows:
        side = (
            " left" if len(row) == 1 and row[0].label[:1] in "○▶✓" and "·" in row[0].label else ""
        )
        keys = "".join(f"<span>{html.escape(button.label)}</span>" for button in row)
        rows += f"<div class='row{side}'>{keys}</div>"
    return f"<div class=keys>{rows}</div>" if rows else ""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        drawn = asyncio.run(chatted(Path(folder)))
        with a_page(viewport={"width": 460, "height": 600}, device_scale_factor=1.5) as page:
            for name, content in drawn.items():
                page.set_content(content)
                page.screenshot(path=HERE / f"{name}.png", full_page=True)


if __name__ == "__main__":
    main()
