"""Everything that can go wrong, split by who must act. A `UserError`'s sentence is shown as it is.

Each class has a `kind`, the stable name that scripts and the database know it by, and a
`sentence` with a way out; `facts` fill its gaps and let other languages fill theirs. A terminal
shows these sentences too: buttons are named by whoever draws them.
"""

from __future__ import annotations

import errno
from typing import ClassVar

DISK_FULL_ERRNOS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class ListenDockError(Exception):
    """The root. Raised never, caught rarely."""

    kind: ClassVar[str] = "internal"
    sentence: ClassVar[str] = "Something went wrong on our side."

    def __init__(self, /, **facts: str | int) -> None:
        self.facts = facts
        super().__init__(self.sentence.format(**facts))


class UserError(ListenDockError):
    """The listener can act: another file, a password, a smaller one. Retrying does not help."""


class NotAPdf(UserError):
    kind = "not_a_pdf"
    sentence = "This is not a PDF, whatever its name says. Please send the PDF itself."


class EncryptedPdf(UserError):
    kind = "encrypted"
    sentence = (
        "This PDF is locked with a password. "
        "Save a copy without the password (print to PDF) and send that."
    )


class WrongPassword(UserError):
    kind = "wrong_password"
    sentence = "That is not the password of this PDF. Try again, or send a copy without a password."


class DamagedPdf(UserError):
    kind = "damaged"
    sentence = (
        "This PDF is damaged beyond repair. Download it again, "
        "or open it in a viewer, save it anew and send that."
    )


class EmptyPdf(UserError):
    kind = "empty"
    sentence = "This PDF has no text that could be read aloud. Please send the full document."


class ScannedPdf(UserError):
    kind = "scanned"
    sentence = (
        "This PDF is a scan: its pages are pictures without text. "
        "Run text recognition (OCR) over it, for example with OCRmyPDF, and send the result. "
        "Whoever runs this bot can also install its own: pip install 'listendock[ocr]'."
    )


class GibberishPdf(UserError):
    kind = "gibberish"
    sentence = (
        "The text of this PDF is stored as nonsense (its fonts carry no readable characters). "
        "Print it to an image PDF, run text recognition (OCR) over it and send the result. "
        "Whoever runs this bot can also install its own: pip install 'listendock[ocr]'."
    )


class IllegiblePdf(UserError):
    kind = "illegible"
    sentence = (
        "Most pages of this PDF are pictures of text that could not be recognised well enough to "
        "be read aloud. Latin and Chinese letters in a clear scan can; please send a better one, "
        "or one with a text layer."
    )


class PdfTooLarge(UserError):
    kind = "too_large"
    sentence = (
        "This PDF has {megabytes} MB; the limit here is {limit} MB. "
        "Send a smaller copy or only the part that you want to hear."
    )


class TooManyPages(UserError):
    kind = "too_many_pages"
    sentence = (
        "This PDF has {pages} pages; the limit here is {limit}. "
        "Send only the part that you want to hear."
    )


class ReadingTookTooLong(UserError):
    kind = "timeout"
    sentence = (
        "Reading this PDF took too long and was stopped. "
        "Print it to a fresh PDF, or send fewer pages."
    )


class ReadingTookTooMuchMemory(UserError):
    kind = "memory"
    sentence = (
        "Reading this PDF took too much memory and was stopped. "
        "Print it to a fresh PDF, or send fewer pages."
    )


class NoVoice(UserError):
    kind = "no_voice"
    sentence = "No voice here speaks this document's language ({language}) yet."


class OperatorError(ListenDockError):
    """Whoever runs the program must act."""


class ConfigurationError(OperatorError):
    kind = "configuration"
    sentence = "{problem}"


class NoFfmpeg(ConfigurationError):
    kind = "no_ffmpeg"
    sentence = (
        "This needs ffmpeg, and there is none here: `make run M4B=1` or `pip install "
        "'listendock[m4b]'` brings it, and one of the system will do."
    )


class DiskFull(OperatorError):
    kind = "disk_full"
    sentence = "The disk is full. Nothing is lost; it goes on when there is room again."


class TransientError(ListenDockError):
    """Nobody must act: the same again may work."""


class SpeechFailed(TransientError):
    kind = "speech"
    sentence = "This chapter could not be spoken. The others stand; another try may help."


class NotTranslated(TransientError):
    kind = "not_translated"
    sentence = "This chapter could not be translated just now. Another try may help."


class ChildDied(TransientError):
    kind = "child_died"
    sentence = "A working process died ({reason})."


def error_of(kind: str, facts: dict[str, str | int]) -> ListenDockError:
    """The error that a child named. An unknown kind becomes the neutral root."""
    known = {cls.kind: cls for cls in _classes(ListenDockError) if "kind" in vars(cls)}
    try:
        return known.get(kind, ListenDockError)(**facts)
    except (KeyError, TypeError):  # facts that do not fill the sentence: the child is not trusted
        return ListenDockError()


def _classes(root: type[ListenDockError]) -> list[type[ListenDockError]]:
    return [root] + [cls for child in root.__subclasses__() for cls in _classes(child)]


def is_disk_full(err: OSError) -> bool:
    """Whether a write failed for want of room: whoever runs the program can act, nobody else."""
    return err.errno in DISK_FULL_ERRNOS
