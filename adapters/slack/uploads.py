"""A chapter's MP3 as a file message: uploaded once, shared again by its permalink.

Slack takes a file in three steps – ask for an address, send the bytes, complete – and shows it only
when its own scan is through. What went well is remembered while the send is repeated, so that a
failure goes on from the step that failed and nothing is uploaded twice.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import structlog

from adapters.slack.errors import SlackRefused, in_our_errors
from adapters.slack.rendering import safe
from adapters.slack.said import newest_of
from adapters.slack.shipments import Shipment
from adapters.slack.workspaces import Workspace
from bot.domain import Conversation
from bot.ports import ChatError, ChatUnavailable, Throttled, Upload
from bot.views import NoteView

log = structlog.get_logger()
FILE_ID = re.compile(r"/files/[^/]+/(F[A-Z0-9]+)(?:/|$)")
POST_TIMEOUT = aiohttp.ClientTimeout(total=300.0, sock_connect=20.0)
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 2.0
SCAN_TRIES = 15
UNUSABLE = ("tombstone", "hidden_by_limit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A file to be sent, as it will be called."""

    path: Path
    name: str
    title: str


OnStep = Callable[[], Awaitable[None]]  # before a step that must not be taken twice


async def _nothing() -> None:
    """Of what is sent once nothing is kept."""


async def share_file(
    workspace: Workspace,
    place: Conversation,
    note: NoteView,
    audio: Path,
    uploads: Sequence[Upload],
    shipment: Shipment,
    on_step: OnStep = _nothing,
) -> None:
    """Bring the file into the place, going on from where `shipment` stands. Raises `ChatError`s."""
    if shipment.is_shared or await _has_link(workspace, place, shipment):
        return
    if shipment.is_doubtful and await _info(workspace, shipment.file) is None:
        _begin_anew(shipment)  # it was killed before Slack had completed it
    if not shipment.file:
        for upload in uploads:
            if await _is_still_there(workspace, upload):
                await _share_again(workspace, place, note, upload, shipment, on_step)
                return
    parcel = Parcel(path=audio, name=note.filename, title=note.title)
    await send_parcel(workspace, place, parcel, shipment, on_step)


def _begin_anew(shipment: Shipment) -> None:
    shipment.file, shipment.has_bytes, shipment.is_asked = "", False, False
    shipment.permalink, shipment.is_doubtful = "", False


async def _has_link(workspace: Workspace, place: Conversation, shipment: Shipment) -> bool:
    """Whether a stored file's link, begun before, came there; if not, nothing of it is known."""
    if not shipment.is_link:
        return False
    link = f"<{shipment.permalink}|"
    since = f"{shipment.since:.6f}"
    ts = await newest_of(workspace, place, lambda m: link in str(m.get("text")), since=since)
    if not ts:
        _begin_anew(shipment)
        return False
    shipment.since, shipment.is_shared = float(ts), True
    return True


async def send_parcel(
    workspace: Workspace,
    place: Conversation,
    parcel: Parcel,
    shipment: Shipment,
    on_step: OnStep = _nothing,
) -> None:
    """The three steps, and the wait for the scan. Raises `ChatError`s."""
    await _upload(workspace, parcel, shipment)
    if not shipment.is_asked:
        await on_step()
    await _complete_upload(workspace, place, parcel, shipment)
    await _await_scan(workspace, place, shipment)
    shipment.is_shared = True


async def _is_still_there(workspace: Workspace, upload: Upload) -> bool:
    """False if the file is gone: deleted, aged out of a free plan, or of another workspace."""
    found = FILE_ID.search(upload.remote_id)
    if found is None or not upload.remote_id.startswith(workspace.url):
        return False
    file = await _info(workspace, found[1])
    if file is None or file.get("mode") in UNUSABLE:
        log.info("stored file is gone")
        return False
    return True


async def _share_again(
    workspace: Workspace,
    place: Conversation,
    note: NoteView,
    upload: Upload,
    shipment: Shipment,
    on_step: OnStep,
) -> None:
    """By its link, which Slack shows as the file itself."""
    shipment.permalink = upload.remote_id
    await on_step()
    answer = await in_our_errors(
        workspace.client.chat_postMessage(
            channel=place.channel,
            thread_ts=place.thread or None,
            text=f"<{upload.remote_id}|{safe(note.title, 200)}>",
            unfurl_links=True,
            unfurl_media=True,
        )
    )
    shipment.since, shipment.is_shared = float(answer["ts"]), True


async def _info(workspace: Workspace, file: str) -> dict[str, Any] | None:
    """A file as Slack knows it; None if it does not (any more)."""
    try:
        answer = await in_our_errors(workspace.client.files_info(file=file))
    except SlackRefused as err:
        if err.reason in ("file_deleted", "file_not_found"):
            return None
        raise
    return dict(answer.get("file") or {})


# --- the three steps ------------------------------------------------------------------------------


async def _upload(workspace: Workspace, parcel: Parcel, shipment: Shipment) -> None:
    if shipment.has_bytes:
        return
    if not shipment.upload_url:
        size = await asyncio.to_thread(lambda: parcel.path.stat().st_size)
        answer = await in_our_errors(
            workspace.client.files_getUploadURLExternal(filename=parcel.name, length=size)
        )
        shipment.file, shipment.upload_url = str(answer["file_id"]), str(answer["upload_url"])
    await _send_bytes(workspace, parcel.path, shipment)
    shipment.has_bytes = True


async def _send_bytes(workspace: Workspace, path: Path, shipment: Shipment) -> None:
    """Send the bytes; an address that refuses them is forgotten, and the next try asks anew."""
    status = await _post(workspace, path, shipment.upload_url)
    if status == 200:
        return
    log.warning("upload failed", status=status)
    if 400 <= status < 500 and status not in (408, 429):
        shipment.file, shipment.upload_url = "", ""
    raise ChatUnavailable("upload")


async def _post(workspace: Workspace, path: Path, url: str) -> int:
    """The answer's status; 0 for none."""
    session = workspace.client.session
    if session is None:
        raise ChatError("no session")
    try:
        with path.open("rb") as file:
            headers = {"Content-Type": "application/octet-stream"}
            async with session.post(
                url, data=file, headers=headers, timeout=POST_TIMEOUT
            ) as answer:
                return answer.status
    except (aiohttp.ClientError, TimeoutError):
        return 0


async def _complete_upload(
    workspace: Workspace, place: Conversation, parcel: Parcel, shipment: Shipment
) -> None:
    """Not repeated blindly: after a lost answer the file itself says whether it was a yes, since
    Slack knows a file only once its upload is complete."""
    if shipment.is_complete:
        return
    if not shipment.is_asked or await _info(workspace, shipment.file) is None:
        shipment.is_asked = True
        try:
            await _complete(workspace, place, parcel, shipment)
        except Throttled:
            shipment.is_asked = False
            raise
    shipment.is_complete = True


async def _complete(
    workspace: Workspace, place: Conversation, parcel: Parcel, shipment: Shipment
) -> None:
    await in_our_errors(
        workspace.client.files_completeUploadExternal(
            files=[{"id": shipment.file, "title": parcel.title}],
            channel_id=place.channel,
            thread_ts=place.thread or None,
        )
    )


async def _await_scan(workspace: Workspace, place: Conversation, shipment: Shipment) -> None:
    """Wait for the scan, so that what follows the file stands below it. A scan that takes longer
    is not waited for: the file comes later then."""
    pause_s = FIRST_PAUSE_S
    for _ in range(SCAN_TRIES):
        file = await _info(workspace, shipment.file) or {}
        shipment.permalink = str(file.get("permalink") or shipment.permalink)
        if _is_in(place, file):
            return
        await asyncio.sleep(pause_s)
        pause_s = min(1.5 * pause_s, LONGEST_PAUSE_S)
    log.info("file not scanned yet")


def _is_in(place: Conversation, file: dict[str, Any]) -> bool:
    return bool(_shares_in(place, file))


def _shares_in(place: Conversation, file: dict[str, Any]) -> list[dict[str, Any]]:
    shares = file.get("shares") or {}
    here = [shares.get(kind, {}).get(place.channel) or [] for kind in ("public", "private")]
    return [share for kind in here for share in kind]


async def since_of(workspace: Workspace, place: Conversation, shipment: Shipment) -> str:
    """Before what follows the chapter's sound: when a file of ours came there, as far as its scan
    is through; else nothing of it is older than the shipment, or its link."""
    file = (await _info(workspace, shipment.file) if shipment.file else None) or {}
    shared = [str(share.get("ts")) for share in _shares_in(place, file)]
    return min(shared, default=f"{shipment.since:.6f}")
