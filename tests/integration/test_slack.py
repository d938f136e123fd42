"""Slack through its adapter: what comes in, what goes out, and what must not."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain import Conversation, Listener, ListeningState
from bot.journal import Journal
from bot.ports import ChatError, ChatUnavailable, MessageGone, Throttled, Unreachable, Upload
from bot.views import Action, Button, NoteView, NoticeView, Verb
from bot.words import messages
from tests.loopback.slack import BOT, BOT_TOKEN, TEAM, Fault, LoopbackSlack
from tests.loopback.slack_member import Member
from tests.samples import ENGLISH
from tests.slack_stage import SlackStage, opened_stage
from tests.waiting import until

PDF, OTHER = b"%PDF-1.7 a paper on bees", b"%PDF-1.7 another"
DIRECT = Conversation(platform="slack", channel="D00ADA")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.sockets.PING_S", 0.4)
    monkeypatch.setattr("adapters.slack.intake.EARLIER_EVENTS_S", 0.3)


@pytest.fixture
async def slack() -> AsyncIterator[LoopbackSlack]:
    async with LoopbackSlack().served() as slack:
        yield slack


@pytest.fixture
async def stage(slack: LoopbackSlack, tmp_path: Path) -> AsyncIterator[SlackStage]:
    async with opened_stage(slack, tmp_path) as stage:
        yield stage


def a_note(chapter: int = 1, title: str = "Abstract") -> NoteView:
    return NoteView(
        document="0" * 64,
        chapter=chapter,
        title=title,
        album="On Bees",
        performer="Ada",
        takeaway="Bees dance.",
        position=f"{chapter} of 4",
        seconds=60.0,
        size=9,
        filename="01-abstract.mp3",
        buttons=(),
    )


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    path = tmp_path / "track.mp3"
    path.write_bytes(b"ID3 bytes")
    return path


# --- what comes in --------------------------------------------------------------------------------


async def test_one_share_is_one_document_however_many_events_tell_of_it(stage: SlackStage) -> None:
    room = stage.slack.channel("C0ROOM", stage.ada.id)
    await stage.ada.shares(room, PDF, text=f"look <@{BOT}>")
    await stage.ada.awaits_words(room, "4 ready")
    await stage.ada.shares(stage.ada.direct, OTHER)
    await stage.ada.awaits_words(stage.ada.direct, "4 ready")
    await stage.settled()  # the `file_shared`s have had their say
    assert len(stage.ada.sees(room)) == 1
    assert len(stage.ada.sees(stage.ada.direct)) == 1
    assert len(stage.jobs.reads) == 2


async def test_an_event_that_is_delivered_again_does_nothing_more(stage: SlackStage) -> None:
    event = stage.slack.event(
        {"type": "message", "channel": stage.ada.direct, "channel_type": "im", "user": "U0ADA",
         "text": "hello", "ts": "1.1"}
    )  # fmt: skip
    for _ in range(3):
        await stage.slack.deliver(event, "events_api")
    await stage.ada.awaits_words(stage.ada.direct, messages.HELP[:40])
    await stage.settled()
    assert len(stage.ada.sees(stage.ada.direct)) == 1


async def test_a_file_that_only_its_own_event_tells_of_is_taken_too(stage: SlackStage) -> None:
    message = await stage.ada.shares(stage.slack.channel("D0ELSE", "U0ELSE"), PDF)
    file = stage.slack.files[message.files[0]]
    file.shares[stage.ada.direct] = ["1.1"]
    event = {"type": "file_shared", "file_id": file.id, "user_id": "U0ADA",
             "channel_id": stage.ada.direct}  # fmt: skip
    await stage.slack.deliver(stage.slack.event(event), "events_api")
    await stage.ada.awaits_words(stage.ada.direct, "On Bees")


async def test_in_a_channel_it_is_silent_until_it_is_meant(
    stage: SlackStage, tmp_path: Path
) -> None:
    room = stage.slack.channel("C0ROOM", stage.ada.id)
    shared = await stage.ada.shares(room, PDF, text="a paper for Tom")
    await stage.ada.says(room, "anybody read it?")
    await stage.settled()
    assert stage.ada.sees(room) == []
    assert stage.slack.calls_of("GET file") == []
    journal = tmp_path / "slack"
    assert [*(journal / "todo").iterdir(), *(journal / "done").iterdir()] == []
    await stage.ada.says(room, f"<@{BOT}> chapters please", thread=shared.ts)
    card = await stage.ada.awaits_words(room, "4 ready")
    assert card.thread == shared.ts


async def test_a_forwarded_message_and_a_files_address_bring_their_pdf(stage: SlackStage) -> None:
    room = stage.slack.channel("C0ROOM", stage.ada.id)
    for number, data in enumerate((PDF, OTHER)):
        shared = await stage.ada.shares(room, data, name=f"{number}.pdf")
        file = stage.slack.as_file(stage.slack.files[shared.files[0]])
        event = {"type": "message", "channel": stage.ada.direct, "channel_type": "im",
                 "user": stage.ada.id, "ts": f"{number}.1", "text": ""}  # fmt: skip
        if number:
            event["text"] = f"<{file['permalink']}>"
        else:
            event["attachments"] = [{"is_share": True, "files": [file]}]
        await stage.slack.deliver(stage.slack.event(event), "events_api")
        await stage.ada.awaits_many(stage.ada.direct, number + 1, "4 ready")
    assert len(stage.jobs.reads) == 2


async def test_words_of_ours_are_commands_where_slash_commands_do_not_work(
    stage: SlackStage,
) -> None:
    room = stage.slack.channel("C0ROOM", stage.ada.id)
    first = await stage.ada.says(room, f"<@{BOT}> library")
    answer = await stage.ada.awaits_words(room, messages.NOTHING_YET)
    assert (answer.only_for, answer.thread) == (stage.ada.id, first.ts)


async def test_the_shortcut_makes_chapters_of_anybodys_pdf(stage: SlackStage) -> None:
    room = stage.slack.channel("C0ROOM", stage.ada.id, stage.tom.id)
    shared = await stage.ada.shares(room, PDF)
    await stage.tom.uses_shortcut(shared)
    card = await stage.tom.awaits_words(room, "4 ready")
    assert card.thread == shared.ts
    assert await stage.library.progress("slack:U0TOM", stage.jobs.reads[0]) is not None
    assert await stage.library.progress("slack:U0ADA", stage.jobs.reads[0]) is None


async def test_the_shortcut_says_what_it_cannot_do_to_whoever_used_it(stage: SlackStage) -> None:
    room = stage.slack.channel("C0ROOM", stage.ada.id, stage.tom.id)
    text = await stage.ada.says(room, "no file here")
    await stage.tom.uses_shortcut(text)
    answer = await stage.tom.awaits_words(room, messages.NO_PDF_THERE)
    assert answer.only_for == stage.tom.id
    private = stage.slack.channel("C0PRIV", stage.tom.id, has_bot=False)
    shared = await stage.tom.shares(private, PDF, name="secret.pdf")
    await stage.tom.uses_shortcut(shared)
    await stage.tom.awaits_words(stage.tom.direct, "I may not open “secret.pdf”", "/invite")
    assert stage.jobs.reads == []


async def test_the_shortcut_between_two_members_is_answered_in_our_own_direct_messages(
    stage: SlackStage,
) -> None:
    theirs = stage.slack.channel("D0OTHER", stage.ada.id, stage.tom.id, has_bot=False)
    shared = await stage.ada.shares(theirs, PDF, name="secret.pdf")
    await stage.tom.uses_shortcut(shared)
    await stage.tom.awaits_words(stage.tom.direct, "I may not open “secret.pdf”")


async def test_a_request_that_makes_no_sense_is_put_aside(
    stage: SlackStage, tmp_path: Path
) -> None:
    await stage.slack.deliver(stage.slack.event({"type": "message", "files": 7, "user": "U1",
                                                 "channel": "D1"}), "events_api")  # fmt: skip
    await stage.ada.says(stage.ada.direct, "hello")
    await stage.ada.awaits_words(stage.ada.direct, messages.HELP[:40])
    await until(lambda: not list((tmp_path / "slack" / "todo").iterdir()))


async def test_a_stub_of_slack_connect_is_resolved(stage: SlackStage) -> None:
    await stage.ada.shares(stage.ada.direct, PDF, name="theirs.pdf", is_stub=True)
    await stage.ada.awaits_words(stage.ada.direct, "4 ready")
    assert stage.slack.calls_of("files.info") != []


async def test_our_token_is_not_sent_to_where_an_external_file_lies(stage: SlackStage) -> None:
    await stage.ada.shares(stage.ada.direct, PDF, name="drive.pdf", is_external=True)
    await stage.ada.awaits_words(stage.ada.direct, "I may not open “drive.pdf”")
    assert stage.slack.calls_of("GET file") == []


async def test_slacks_login_page_is_not_taken_for_a_document(stage: SlackStage) -> None:
    stage.slack.scopes.discard("files:read")
    await stage.ada.shares(stage.ada.direct, PDF)
    await stage.ada.awaits_words(stage.ada.direct, "I may not open “paper.pdf”")
    assert stage.jobs.reads == []


async def test_a_file_over_the_limit_is_refused_before_it_is_downloaded(stage: SlackStage) -> None:
    await stage.ada.shares(stage.ada.direct, PDF + bytes(1024 * 1024))
    await stage.ada.awaits_words(stage.ada.direct, "2 MB", "smaller copy")
    assert stage.slack.calls_of("GET file") == []


async def test_a_broken_download_is_tried_again(stage: SlackStage) -> None:
    stage.slack.faults += [Fault("GET file", "drop before"), Fault("GET file", "500")]
    await stage.ada.shares(stage.ada.direct, PDF)
    await stage.ada.awaits_words(stage.ada.direct, "4 ready")


async def test_another_kind_of_file_is_told_what_is_read(stage: SlackStage) -> None:
    await stage.ada.shares(
        stage.ada.direct, b"PNG", name="bees.png", mimetype="image/png", text="see"
    )
    await stage.ada.awaits_words(stage.ada.direct, "I read PDFs and EPUBs only.", "bees.png")


async def test_a_link_and_an_ampersand_arrive_as_they_were_typed(stage: SlackStage) -> None:
    await stage.ada.says(stage.ada.direct, "<https://bees.example/a?x=1&amp;y=2|bees.example>")
    await stage.ada.awaits_words(stage.ada.direct, messages.HELP[:40])


# --- kept through crashes and cuts ----------------------------------------------------------------


async def test_what_was_acknowledged_survives_the_program(
    slack: LoopbackSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inlet.STOPPING_S", 0.05)
    async with opened_stage(slack, tmp_path) as stage:
        slack.faults += [Fault("GET file", "500")] * 4  # it dies while it downloads
        await stage.ada.shares(stage.ada.direct, PDF)
        assert stage.jobs.reads == []
    slack.faults.clear()
    async with opened_stage(slack, tmp_path) as stage:
        await stage.ada.awaits_words(stage.ada.direct, "4 ready")
        await stage.settled()
        assert len(stage.ada.sees(stage.ada.direct)) == 1


async def test_what_a_program_before_wrote_down_is_handled_too(
    slack: LoopbackSlack, tmp_path: Path
) -> None:
    """A tap in a window that it had opened, which says in its old words where it belongs."""
    room = slack.channel("C0ROOM", "U0ADA", "U0TOM")
    first = Member(slack, "U0ADA")._says(room, "hello", "")
    tap = {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": "U0ADA", "team_id": TEAM},
        "trigger_id": "1.2.gone",
        "actions": [{"value": Action(verb=Verb.HEARD, document="0" * 16, number=1).encoded()}],
        "container": {"type": "view", "view_id": "V0OLD"},
        "view": {
            "id": "V0OLD",
            "type": "modal",
            "private_metadata": json.dumps([room, f"{first.ts}@U0ADA"]),
        },
    }
    Journal(tmp_path / "slack").write("trigger_id:1.2.gone", tap)
    async with opened_stage(slack, tmp_path) as stage:
        answer = await stage.ada.awaits_words(room, messages.NOT_YOURS)
        assert (answer.only_for, answer.thread) == ("U0ADA", first.ts)
        assert stage.tom.sees(room) == []


async def test_a_cut_socket_and_a_refresh_lose_nothing(stage: SlackStage) -> None:
    await stage.ada.says(stage.ada.direct, "one")
    await stage.slack.refresh_sockets()
    await stage.ada.says(stage.ada.direct, "two")
    stage.slack.refuse_sockets = 1  # the first new one fails, and its ticket is used up
    await stage.slack.cut_sockets()
    await stage.ada.says(stage.ada.direct, "three")
    await stage.ada.awaits_many(stage.ada.direct, 3, messages.HELP[:40])
    assert stage.slack.opened_sockets >= 3


# --- what goes out --------------------------------------------------------------------------------


async def test_a_track_is_uploaded_once_and_shared_again_until_it_is_gone(
    stage: SlackStage, audio: Path
) -> None:
    stage.ada.direct  # noqa: B018 - opens it
    first = await stage.chat.send_track(DIRECT, a_note(), audio, [])
    assert first.upload is not None
    again = await stage.chat.send_track(DIRECT, a_note(), audio, [first.upload])
    assert again.upload == first.upload
    assert len(stage.slack.calls_of("files.getUploadURLExternal")) == 1
    stage.slack.files[stage.ada.audio_in(DIRECT.channel)[0].id].is_deleted = True
    afresh = await stage.chat.send_track(DIRECT, a_note(), audio, [first.upload])
    assert afresh.upload not in (None, first.upload)
    foreign = Upload(
        platform="slack", kind="permalink", remote_id="https://other.slack.com/files/U1/F1/a.mp3"
    )
    other = await stage.chat.send_track(DIRECT, a_note(), audio, [foreign])
    assert other.upload != foreign


@pytest.mark.parametrize(
    "faults",
    [
        [Fault("POST upload", "drop before"), Fault("POST upload", "500")],
        [Fault("POST upload", "drop after")],
        [Fault("files.completeUploadExternal", "drop after"), Fault("files.info", "500")],
        [Fault("files.completeUploadExternal", "429", 0)],
        [Fault("files.info", "500")],
    ],
    ids=lambda faults: f"{faults[0].method} {faults[0].kind}",
)
async def test_an_upload_goes_on_from_the_step_that_failed(
    stage: SlackStage, audio: Path, faults: list[Fault]
) -> None:
    stage.ada.direct  # noqa: B018 - opens it
    stage.slack.faults += faults
    for _ in faults:
        with pytest.raises((ChatUnavailable, Throttled)):
            await stage.chat.send_track(DIRECT, a_note(), audio, [])
    await stage.chat.send_track(DIRECT, a_note(), audio, [])
    assert len(stage.ada.audio_in(DIRECT.channel)) == 1
    assert len(stage.slack.calls_of("files.getUploadURLExternal")) == 1
    assert stage.slack.refusals == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("files.completeUploadExternal", "drop before"), ChatUnavailable),
        (Fault("chat.postMessage", "429", 60), Throttled),
    ],
)
async def test_a_send_that_failed_half_way_brings_the_file_only_once(
    stage: SlackStage, audio: Path, fault: Fault, error: type[ChatError]
) -> None:
    stage.ada.direct  # noqa: B018 - opens it
    stage.slack.faults.append(fault)
    with pytest.raises(error):
        await stage.chat.send_track(DIRECT, a_note(), audio, [])
    await stage.chat.send_track(DIRECT, a_note(), audio, [])
    assert len(stage.ada.audio_in(DIRECT.channel)) == 1
    assert len(stage.slack.calls_of("POST upload")) == 1
    assert [m.words for m in stage.ada.sees(DIRECT.channel) if "1 of 4" in m.words] != []


async def test_a_wait_that_slack_asks_for_is_told(stage: SlackStage) -> None:
    stage.ada.direct  # noqa: B018 - opens it
    stage.slack.faults.append(Fault("chat.postMessage", "429", 45))
    with pytest.raises(Throttled) as caught:
        await stage.chat.show(DIRECT, NoticeView(text="hello"))
    assert caught.value.retry_after_s == 45


@pytest.mark.parametrize(
    ("word", "error"),
    [
        ("channel_not_found", Unreachable),
        ("not_in_channel", Unreachable),
        ("is_archived", Unreachable),
        ("account_inactive", Unreachable),
        ("token_revoked", Unreachable),
        ("message_not_found", MessageGone),
        ("cant_update_message", MessageGone),
        ("internal_error", ChatUnavailable),
        ("ratelimited", Throttled),
        ("invalid_blocks", ChatError),
    ],
)
async def test_slacks_refusals_in_our_words(
    stage: SlackStage, word: str, error: type[ChatError]
) -> None:
    stage.slack.faults.append(Fault("chat.update", word))
    with pytest.raises(error):
        await stage.chat.show(DIRECT, NoticeView(text="hello"), message="1.1")


@pytest.mark.parametrize("kind", ["drop before", "drop after", "500"])
async def test_a_connection_that_breaks_is_told_and_nothing_repeated_by_itself(
    stage: SlackStage, kind: str
) -> None:
    stage.ada.direct  # noqa: B018 - opens it
    stage.slack.faults.append(Fault("chat.postMessage", kind))
    with pytest.raises(ChatUnavailable):
        await stage.chat.show(DIRECT, NoticeView(text="hello"))
    assert len(stage.ada.sees(DIRECT.channel)) == (kind == "drop after")


async def test_an_answer_is_tried_again_until_slack_takes_it(
    stage: SlackStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.patience.FIRST_PAUSE_S", 0.05)
    for method in ("conversations.open", "chat.postMessage"):
        stage.slack.faults += [Fault(method, "500"), Fault(method, "drop before"),
                               Fault(method, "429", 0)]  # fmt: skip
    await stage.ada.commands("/progress")
    await stage.ada.awaits_words(stage.ada.direct, messages.NOTHING_YET)


async def test_deleting_what_is_gone_is_no_error(stage: SlackStage) -> None:
    stage.ada.direct  # noqa: B018 - opens it
    message = await stage.chat.show(DIRECT, NoticeView(text="hello"))
    await stage.chat.delete(DIRECT, message)
    await stage.chat.delete(DIRECT, message)
    assert stage.ada.sees(DIRECT.channel) == []


async def test_a_members_own_message_stays_and_that_is_told(stage: SlackStage) -> None:
    said = await stage.ada.says(stage.ada.direct, "help")
    assert not await stage.chat.delete(DIRECT, said.ts)


async def test_the_buttons_of_a_note_are_exchanged(stage: SlackStage, audio: Path) -> None:
    stage.ada.direct  # noqa: B018 - opens it
    sent = await stage.chat.send_track(DIRECT, a_note(), audio, [])
    undo = Button(label="↩ Undo", action=Action(verb=Verb.UNHEARD, document="0" * 16, number=1))
    for _ in range(2):
        await stage.chat.set_note_buttons(DIRECT, sent.message, ((undo,),), noted=messages.NOTED)
    note = stage.ada.sees(DIRECT.channel)[-1]
    assert [button["text"]["text"] for button in note.buttons] == ["↩ Undo"]
    assert "*Abstract*" in note.words
    await stage.chat.delete(DIRECT, sent.message)
    await stage.chat.set_note_buttons(DIRECT, sent.message, ((undo,),), noted=messages.NOTED)
    assert stage.slack.refusals == ["conversations.replies: thread_not_found: "]


async def test_where_many_read_a_note_its_buttons_stay_and_the_tapper_is_told_alone(
    stage: SlackStage, audio: Path
) -> None:
    room = stage.slack.channel("C0ROOM", stage.ada.id, stage.tom.id)
    first = await stage.ada.says(room, "hello")
    shared = Conversation(platform="slack", channel=room, thread=first.ts, seen_by=stage.tom.id)
    sent = await stage.chat.send_track(shared, a_note(), audio, [])
    undo = Button(label="↩ Undo", action=Action(verb=Verb.UNHEARD, document="0" * 16, number=1))
    await stage.chat.set_note_buttons(shared, sent.message, ((undo,),), noted=messages.NOTED)
    told = await stage.tom.awaits_words(room, messages.NOTED)
    assert (told.only_for, told.thread) == (stage.tom.id, first.ts)
    assert [button["text"]["text"] for button in told.buttons] == ["↩ Undo"]
    assert stage.slack.message_at(room, sent.message).edits == 0


async def test_a_file_goes_out_under_its_own_name(stage: SlackStage, audio: Path) -> None:
    stage.ada.direct  # noqa: B018 - opens it
    await stage.chat.send_file(DIRECT, audio, caption="On Bees – part 1 of 2")
    (file,) = stage.ada.audio_in(DIRECT.channel)
    assert (file.name, file.title) == ("track.mp3", "On Bees – part 1 of 2")


@pytest.fixture
def _soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for Slack asks again at once."""
    for name in (
        "bot.patience.FIRST_PAUSE_S",
        "bot.work.publishing.FIRST_RETRY_S",
        "bot.work.publishing.POLL_S",
    ):
        monkeypatch.setattr(name, 0.02)
    for name in ("bot.patience.LONGEST_PAUSE_S", "bot.work.publishing.LAST_RETRY_S"):
        monkeypatch.setattr(name, 0.1)
    monkeypatch.setattr("adapters.slack.downloads.FIRST_PAUSE_S", 0.02)


@pytest.mark.usefixtures("_soon_again")
@pytest.mark.parametrize("seed", [1, 2])
async def test_through_a_storm_every_chapter_arrives_and_no_file_twice(
    stage: SlackStage, seed: int
) -> None:
    stage.slack.scans = 0
    dice = random.Random(seed)
    methods = ("chat.postMessage", "chat.update", "files.info", "files.getUploadURLExternal",
               "files.completeUploadExternal", "POST upload")  # fmt: skip
    kinds = ("drop before", "drop after", "500", "429")
    stage.slack.faults += [
        Fault(dice.choice(methods), dice.choice(kinds), retry_after_s=0) for _ in range(40)
    ]
    stage.slack.faults += [Fault("GET file", dice.choice(kinds)) for _ in range(4)]
    await stage.ada.shares(stage.ada.direct, PDF)
    card = await stage.ada.awaits_words(stage.ada.direct, "4 ready")
    for button in card.buttons[:4]:
        await stage.ada.taps_button(card, button)
    for number in range(1, 5):
        await stage.ada.awaits_words(stage.ada.direct, f"{number} of 4 · On Bees")
    await stage.settled()
    names = [file.name for file in stage.ada.audio_in(stage.ada.direct)]
    assert sorted(names) == [
        "01-abstract.mp3", "02-introduction.mp3", "03-how-bees-dance.mp3", "04-discussion.mp3",
    ]  # fmt: skip
    is_asking = "files.info: file_not_found"  # whether a lost completion was a yes
    assert [refusal for refusal in stage.slack.refusals if is_asking not in refusal] == []


# --- to each their own ----------------------------------------------------------------------------


async def test_progress_asked_for_in_a_channel_is_shown_to_nobody_else(stage: SlackStage) -> None:
    room = stage.slack.channel("C0ROOM", stage.ada.id, stage.tom.id)
    await stage.ada.shares(stage.ada.direct, PDF)
    await stage.ada.awaits_words(stage.ada.direct, "4 ready")
    await stage.ada.commands("/progress", channel=room)
    shelf = await stage.ada.awaits_words(room, "Your progress", "On Bees")
    assert stage.tom.sees(room) == []
    await stage.ada.taps(shelf, "▶ Start")
    await stage.ada.awaits_words(stage.ada.direct, "*Abstract*", "1 of 4")
    assert len(stage.ada.sees(room)) == 1
    assert stage.slack.refusals == []


async def test_a_private_document_opened_from_a_channel_stays_in_direct_messages(
    stage: SlackStage,
) -> None:
    room = stage.slack.channel("C0ROOM", stage.ada.id, stage.tom.id)
    await stage.ada.shares(stage.ada.direct, PDF)
    await stage.ada.awaits_words(stage.ada.direct, "4 ready")
    await stage.ada.commands("/listendock", "library", channel=room)
    shelf = await stage.ada.awaits_words(room, "Your documents")
    await stage.ada.taps(shelf, "Open")
    await stage.ada.awaits_many(stage.ada.direct, 2, "On Bees", "4 chapters")
    await stage.ada.taps(shelf, "Delete")
    question = await stage.ada.awaits_words(stage.ada.direct, "Delete “On Bees”")
    await stage.ada.taps(question, "Keep")
    await stage.ada.awaits_words(stage.ada.direct, messages.KEPT)
    assert stage.tom.sees(room) == []


async def test_a_page_of_what_only_one_member_sees_is_turned_where_it_stands(
    stage: SlackStage,
) -> None:
    room = stage.slack.channel("C0ROOM", stage.ada.id)
    stage.jobs.is_idle = True
    for number in range(10):
        await stage.ada.shares(stage.ada.direct, b"%%PDF-1.7 %d" % number, name=f"{number}.pdf")
    await stage.ada.awaits_many(stage.ada.direct, 10, ".pdf")
    await stage.ada.commands("/listendock", "library", channel=room)
    shelf = await stage.ada.awaits_words(room, "Your documents", "9.pdf")
    await stage.ada.taps(shelf, "›")
    await stage.ada.awaits(room, lambda m: "0.pdf" in m.words and "9.pdf" not in m.words)
    assert (shelf.edits, shelf.only_for) == (1, stage.ada.id)


async def test_a_command_where_the_bot_is_not_is_answered_in_direct_messages(
    stage: SlackStage,
) -> None:
    room = stage.slack.channel("C0ELSE", stage.ada.id, has_bot=False)
    await stage.ada.commands("/progress", channel=room)
    await stage.ada.awaits_words(stage.ada.direct, messages.NOTHING_YET)


async def test_a_tap_on_somebodys_card_is_answered_to_the_tapper(stage: SlackStage) -> None:
    room = stage.slack.channel("C0ROOM", stage.ada.id, stage.tom.id)
    await stage.ada.shares(room, PDF, text=f"<@{BOT}>")
    card = await stage.ada.awaits_words(room, "4 ready")
    document = stage.jobs.reads[0]
    await stage.library.mark("slack:U0ADA", document, [1, 2, 3, 4], ListeningState.HEARD)
    await stage.tom.taps(card, "▶ Start")
    note = await stage.tom.awaits_words(room, "*Abstract*", "1 of 4")
    progress = await stage.library.progress("slack:U0TOM", document)
    assert progress is not None
    assert progress.percent == 0
    eve = Member(stage.slack, "U0EVE")
    stage.slack.channels[room].members.add(eve.id)
    await eve.taps(note, "Next")
    await eve.awaits_words(room, "*Introduction*", "2 of 4")
    hers = await stage.library.progress("slack:U0EVE", document)
    assert hers is not None
    assert hers.percent == 25


async def test_only_the_member_who_was_asked_erases_anything(stage: SlackStage) -> None:
    """Nobody else sees the question; who taps it all the same is told so, and loses nothing."""
    room = stage.slack.channel("C0ROOM", stage.ada.id, stage.tom.id)
    await stage.ada.shares(room, PDF, text=f"<@{BOT}>")
    await stage.ada.awaits_words(room, "4 ready")
    tom = Listener(platform="slack", account=stage.tom.id)
    await stage.library.shelve(tom, stage.jobs.reads[0], ENGLISH)
    await stage.ada.commands("/privacy", channel=room)
    privacy = await stage.ada.awaits_words(room, "Erase everything forgets")
    erase = privacy.button("Erase everything")
    assert privacy.only_for == stage.ada.id
    assert erase is not None
    for button in (erase, erase | {"value": erase["value"].replace("q", "Q")}):
        await stage.tom.taps_button(privacy, button)
    await stage.tom.awaits_words(stage.tom.direct, messages.ASKED_OF_ANOTHER)
    await stage.tom.commands("/progress", channel=stage.tom.direct)  # behind both taps
    await stage.tom.awaits_words(stage.tom.direct, "On Bees")
    assert len(await stage.library.shelf(tom.id)) == 1


async def test_of_two_members_cards_in_a_thread_each_shows_its_owners_progress(
    stage: SlackStage,
) -> None:
    stage.jobs.titles = [f"Part {n}" for n in range(1, 24)]
    room = stage.slack.channel("C0ROOM", stage.ada.id, stage.tom.id)
    shared = await stage.ada.shares(room, PDF, text=f"<@{BOT}>")
    adas = await stage.ada.awaits_words(room, "23 ready")
    await stage.tom.says(room, f"<@{BOT}>", thread=shared.ts)  # for a card of his own
    toms = (await stage.tom.awaits_many(room, 2, "23 ready"))[-1]
    document = stage.jobs.reads[0]
    await stage.library.mark("slack:U0ADA", document, [11], ListeningState.HEARD)
    await stage.library.mark("slack:U0TOM", document, [12], ListeningState.HEARD)
    await stage.tom.taps(adas, "›")
    await stage.ada.taps(toms, "›")
    await stage.ada.awaits(room, lambda m: m.ts == adas.ts and "✓  11" in m.words)
    await stage.tom.awaits(room, lambda m: m.ts == toms.ts and "✓  12" in m.words)
    await stage.settled()
    assert ("○  12" in adas.words, "○  11" in toms.words) == (True, True)
    assert len(stage.tom.sees(room)) == 2
    places = [await stage.library.card_at(everywhere_in(room), card.ts) for card in (adas, toms)]
    assert [p and (p.listener.account, p.menu_page) for p in places] == [
        (stage.ada.id, 2),
        (stage.tom.id, 2),
    ]


def everywhere_in(channel: str) -> Conversation:
    return Conversation(platform="slack", channel=channel)


async def test_a_card_in_direct_messages_is_turned_by_its_owner_alone(stage: SlackStage) -> None:
    """Whoever has the document from the same channel, but reads elsewhere."""
    stage.jobs.titles = [f"Part {n}" for n in range(1, 24)]
    room = stage.slack.channel("C0ROOM", stage.ada.id, stage.tom.id)
    await stage.ada.shares(room, PDF, text=f"<@{BOT}>")
    adas = await stage.ada.awaits_words(room, "23 ready")
    await stage.tom.taps(adas, "▶ Start")
    await stage.tom.awaits_words(room, "*Part 1*")
    await stage.tom.commands("/listendock", "library", channel=room)
    shelf = await stage.tom.awaits_words(room, "Your documents")
    await stage.tom.taps(shelf, "Open")
    own = await stage.tom.awaits_words(stage.tom.direct, "23 chapters")
    await stage.tom.taps(own, "›")
    await stage.tom.awaits(stage.tom.direct, lambda m: m.ts == own.ts and "○  11" in m.words)
    await stage.settled()
    assert "▶  1 ·" not in adas.words
    assert "○  11" not in adas.words


async def test_an_answer_whose_thread_is_gone_comes_in_direct_messages(stage: SlackStage) -> None:
    room = stage.slack.channel("C0ROOM", stage.ada.id)
    first = await stage.ada.says(room, "hello")
    stage.slack.messages.remove(first)
    gone = Conversation(platform="slack", channel=room, thread=first.ts, seen_by=stage.ada.id)
    await stage.chat.show(gone, NoticeView(text="Here."))
    await stage.ada.awaits_words(stage.ada.direct, "Here.")


async def test_a_document_of_one_channel_is_not_reached_from_another(stage: SlackStage) -> None:
    first = stage.slack.channel("C0FIRST", stage.ada.id)
    second = stage.slack.channel("C0SECOND", stage.tom.id)
    await stage.ada.shares(first, PDF, text=f"<@{BOT}>")
    card = await stage.ada.awaits_words(first, "4 ready")
    said = await stage.tom.says(second, "hello")
    await stage.tom.taps(replace(card, channel=second, ts=said.ts, thread=""), "▶ 1:00")
    await stage.tom.awaits_words(second, messages.NOT_YOURS)
    assert await stage.library.shelf("slack:U0TOM") == []


async def test_the_home_tab_welcomes_and_then_shows_the_library(stage: SlackStage) -> None:
    await stage.ada.opens_home()
    await until(lambda: stage.ada.id in stage.slack.homes)
    assert messages.HOME_WELCOME in str(stage.ada.home)
    await stage.ada.shares(stage.ada.direct, PDF)
    await stage.ada.awaits_words(stage.ada.direct, "4 ready")
    await stage.ada.opens_home()
    await until(lambda: "On Bees" in str(stage.ada.home))
    await stage.ada.taps_at_home("▶ Start")
    await stage.ada.awaits_words(stage.ada.direct, "*Abstract*", "1 of 4")
    await stage.ada.taps_at_home("Open")
    await stage.ada.awaits_many(stage.ada.direct, 2, "On Bees", "4 chapters")
    await stage.ada.taps_at_home("Library")
    await stage.ada.awaits_words(stage.ada.direct, "Your documents")
    assert stage.slack.refusals == []


async def test_a_book_of_two_hundred_chapters_is_paged(stage: SlackStage) -> None:
    stage.jobs.titles = [f"{'Long title ' * 14}{n}" for n in range(1, 201)]
    await stage.ada.shares(stage.ada.direct, PDF)
    card = await stage.ada.awaits_words(stage.ada.direct, "200 ready")
    await stage.ada.taps(card, "‹")
    await stage.ada.awaits_words(stage.ada.direct, "○  200 ·")
    assert stage.slack.refusals == []


async def test_no_secret_reaches_a_log(
    stage: SlackStage, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.slack.refuse_sockets = 1
    await stage.slack.cut_sockets()
    stage.slack.faults += [Fault("chat.postMessage", "token_revoked")]
    await stage.ada.says(stage.ada.direct, "hello")
    await stage.ada.says(stage.ada.direct, "hello again")
    await stage.ada.awaits_words(stage.ada.direct, messages.HELP[:40])
    said = caplog.text + "".join(capsys.readouterr())
    assert BOT_TOKEN not in said
    assert "ticket" not in said
