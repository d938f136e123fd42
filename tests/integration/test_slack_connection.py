"""How ListenDock and Slack meet: signatures, scopes, the manifest."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest
import yaml

from adapters.slack.access import SCOPES, SlackAccess, manifest
from adapters.slack.opening import slack_name
from bot.words import messages
from pipeline.errors import ConfigurationError
from tests.loopback.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Fault, LoopbackSlack
from tests.slack_stage import access_to, opened_stage
from tests.sockets import a_free_port
from tests.waiting import until

JSON = {"Content-Type": "application/json"}


async def test_only_what_slack_signed_just_now_is_heard(tmp_path: Path) -> None:
    async with (
        LoopbackSlack().served() as slack,
        opened_stage(slack, tmp_path, events_port=a_free_port()) as stage,
    ):
        event = {"type": "message", "channel": "D00ADA", "user": "U0ADA", "text": "x", "ts": "1.1"}
        body = json.dumps(slack.event(event))
        forged = await slack.post_signed(body, JSON, secret="another")
        old = await slack.post_signed(body, JSON, age_s=600)
        huge = await slack.post_signed("x" * 3_000_000, JSON)
        torn = await slack.post_signed("{", JSON)
        assert (forged.status, old.status, huge.status) == (401, 401, 413)
        assert torn.status in (400, 401)
        assert stage.slack.calls_of("chat.postMessage") == []
        challenge = json.dumps({"type": "url_verification", "challenge": "abc"})
        answer = await slack.post_signed(challenge, JSON)
        assert (answer.status, await answer.text()) == (200, "abc") or "abc" in await answer.text()
        assert (await slack.post_signed(body, JSON)).status == 200
        stage.ada.direct  # noqa: B018 - opens it
        await stage.ada.awaits_words("D00ADA", messages.HELP[:40])


async def test_an_ssl_check_and_a_payload_of_no_meaning_are_acknowledged(tmp_path: Path) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with (
        LoopbackSlack().served() as slack,
        opened_stage(slack, tmp_path, events_port=a_free_port()),
    ):
        unknown = urlencode({"payload": json.dumps({"type": "view_closed", "trigger_id": "1"})})
        assert (await slack.post_signed(unknown, form)).status == 200
        assert (await slack.post_signed("ssl_check=1&token=x", form)).status == 200


async def test_a_port_that_is_taken_is_said_before_anything_starts(tmp_path: Path) -> None:
    async with LoopbackSlack().served() as slack:
        taken = int(slack.url.rpartition(":")[2])
        with pytest.raises(ConfigurationError, match="SLACK_PORT"):
            async with opened_stage(slack, tmp_path, events_port=taken):
                pass


async def test_slack_may_be_down_when_we_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.installs.RETRY_S", 0.05)
    async with LoopbackSlack().served() as slack:
        slack.faults += [Fault("auth.test", "500")] * 4 + [Fault("auth.test", "invalid_auth")]
        monkeypatch.setattr("adapters.slack.installs.LONGEST_RETRY_S", 0.1)
        async with opened_stage(slack, tmp_path) as stage:
            await stage.ada.says(stage.ada.direct, "hello")
            await stage.ada.awaits_words(stage.ada.direct, messages.HELP[:40])


async def test_the_doctor_names_the_workspace_or_what_is_missing() -> None:
    async with LoopbackSlack().served() as slack:
        assert await slack_name(access_to(slack)) == "Loopback"
        slack.scopes -= {"files:write", "im:write"}
        with pytest.raises(ConfigurationError, match="files:write, im:write"):
            await slack_name(access_to(slack))
        slack.faults.append(Fault("auth.test", "invalid_auth"))
        with pytest.raises(ConfigurationError, match="does not accept") as caught:
            await slack_name(access_to(slack))
        assert BOT_TOKEN not in str(caught.value)
        slack.faults.append(Fault("apps.connections.open", "missing_scope"))
        with pytest.raises(ConfigurationError, match="connections:write"):
            await slack_name(access_to(slack))


# slack_sdk's own use of aiohttp
@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
async def test_any_workspace_may_install_the_app_and_each_is_answered_with_its_own_token(
    tmp_path: Path,
) -> None:
    port = a_free_port()
    async with LoopbackSlack().served() as slack, aiohttp.ClientSession() as browser:
        access = SlackAccess(
            signing_secret=SIGNING_SECRET,
            client_id="1.2",
            client_secret="client-secret-1",
            database_url=f"sqlite+aiosqlite:///{tmp_path / 'slack.db'}",
            api_url=f"{slack.url}/api",
            port=port,
        )
        async with opened_stage(slack, tmp_path, events_port=port, access=access) as stage:
            base = f"http://127.0.0.1:{port}"
            for team in ("T1", "T2"):
                await installed(browser, base, team)
            for team, channel in (("T1", "D00ADA"), ("T2", "D00TOM"), ("T3", "D00ADA")):
                slack.channel(channel, "U0ADA")
                event = {"type": "message", "channel": channel, "user": "U0ADA", "text": "hello",
                         "ts": "1.1"}  # fmt: skip
                payload = slack.event(event) | {"team_id": team}
                await slack.deliver(payload, "events_api")
            await stage.ada.awaits_words("D00ADA", messages.HELP[:40])
            await stage.ada.awaits_words("D00TOM", messages.HELP[:40])
            gone = slack.event({"type": "app_uninstalled"}) | {"team_id": "T1"}
            await slack.deliver(gone, "events_api")
            await until(lambda: not list((tmp_path / "slack" / "todo").iterdir()))
            again = {**event, "channel": "D00TOM", "ts": "2.2"}
            await slack.deliver(slack.event(again) | {"team_id": "T1"}, "events_api")
            await slack.deliver(slack.event(again) | {"team_id": "T2"}, "events_api")
            await stage.ada.awaits_many("D00TOM", 2, messages.HELP[:40])
            said = [t for t, (m, _) in zip(slack.tokens, slack.calls, strict=True)
                    if m == "chat.postMessage"]  # fmt: skip
            assert sorted(said[:2]) == ["xoxb-of-T1", "xoxb-of-T2"]
            assert said[2:] == ["xoxb-of-T2"]


async def installed(browser: aiohttp.ClientSession, base: str, team: str) -> None:
    """As an administrator does it: the page leads to Slack, and Slack back with a code."""
    async with browser.get(f"{base}/slack/install") as page:
        found = re.search(r"https://slack\.com/oauth/v2/authorize\?[^\"]+", await page.text())
        cookie = page.cookies["slack-app-oauth-state"].value
    assert found is not None
    asked = parse_qs(urlsplit(html.unescape(found[0])).query)
    assert set(asked["scope"][0].split(",")) == SCOPES
    answer = {"code": f"code-{team}", "state": asked["state"][0]}
    forged = await browser.get(f"{base}/slack/oauth_redirect", params=answer | {"state": "x"})
    assert forged.status == 400
    headers = {"Cookie": f"slack-app-oauth-state={cookie}"}
    async with browser.get(f"{base}/slack/oauth_redirect", params=answer, headers=headers) as done:
        assert done.status == 200, await done.text()


async def test_with_a_socket_nobody_can_post_events(tmp_path: Path) -> None:
    port = a_free_port()
    async with LoopbackSlack().served() as slack:
        access = SlackAccess(
            app_token=APP_TOKEN,
            client_id="1.2",
            client_secret="client-secret-1",
            database_url=f"sqlite+aiosqlite:///{tmp_path / 'slack.db'}",
            api_url=f"{slack.url}/api",
            port=port,
        )
        async with opened_stage(slack, tmp_path, access=access):
            slack.events_url = f"http://127.0.0.1:{port}/slack/events"
            answer = await slack.post_signed("{}", JSON, secret="")
            assert answer.status == 404


def test_a_bot_token_alone_is_not_enough() -> None:
    with pytest.raises(ConfigurationError, match="SLACK_APP_TOKEN"):
        SlackAccess(bot_token=BOT_TOKEN)
    shown = repr(SlackAccess(bot_token=BOT_TOKEN, app_token=APP_TOKEN))
    assert BOT_TOKEN not in shown
    assert APP_TOKEN not in shown


def test_the_manifest_asks_for_what_the_adapter_needs() -> None:
    app = yaml.safe_load(manifest())
    assert set(app["oauth_config"]["scopes"]["bot"]) == SCOPES
    home = app["features"]["app_home"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert home["messages_tab_read_only_enabled"] is False
    assert {c["command"] for c in app["features"]["slash_commands"]} == {"/progress", "/listendock"}
    assert "message.im" in app["settings"]["event_subscriptions"]["bot_events"]
