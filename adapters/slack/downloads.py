"""A member's PDF out of Slack. Private files need our token; without it, or without the right to
see the file, Slack answers 200 with its login page."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import aiohttp
import structlog

from adapters.slack.errors import SlackRefused, in_our_errors
from adapters.slack.payloads import SlackFile
from adapters.slack.workspaces import Workspace
from bot.ports import ChatUnavailable

log = structlog.get_logger()
TRIES = 7  # two minutes in all
FIRST_PAUSE_S = 1.0
TIMEOUT = aiohttp.ClientTimeout(total=600.0, sock_connect=20.0, sock_read=60.0)
CHUNK = 256 * 1024
SLACK_HOSTS = ("slack.com", "slack-files.com", "slack-edge.com")
HTML_BEGINNINGS = (b"<!doctype html", b"<html")


class NotOurs(Exception):
    """We may not see this file, or it does not lie on Slack."""


class _Moved(Exception):
    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__()


async def resolve(workspace: Workspace, file: SlackFile) -> SlackFile:
    """The file with all that is known of it. Raises `NotOurs`, `ChatError`s."""
    if not file.is_stub and file.url:
        return file
    try:
        answer = await in_our_errors(workspace.client.files_info(file=file.id))
    except SlackRefused as err:
        raise NotOurs(err.reason) from None
    return SlackFile.of(answer.get("file") or {})


async def download(workspace: Workspace, file: SlackFile, path: Path) -> None:
    """Raises `NotOurs`, `ChatUnavailable`."""
    url = "" if file.is_external else file.url
    for attempt in range(TRIES):
        if not _is_slacks(workspace, url):
            raise NotOurs("external")  # our token goes to Slack and to nobody else
        try:
            await _fetch(workspace, url, path)
        except _Moved as moved:
            url = moved.url
        except (aiohttp.ClientError, TimeoutError, OSError) as err:
            log.warning("download failed", attempt=attempt, reason=type(err).__name__)
            await asyncio.sleep(FIRST_PAUSE_S * 2**attempt)
        else:
            return
    raise ChatUnavailable("download")


async def _fetch(workspace: Workspace, url: str, path: Path) -> None:
    session = workspace.client.session
    if session is None:
        raise ChatUnavailable("no session")
    headers = {"Authorization": f"Bearer {workspace.client.token}"}
    async with session.get(url, headers=headers, timeout=TIMEOUT, allow_redirects=False) as answer:
        if 300 <= answer.status < 400:
            raise _Moved(urljoin(url, answer.headers.get("Location", "")))
        if 400 <= answer.status < 500 and answer.status not in (408, 429):
            raise NotOurs(f"HTTP {answer.status}")
        answer.raise_for_status()
        if answer.content_type == "text/html":
            raise NotOurs("login page")
        with path.open("wb") as out:
            async for chunk in answer.content.iter_chunked(CHUNK):
                await asyncio.to_thread(out.write, chunk)
    beginning = await asyncio.to_thread(_beginning, path)
    if beginning.startswith(HTML_BEGINNINGS):
        raise NotOurs("login page")


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(64).lstrip().lower()


def _is_slacks(workspace: Workspace, url: str) -> bool:
    """Slack's own hosts over TLS, or the server that stands in for Slack."""
    address, stand_in = urlsplit(url), urlsplit(workspace.client.base_url)
    host = address.hostname or ""
    if (address.scheme, host) == (stand_in.scheme, stand_in.hostname):
        return True
    is_named = any(host == name or host.endswith(f".{name}") for name in SLACK_HOSTS)
    return address.scheme == "https" and is_named
