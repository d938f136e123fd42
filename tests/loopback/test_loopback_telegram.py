"""The stand-in refuses what Telegram refuses: else tests that it accepts would prove nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.loopback.telegram_api import BotApi
from tests.loopback.telegram_html import Refusal, parsed_html
from tests.loopback.telegram_person import Person

MP3 = ("note.mp3", b"ID3 sound")


@pytest.fixture
def api() -> BotApi:
    api = BotApi()
    api.chat(7, kind="private", title="Ada")
    return api


def keyboard(*buttons: dict[str, str]) -> str:
    return json.dumps({"inline_keyboard": [list(buttons)]})


def a_button(data: str = "p.1") -> dict[str, str]:
    return {"text": "Play", "callback_data": data}


async def refusal(api: BotApi, method: str, files: Any = None, **params: Any) -> str:
    given = {"chat_id": "7"} | {name: str(value) for name, value in params.items()}
    with pytest.raises(Refusal) as caught:
        await api.call(method, given, files or {})
    return caught.value.text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<b>Bees", "Can't find end tag"),
        ("<b><i>Bees</b></i>", "Unmatched end tag"),
        ("Bees</b>", "Unexpected end tag"),
        ("<h1>Bees</h1>", "Unsupported start tag"),
        ("Bees & wasps", "Unescaped &"),
        ("Bees &nbsp; wasps", "Unsupported entity"),
        ("a < b", "Unescaped <"),
        ("", "text is empty"),
        ("<b> </b>", "text is empty"),
        ("x" * 4097, "too long"),
        ("😀" * 2049, "too long"),
    ],
)
async def test_texts(api: BotApi, text: str, why: str) -> None:
    assert why in await refusal(api, "sendMessage", text=text, parse_mode="HTML")


def test_what_is_well_marked_up_is_read() -> None:
    words, entities = parsed_html("<b>Q&amp;A</b> 😀 <i>&#60;ok&#x3e;</i>")
    assert words == "Q&A 😀 <ok>"
    assert entities == [
        {"type": "bold", "offset": 0, "length": 3},
        {"type": "italic", "offset": 7, "length": 4},
    ]


@pytest.mark.parametrize(
    ("buttons", "why"),
    [
        ([a_button("ä" * 33)], "BUTTON_DATA_INVALID"),
        ([a_button("")], "BUTTON_DATA_INVALID"),
        ([a_button()] * 101, "reply markup is too long"),
        ([{"text": "Play"}], "unallowed"),
        ([{"text": " ", "callback_data": "p"}], "non-empty"),
    ],
)
async def test_keyboards(api: BotApi, buttons: list[dict[str, str]], why: str) -> None:
    assert why in await refusal(api, "sendMessage", text="Bees", reply_markup=keyboard(*buttons))


async def test_edits(api: BotApi) -> None:
    sent = await api.call("sendMessage", {"chat_id": "7", "text": "Bees"}, {})
    again = {"message_id": sent["message_id"], "text": "Bees"}
    assert "not modified" in await refusal(api, "editMessageText", **again)
    assert "not found" in await refusal(api, "editMessageText", message_id=99, text="Bees")


async def test_keyboards_alone(api: BotApi) -> None:
    rows = {"reply_markup": keyboard(a_button())}
    sent = await api.call("sendMessage", {"chat_id": "7", "text": "Bees"} | rows, {})
    same = {"message_id": sent["message_id"]} | rows
    assert "not modified" in await refusal(api, "editMessageReplyMarkup", **same)
    assert "not found" in await refusal(api, "editMessageReplyMarkup", message_id=99)
    theirs = Person(api, 7).says("hello")["message"]  # type: ignore[arg-type] - no need of a server
    id_ = theirs["message_id"]
    assert "can't be edited" in await refusal(api, "editMessageReplyMarkup", message_id=id_)


async def test_documents(api: BotApi) -> None:
    a_zip = {"document": ("bees.zip", b"PK")}
    assert "caption is too long" in await refusal(api, "sendDocument", a_zip, caption="x" * 1025)
    assert "non-empty" in await refusal(api, "sendDocument", {"document": ("bees.zip", b"")})
    big = {"document": ("bees.zip", bytes(50 * 1024 * 1024 + 1))}
    assert "Too Large" in await refusal(api, "sendDocument", big)
    sound = await api.call("sendDocument", {"chat_id": "7"}, {"document": MP3})
    assert "audio" in sound
    sent = await api.call("sendDocument", {"chat_id": "7"}, a_zip)
    assert sent["document"]["file_name"] == "bees.zip"
    known = sent["document"]["file_id"]
    assert "Document as Voice" in await refusal(api, "sendVoice", voice=known)


async def test_deleting(api: BotApi) -> None:
    group = api.chat(-5, kind="supergroup", title="Readers")
    person = Person(api, 8, chat=group)  # type: ignore[arg-type] - no need of a server
    theirs = person.says("hello")["message"]["message_id"]
    text = await refusal(api, "deleteMessage", chat_id=-5, message_id=theirs)
    assert "can't be deleted" in text
    assert "to delete not found" in await refusal(api, "deleteMessage", message_id=99)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"commands": [{"command": "Help", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a-b", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "help", "description": ""}]}, "DESCRIPTION_INVALID"),
        ({"commands": [{"command": "help", "description": "x" * 257}]}, "DESCRIPTION_INVALID"),
        ({"commands": [{"command": "help", "description": "x"}] * 101}, "TOO_MUCH"),
        ({"language_code": "en-GB"}, "language code"),
        ({"scope": {"type": "everybody"}}, "BotCommandScope"),
        ({"scope": {"type": "chat", "chat_id": 99}}, "chat not found"),
    ],
)
async def test_menus_of_commands(api: BotApi, changes: dict[str, Any], why: str) -> None:
    given = {"commands": [{"command": "help", "description": "How it works"}]} | changes
    params = {n: v if isinstance(v, str) else json.dumps(v) for n, v in given.items()}
    assert why in await refusal(api, "setMyCommands", **params)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"url": "http://listen.example/hook"}, "HTTPS URL"),
        ({"url": ""}, "HTTPS URL"),
        ({"url": "https://listen.example:8080/hook"}, "only on ports"),
        ({"secret_token": "a b"}, "unallowed characters"),
        ({"secret_token": "x" * 257}, "too long"),
    ],
)
async def test_webhooks(api: BotApi, changes: dict[str, str], why: str) -> None:
    params = {"url": "https://listen.example/hook", "secret_token": "s3cret"} | changes
    assert why in await refusal(api, "setWebhook", **params)


async def test_who_has_a_webhook_may_not_poll(api: BotApi) -> None:
    await api.call("setWebhook", {"url": "https://listen.example/hook"}, {})
    assert "webhook is active" in await refusal(api, "getUpdates")
    await api.call("deleteWebhook", {}, {})
    assert await api.call("getUpdates", {}, {}) == []


async def test_sounds(api: BotApi) -> None:
    text = await refusal(api, "sendVoice", {"voice": MP3}, caption="x" * 1025)
    assert "caption is too long" in text
    sent = await api.call("sendVoice", {"chat_id": "7"}, {"voice": MP3})
    known = sent["voice"]["file_id"]
    assert "Voice as Audio" in await refusal(api, "sendAudio", audio=known)
    assert "wrong file identifier" in await refusal(api, "sendVoice", voice="unknown")
    big = ("big.mp3", b"ID3" + bytes(50 * 1024 * 1024))
    assert "Too Large" in await refusal(api, "sendVoice", {"voice": big})
    other = await api.call("sendVoice", {"chat_id": "7"}, {"voice": ("a.wav", b"RIFF")})
    assert "document" in other


async def test_chats(api: BotApi) -> None:
    ada = Person(api, 7)  # type: ignore[arg-type] - no need of a server
    assert "chat not found" in await refusal(api, "sendMessage", chat_id=5, text="Bees")
    assert "thread not found" in await refusal(api, "sendMessage", text="Bees", message_thread_id=3)
    ada.blocks()
    assert "blocked" in await refusal(api, "sendMessage", text="Bees")


async def test_the_flood_limit(api: BotApi) -> None:
    async def chatter() -> None:
        for _ in range(10):
            await api.call("sendMessage", {"chat_id": "7", "text": "Bees"}, {})

    with pytest.raises(Refusal) as caught:
        await chatter()
    assert caught.value.code == 429
    assert caught.value.parameters["retry_after"] >= 1
    assert 4 <= len(api.chats[7].messages) <= 8


async def test_updates_come_until_they_are_confirmed(api: BotApi) -> None:
    ada = Person(api, 7)  # type: ignore[arg-type] - no need of a server
    first, second = ada.says("one"), ada.says("two")
    for _ in range(2):
        assert await api.call("getUpdates", {}, {}) == [first, second]
    offset = {"offset": str(second["update_id"])}
    assert await api.call("getUpdates", offset, {}) == [second]
    assert await api.call("getUpdates", {}, {}) == [second]
