"""The story's people: on a loopback Telegram, on a loopback Slack, at the page in a browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from bot.words import messages
from tests.e2e.story import Person
from tests.loopback import slack, telegram_chats
from tests.loopback.slack_member import Member
from tests.loopback.telegram_person import Person as TelegramAccount
from tests.waiting import until

# --- Telegram -------------------------------------------------------------------------------------


@dataclass(slots=True)
class OnTelegram:
    account: TelegramAccount
    other: TelegramAccount | None = None
    _card: telegram_chats.Message | None = None
    _note: telegram_chats.Message | None = None
    _read: telegram_chats.Message | None = None

    @property
    def card(self) -> telegram_chats.Message:
        assert self._card is not None
        return self._card

    async def sends(self, paper: Path) -> None:
        self.account.forwards(paper)

    def _found(self, words: Sequence[str], *, is_card: bool) -> telegram_chats.Message | None:
        """The newest of the texts that says all that."""
        for message in reversed(self.account.chat.texts):
            has_menu = message.button(messages.BUTTON_TAKEAWAYS) is not None
            if has_menu is is_card and all(word in message.words for word in words):
                return message
        return None

    async def sees_card(self, *words: str) -> None:
        self._card = await until(lambda: self._found(words, is_card=True), f"card with {words}")

    async def taps(self, label: str) -> None:
        await until(lambda: self.card.button(label), label)
        self.account.taps(label, self.card)

    async def taps_chapter(self, title: str) -> None:
        self.account.taps(title, self.card)

    async def hears(self, title: str, *, times: int = 1) -> bytes:
        def heard() -> list[telegram_chats.Message]:
            return [note for note in self.account.chat.notes if note.words.startswith(title)]

        await until(lambda: len(heard()) >= times, title)
        self._note = heard()[-1]
        assert self._note.file is not None
        return self._note.file.data

    async def taps_left_out(self, kind: str) -> None:
        await self.taps(messages.BUTTON_LEFT_OUT)
        await self.reads(f"{kind} – ")
        await self.taps_there(f"○ {kind}")

    async def taps_note(self, label: str) -> None:
        note = self._note
        assert note is not None
        self.account.taps(label, note)
        await until(lambda: not note.button(label), f"no more {label}")

    async def says(self, command: str) -> None:
        self.account.says(command)

    async def reads(self, *words: str) -> None:
        self._read = await until(lambda: self._found(words, is_card=False), f"{words}")

    async def taps_there(self, label: str) -> None:
        self.account.taps(label, self._read)

    async def brings_another(self) -> Person | None:
        if self.other is None:
            return None
        await self.taps(messages.BUTTON_SHARE)
        await self.reads("?start=")
        assert self._read is not None
        token = self._read.words.partition("?start=")[2].split()[0]
        self.other.says(f"/start {token}")
        other = OnTelegram(self.other)
        await other.sees_card("0 % heard")
        return other


# --- Slack ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class OnSlack:
    """In a channel where others may listen too."""

    member: Member
    room: str
    other: Member | None = None
    _card: slack.Message | None = None
    _read: slack.Message | None = None
    _known: set[str] = field(default_factory=set)  # what was read before
    _before: int = 0  # messages that stood there when they came

    @property
    def card(self) -> slack.Message:
        assert self._card is not None
        return self._card

    @property
    def seen(self) -> list[slack.Message]:
        return [*self.member.sees(self.room), *self.member.sees(self.member.direct)]

    async def sends(self, paper: Path) -> None:
        words = f"<@{slack.BOT}> please"
        await self.member.shares(self.room, paper.read_bytes(), text=words, name=paper.name)

    async def sees_card(self, *words: str) -> None:
        def card() -> slack.Message | None:
            cards = (m for m in self.seen if m.button(messages.BUTTON_MINE))
            return next((m for m in cards if all(word in m.words for word in words)), None)

        self._card = await until(card, f"a card with {words}")

    async def taps(self, label: str) -> None:
        await until(lambda: self.card.button(label), label)
        await self.member.taps(self.card, label)

    async def taps_chapter(self, title: str) -> None:
        block = next(b for b in self.card.blocks if f"*{title}*" in str(b.get("text")))
        await self.member.taps_button(self.card, block["accessory"])

    async def hears(self, title: str, *, times: int = 1) -> bytes:
        """Each file is followed by a message with its buttons."""

        def heard() -> list[slack.Message]:
            here = self.member.sees(self.room)[self._before :]
            return [message for message in here if message.words.startswith(f"*{title}*")]

        await until(lambda: len(heard()) >= times, title)
        self._read = heard()[-1]
        files = [f for f in self.member.audio_in(self.room) if f.title == title]
        return files[-1].data

    async def taps_left_out(self, kind: str) -> None:
        """In a window, for this member alone."""
        await self.taps(messages.BUTTON_LEFT_OUT)
        await self.member.awaits_window(f"{kind} – ")
        await self.member.taps_in_window(f"○ {kind}")

    async def taps_note(self, label: str) -> None:
        assert self._read is not None
        await self.member.taps(self._read, label)
        await self.reads(messages.NOTED)

    async def says(self, command: str) -> None:
        name, _, rest = command.partition(" ")
        if name == "/progress":
            await self.member.commands(name, channel=self.room)
        else:
            await self.member.commands("/listendock", f"{name[1:]} {rest}", channel=self.room)

    async def reads(self, *words: str) -> None:
        def found() -> slack.Message | None:
            for message in reversed(self.seen):
                key = f"{message.ts}.{message.edits}"
                if key not in self._known and all(w in message.words for w in words):
                    self._known.add(key)
                    return message
            return None

        self._read = await until(found, f"{words}")

    async def taps_there(self, label: str) -> None:
        assert self._read is not None
        await self.member.taps(self._read, label)

    async def brings_another(self) -> Person | None:
        """Who is in the channel sees the card; no link is needed."""
        if self.other is None:
            return None
        before = len(self.other.sees(self.room))
        return OnSlack(self.other, self.room, _card=self._card, _before=before)


# --- the page -------------------------------------------------------------------------------------


@dataclass(slots=True)
class OnPage:
    """Alone on this machine."""

    page: Page
    _heard: str = ""  # what is playing
    _read: Locator | None = None

    @property
    def card(self) -> Locator:
        return self.page.locator("article.card:not(.upload)")

    @property
    def player(self) -> Locator:
        return self.page.get_by_role("contentinfo", name="Player")

    async def sends(self, paper: Path) -> None:
        await self.page.set_input_files("#files", paper)

    async def sees_card(self, *words: str) -> None:
        for text in words:
            await expect(self.card).to_contain_text(text.strip())

    async def taps(self, label: str) -> None:
        spoken = label.removeprefix("▶ ")
        await self.card.get_by_role("button", name=spoken).click()

    async def taps_chapter(self, title: str) -> None:
        await self.card.get_by_role("button", name=f", {title},").click()

    async def hears(self, title: str, *, times: int = 1) -> bytes:
        self._heard, line = title, self._line(title)
        await expect(line).to_have_attribute("data-playback", "playing")
        await expect(self.player).to_contain_text(title)
        source = await self.page.evaluate("document.querySelector('audio').currentSrc")
        answer = await self.page.request.get(source)
        assert answer.ok
        return await answer.body()

    async def taps_left_out(self, kind: str) -> None:
        """By the keyboard."""
        await self.card.get_by_role("button", name="Left out", exact=True).press("Enter")
        await self.card.get_by_role("button", name=f"{kind}, ").press("Enter")

    async def taps_note(self, label: str) -> None:
        """Of the player's; the only one of the story is that for heard."""
        await self.player.get_by_role("button", name=label).click()
        await expect(self._line(self._heard).locator(".mark")).to_have_text("✓")

    def _line(self, title: str) -> Locator:
        return self.card.locator(".chapter").filter(has_text=title)

    async def says(self, command: str) -> None:
        line = self.page.get_by_role("textbox", name="Message")
        await line.fill(command)
        await line.press("Enter")

    async def reads(self, *words: str) -> None:
        tray = self.page.get_by_role("region", name="Messages").get_by_role("article")
        self._read = tray.first
        for text in words:
            await expect(self._read).to_contain_text(text)

    async def taps_there(self, label: str) -> None:
        assert self._read is not None
        await self._read.get_by_role("button", name=label).click()

    async def brings_another(self) -> Person | None:
        return None
