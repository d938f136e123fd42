"""Whom a message of Telegram's is from, whether it is meant for us, and what it asks."""

from __future__ import annotations

import re

from telegram import Chat, Document, Message, User

from bot.domain import Conversation, Listener, Sender

FOR_A_DOCUMENT = ("start", "listen", "read")  # commands that, below a file, mean that file


def sender_of(user: User, chat: Chat, message: Message | None) -> Sender:
    """`message`: the one that was sent, or whose button was tapped; None if it is too old."""
    topic = topic_of(message) if message is not None else None
    listener = Listener(
        platform="telegram",
        account=str(user.id),
        name=user.full_name,
        language=(user.language_code or "en")[:2],
    )
    conversation = Conversation(
        platform="telegram", channel=str(chat.id), thread=str(topic) if topic else ""
    )
    is_among_others = chat.type != Chat.PRIVATE
    return Sender(listener=listener, conversation=conversation, is_among_others=is_among_others)


def topic_of(message: Message) -> int | None:
    """A forum's topic; the thread id of a plain reply is none."""
    return message.message_thread_id if message.is_topic_message else None


def is_to_us(message: Message, us: User) -> bool:
    """A private chat; in a group a reply to us, or words that name us."""
    if message.chat.type == Chat.PRIVATE:
        return True
    reply = message.reply_to_message
    if reply is not None and reply.from_user is not None and reply.from_user.id == us.id:
        return True
    return names(message, us)


def names(message: Message, us: User) -> bool:
    return re.search(rf"(?<!\w)@{us.username}(?!\w)", words_of(message), re.I) is not None


def words_of(message: Message) -> str:
    return message.text or message.caption or ""


def document_of(message: Message, us: User) -> Document | None:
    """The file that came, or the one that a reply shows us: below somebody's PDF `@us`, with
    whatever words, or one of a few commands to us."""
    shown = message.reply_to_message
    if message.document is not None or shown is None:
        return message.document
    if shown.from_user is not None and shown.from_user.id == us.id:
        return None
    command = command_of(message, us, frozenset(FOR_A_DOCUMENT))
    is_asking = names(message, us) if command is None else command[0].lower() in FOR_A_DOCUMENT
    return shown.document if is_asking else None


def command_of(
    message: Message, us: User, known_in_groups: frozenset[str]
) -> tuple[str, str] | None:
    """`/name@us argument`; None for a command to another bot, or none at all. In a group some are
    known to be ours without our name."""
    words = words_of(message)
    if not words.startswith("/"):
        return None
    head, argument = [*words[1:].split(maxsplit=1), "", ""][:2]
    name, _, addressee = head.partition("@")
    if addressee and addressee.lower() != (us.username or "").lower():
        return None
    is_group = message.chat.type != Chat.PRIVATE
    if is_group and not addressee and name.lower() not in known_in_groups:
        return None
    return name, argument.strip()
