"""What the program derives from its list of chats."""

from __future__ import annotations

import logging
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from adapters.slack import SLACK
from adapters.slack.chat import SlackChat
from adapters.telegram import TELEGRAM
from adapters.telegram.access import TelegramSettings
from adapters.telegram.chat import TelegramChat
from adapters.web import WEB
from adapters.web.chat import WebChat
from bot.app.chats import (
    CHATS,
    loggers_of,
    named_in,
    owners_of,
    ready_to_open,
    settings_of,
    strangers,
)
from bot.logs import configure_logs
from bot.settings import Settings
from pipeline.errors import ConfigurationError

ROOT = Path(__file__).parents[3]
VENDORS = ("telegram", "slack_bolt", "slack_sdk", "aiohttp", "starlette", "uvicorn")
HEAVY = (*VENDORS, "sqlalchemy", "alembic", "dbos", "obstore", "openai", "httpx")


def settings(**given: object) -> Settings:
    return settings_of()(_env_file=None, **given)


def loaded_by(line: str) -> set[str]:
    """The packages that a fresh Python has loaded after this line."""
    shown = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", f"{line}; {shown}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_importing_the_chats_loads_no_library_of_a_vendor() -> None:
    loaded = loaded_by("from bot.app.chats import CHATS")
    assert not loaded & set(HEAVY)
    assert {"adapters", "pydantic"} <= loaded


def test_the_libraries_that_are_looked_for_are_those_that_chats_load_when_they_open() -> None:
    opened = "from adapters.{0} import opening as {0}"
    line = "; ".join(opened.format(name) for name in ("telegram", "slack", "web"))
    assert set(VENDORS) <= loaded_by(line)


def test_a_command_that_needs_no_chat_loads_nothing_of_chats_database_or_engine() -> None:
    assert not loaded_by("import bot.__main__") & set(HEAVY)


def test_a_chat_calls_itself_the_same_before_and_after_it_is_opened() -> None:
    opened = [WebChat.name, TelegramChat.name, SlackChat.name]
    assert [chat.name for chat in (WEB, TELEGRAM, SLACK)] == opened


@pytest.mark.parametrize("chat", CHATS, ids=lambda chat: chat.name)
def test_a_chat_s_keys_begin_with_its_name(chat) -> None:  # type: ignore[no-untyped-def]
    own = set(chat.schema.model_fields) - set(Settings.model_fields)
    assert all(key.startswith(f"{chat.name}_") for key in own)
    assert chat.label


def test_a_chat_gets_its_own_settings_and_no_other() -> None:
    whole = settings(
        telegram_bot_token="1:secret",
        slack_bot_token="xoxb-1",
        public_url="https://listen.example",
    )
    part = whole.part(TelegramSettings)
    assert part.telegram_bot_token.get_secret_value() == "1:secret"
    assert part.public_url == "https://listen.example"
    assert not hasattr(part, "slack_bot_token")
    assert part.model_fields_set == {"telegram_bot_token", "public_url"}


def test_every_secret_of_every_chat_is_kept_from_logs() -> None:
    given = {
        name: f"a secret of {name}"
        for name, field in settings_of().model_fields.items()
        if "Secret" in str(field.annotation) and not name.endswith("_api_key")
    }
    assert {"telegram_bot_token", "slack_client_secret", "database_url"} <= set(given)
    assert set(settings(**given).secrets) == set(given.values())


def test_what_is_configured_is_opened() -> None:
    assert ready_to_open(CHATS, settings()) == [WEB]
    assert ready_to_open(CHATS, settings(telegram_bot_token="1:a")) == [WEB, TELEGRAM]
    slack = {"slack_client_id": "1.2", "slack_client_secret": "x", "slack_signing_secret": "y"}
    assert ready_to_open(CHATS, settings(**slack)) == [WEB, SLACK]
    both = settings(telegram_bot_token="1:a", offline=True, **slack)
    assert ready_to_open(CHATS, both) == [WEB]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"telegram_webhook": True}, "PUBLIC_URL"),
        ({"slack_bot_token": "xoxb-1"}, "SLACK_APP_TOKEN"),
    ],
)
def test_settings_that_contradict_one_another_are_told_before_anything_opens(
    given: dict[str, object], named: str
) -> None:
    with pytest.raises(ConfigurationError, match=named):
        ready_to_open(CHATS, settings(**given))


def test_an_account_of_no_chat_is_told() -> None:
    given = settings(admins="telegram:1 telegramm:2", allowed="7 slack:C05 web:local")
    here = ", ".join(chat.name for chat in CHATS)
    assert strangers(CHATS, given) == [
        f"ADMINS names telegramm:2, which is of no chat here: {here}.",
        f"ALLOWED names 7, which is of no chat here: {here}.",
    ]


def test_whoever_runs_the_program_has_a_name_in_settings() -> None:
    assert strangers(CHATS, settings(admins="web:owner", allowed="web:owner")) == []
    assert named_in("web:owner telegram:1", CHATS) == {"web:local", "telegram:1"}
    assert owners_of(CHATS) == {"web:owner": "web:local"}


def test_admins_have_accounts_on_each_chat() -> None:
    given = settings(admins="telegram:1 slack:U04 telegram:2")
    assert given.admins_on("telegram") == ["1", "2"]
    assert given.admins_on("tele") == []


def test_what_a_chat_s_library_tells_below_a_warning_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = logging.getLogger()
    for name in ("uvicorn", "uvicorn.error"):  # a server of the tests may have silenced them
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
        monkeypatch.setattr(logging.getLogger(name), "level", logging.NOTSET)
        monkeypatch.setattr(logging.getLogger(name), "_cache", {})
    before = root.handlers[:], root.level
    try:
        stream = StringIO()
        configure_logs(level="debug", style="json", chatty=loggers_of(CHATS), stream=stream)
        for name in ("telegram.ext", "slack_bolt", "slack_sdk.x", "uvicorn.error"):
            logging.getLogger(name).info("a request with its token")
            logging.getLogger(name).warning("a warning of %s", name)
        told = stream.getvalue()
    finally:
        root.handlers, root.level = before
    assert "a request" not in told
    assert told.count("a warning of") == 4
