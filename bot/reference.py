"""`python -m bot.reference` makes `.env.example` and the table in `docs/settings.md` of schemas.
Run it where these files are; a test fails while they say something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic.fields import FieldInfo

from bot.app.chats import CHATS
from bot.ports import Chats
from bot.schema import default_of
from bot.settings import Settings

EXAMPLE = Path(".env.example")
PAGE = Path("docs/settings.md")
BEGIN = "<!-- made by `make settings`: change the schemas, not this table -->"
END = "<!-- end of the table -->"
VALUE_WIDTH = 24
Section = tuple[str, dict[str, FieldInfo]]


def sections(chats: Chats) -> Iterator[Section]:
    """Each setting once: what a chat wants for itself under its name, then what is for all."""
    ours = Settings.model_fields
    for chat in chats:
        own = {name: field for name, field in chat.schema.model_fields.items() if name not in ours}
        if own:
            yield chat.label, own
    yield "The program", ours


def example(chats: Chats = CHATS) -> str:
    """A file that sets nothing and says what could be set."""
    lines = ["# ListenDock's settings. Copy to `.env`; every line may be left out."]
    for title, fields in sections(chats):
        lines += ["", f"# {title[:1].upper()}{title[1:]}"]
        for name, field in fields.items():
            text = f"{_meaning(field, chats)} (default: {default_of(field)})".replace("`", "")
            lines.append(f"{name.upper() + '=':{VALUE_WIDTH}}# {text}")
    return "\n".join(lines) + "\n"


def table(chats: Chats = CHATS) -> str:
    rows = [
        f"| `{name.upper()}` | {_meaning(field, chats)} | {default_of(field)} |"
        for _, fields in sections(chats)
        for name, field in fields.items()
    ]
    return "\n".join(["| setting | meaning | default |", "|---|---|---|", *rows])


def page_with(table: str, page: str) -> str:
    """The page with this table in the place of the one that it has."""
    between = re.compile(f"(?<={re.escape(BEGIN)}\n).*?(?=\n{re.escape(END)})", re.S)
    return between.sub(lambda _: table, page)


def _meaning(field: FieldInfo, chats: Chats) -> str:
    people = [f"{chat.name}:{chat.person}" for chat in chats if chat.person]
    places = [f"{chat.name}:{chat.place}" for chat in chats if chat.place]
    text = field.description or ""
    return text.replace("{people}", " ".join(people)).replace("{places}", " ".join(places))


def main() -> None:
    EXAMPLE.write_text(example(), encoding="utf-8")
    PAGE.write_text(page_with(table(), PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
