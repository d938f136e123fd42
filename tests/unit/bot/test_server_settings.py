"""Which servers the settings name, and what must never be said of their keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.web.access import WebSettings
from bot.app.chats import settings_of
from bot.settings import Settings, read_settings
from bot.spending import Price, prices_from
from pipeline.errors import ConfigurationError

KEY, OTHER = "sk-0123456789", "sp-0123456789"


def settings(**given: object) -> Settings:
    return Settings(_env_file=None, **given)


def test_without_a_key_no_server_is_asked() -> None:
    assert not settings().uses_model
    assert not settings().uses_speech_server
    assert settings().default_voice == "hibari:heart"


def test_a_key_or_an_address_is_enough_for_a_model() -> None:
    assert settings(openai_api_key=KEY).uses_model
    assert settings(openai_base_url="http://127.0.0.1:11434/v1").uses_model


def test_a_key_alone_does_not_make_speech_cost_money() -> None:
    assert not settings(openai_api_key=KEY).uses_speech_server


@pytest.mark.parametrize(
    ("given", "voice"),
    [
        ({"speech_voice": "nova"}, "openai:nova"),
        ({"speech_model": "tts-1"}, "openai:alloy"),
        ({"voice": "openai:echo"}, "openai:echo"),
        ({"speech_voice": "nova", "voice": "hibari:heart"}, "hibari:heart"),
    ],
)
def test_a_speech_server_is_used_where_it_is_asked_for(
    given: dict[str, object], voice: str
) -> None:
    wanted = settings(openai_api_key=KEY, **given)
    assert wanted.uses_speech_server
    assert wanted.default_voice == voice
    assert voice in (f"openai:{wanted.speaker}", "hibari:heart")


def test_offline_no_server_is_asked_and_a_voice_is_there_all_the_same() -> None:
    wanted = settings(openai_api_key=KEY, voice="openai:echo", speech_api_key=OTHER, offline=True)
    assert not wanted.uses_model
    assert not wanted.uses_speech_server
    assert wanted.default_voice == "hibari:heart"


def test_a_key_is_not_shown_to_a_server_that_it_is_not_for() -> None:
    wanted = settings(openai_api_key=KEY, speech_base_url="http://127.0.0.1:8880/v1")
    assert wanted.speech_key.get_secret_value() == ""
    assert settings(openai_api_key=KEY, speech_voice="nova").speech_key.get_secret_value() == KEY


def test_keys_are_secrets() -> None:
    wanted = settings(openai_api_key=f" {KEY}\n", speech_api_key=OTHER)
    assert {KEY, OTHER} <= set(wanted.secrets)
    assert KEY not in repr(wanted)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENAI_API_KEY", "sk-line\nbreak-0123"),
        ("OPENAI_BASE_URL", "file:///etc/passwd"),
        ("PRICES", "some-model"),
        ("PRICES", "gpt=1/2/3"),
        ("PRICES", "gpt=nan"),
        ("MONTHLY_BUDGET", "inf"),
        ("SUMMARY_LANGUAGE", "German"),
        ("MONTHLY_BUDGET", "-1"),
    ],
)
def test_what_is_off_is_named_and_not_shown(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name) as caught:
        read_settings(Settings)
    assert value not in str(caught.value)


def test_prices() -> None:
    assert prices_from("gpt-4.1-mini=0.4/1.6 openai/gpt-5=1/2 kokoro=0") == {
        "gpt-4.1-mini": Price(tokens_in=0.4, tokens_out=1.6),
        "openai/gpt-5": Price(tokens_in=1.0, tokens_out=2.0),
        "kokoro": Price(),
    }


@pytest.mark.parametrize(
    "address",
    ["listen.example.org", "//listen.example.org", "https://", "https://[", "https://x:y",
     "https://me:secret@listen.example.org", "ftp://listen.example.org"],
)  # fmt: skip
def test_a_public_address_that_is_none_is_refused_whoever_reads_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("PUBLIC_URL", address)
    with pytest.raises(ConfigurationError) as caught:
        read_settings(settings_of())
    assert str(caught.value) == (
        "PUBLIC_URL: must begin with http:// or https:// and name a host, like "
        "https://listen.example.org"
    )


def test_a_proxy_is_an_address_or_a_network(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_PROXIES", "10.0.0.2 fd00::/8")
    assert read_settings(settings_of()).part(WebSettings).web_proxies == "10.0.0.2 fd00::/8"
    monkeypatch.setenv("WEB_PROXIES", "10.0.0.2 *")
    with pytest.raises(ConfigurationError, match="WEB_PROXIES: must be addresses or networks"):
        read_settings(settings_of())


def test_a_home_is_the_same_wherever_the_program_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    found = settings(listendock_home="books")
    assert found.listendock_home == tmp_path / "books"
    assert found.file_store_url == (tmp_path / "books" / "files").as_uri()
    assert settings(listendock_home="~/books").listendock_home == tmp_path / "me" / "books"
    monkeypatch.setenv("LISTENDOCK_HOME", "~nosuchuser/books")
    with pytest.raises(ConfigurationError, match="LISTENDOCK_HOME: ~nosuchuser is no user"):
        read_settings(Settings)
