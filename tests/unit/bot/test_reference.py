"""`.env.example` and the table of settings say what the schemas say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr

from bot import reference
from bot.app.chats import CHATS, settings_of
from bot.ports import ChatExtension
from bot.schema import setting

ROOT = Path(__file__).parents[3]
STALE = "run `make settings`"


class MorseSettings(BaseModel):
    morse_key: SecretStr = setting("where the key is, for `{people}`", SecretStr(""))
    morse_speed: int = setting("words a minute", 12)


MORSE = ChatExtension(
    name="morse",
    label="Morse",
    schema=MorseSettings,
    open=lambda settings, given: ...,
    check=lambda settings: ...,
    person="QRP",
)


def test_the_example_is_what_the_schemas_say() -> None:
    written = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert written == reference.example(), STALE


def test_the_table_is_what_the_schemas_say() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert reference.BEGIN in page
    assert reference.END in page
    assert page == reference.page_with(reference.table(), page), STALE


def test_every_key_stands_there_once_and_has_its_line() -> None:
    lines = re.findall(r"^([A-Z_]+)= +# (.+) \(default: .+\)$", reference.example(), re.M)
    assert sorted(name for name, _ in lines) == sorted(map(str.upper, settings_of().model_fields))
    assert all(len(meaning) > 3 for _, meaning in lines)
    assert reference.table().count("\n| `") == len(lines)


def test_the_example_sets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(reference.example(), encoding="utf-8")
    assert settings_of()().model_fields_set == set()


def test_a_chat_that_joins_is_told_of_without_anybody_writing_it_down() -> None:
    chats = (*CHATS, MORSE)
    assert "# Morse\n" in reference.example(chats)
    assert re.search("^MORSE_KEY= +# where the key is", reference.example(chats), re.M)
    assert "| `MORSE_SPEED` | words a minute | `12` |" in reference.table(chats)
    assert "morse:QRP" in next(
        line for line in reference.table(chats).splitlines() if line.startswith("| `ADMINS`")
    )


def test_only_the_table_of_a_page_is_exchanged() -> None:
    page = f"before\n{reference.BEGIN}\nold\n{reference.END}\nafter\n"
    changed = reference.page_with("| new \\1 |", page)
    assert changed == page.replace("old", "| new \\1 |")
