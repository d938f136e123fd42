"""What a chat is before it is opened, and what the program gives it then.

Each package below `adapters` that is a chat exports one `ChatExtension`. It is light: importing it
loads no library of the chat's vendor; `open` and `check` do, when they are called."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from bot.ports.chat import ChatPlatform, Inbox
from bot.ports.stores import FileStore, Keys

S = TypeVar("S", bound=BaseModel)
App = Callable[..., Awaitable[None]]  # ASGI
Routes = MutableMapping[str, App]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisions:
    """What the program gives a chat that opens.

    `folder`: for files while they come in, and for journals. `admins`: accounts on this chat of
    those who run the program. `host`, `port`: where a page may listen. `routes`: what is called
    below a path of the page, while the chat is open. `announce` takes an address at which the
    program can be reached now. `tell` takes what only whoever started the program may read, at
    their terminal: never log it. `keys`: hashes of the keys to what is theirs alone; with
    `is_new_key` a chat that has such a key makes another. `database_url` holds a password: never
    log it.
    """

    inbox: Inbox
    files: FileStore
    keys: Keys
    folder: Path
    max_pdf_mb: int
    admins: Sequence[str] = ()
    host: str = "127.0.0.1"
    port: int = 0
    routes: Routes = field(default_factory=dict)
    announce: Callable[[str], None] = lambda address: None
    tell: Callable[[str], None] = lambda line: None
    is_new_key: bool = False
    database_url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printout:
    """A command that prints a text and ends: `listendock <name>`."""

    name: str
    help: str
    text: Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatExtension(Generic[S]):
    """One chat.

    `name` is the `platform` of its listeners and conversations, and the prefix of its settings;
    `label` is what people call it. `missing` names the setting that it cannot do without, or is
    empty where it can be opened; raises `ConfigurationError` where settings contradict one another.
    `check` really asks the other side, and tells what it found; raises `ConfigurationError`, or a
    `ChatError` where it cannot be reached.

    `is_remote`: somebody else's servers stand between us and the listener. It is not opened with
    OFFLINE, and /privacy names it. `owner`: the account there of whoever runs the program,
    who needs no leave of ALLOWED and is `<name>:owner` in settings. `person` and `place`: what an
    account and a channel look like. `loggers`: of its libraries; what they tell
    below a warning is not shown.
    """

    name: str
    label: str
    schema: type[S]
    open: Callable[[S, Provisions], AbstractAsyncContextManager[ChatPlatform]]
    check: Callable[[S], Awaitable[str]]
    missing: Callable[[S], str] = lambda settings: ""
    is_remote: bool = True
    owner: str = ""
    person: str = ""
    place: str = ""
    loggers: Sequence[str] = ()
    printouts: Sequence[Printout] = ()


Chats = Sequence[ChatExtension[Any]]
