"""Every sentence that a listener can read, in one place. English is the source language.

Errors of the pipeline carry their own sentence (`pipeline.errors`); all else stands here.
"""

from __future__ import annotations

from bot.languages import name_of
from bot.views import Verb
from pipeline.domain import Mode, Narration, Skipped
from pipeline.errors import UserError

HELP = (
    "Forward me a PDF and I turn it into chapters that you can listen to.\n\n"
    "Tap a chapter to hear it. ○ is new, ▶ started, ✓ heard.\n\n"
    "/progress – what you have heard, and where to go on\n"
    "/library – all your documents\n"
    "/voice – hear the voices, and choose one\n"
    "/speed, /mode – faster or slower; the text itself, or a brief version\n"
    "/say SQLite = ess cue lite – how a word is said to you\n"
    "/cancel – stop the work on your latest document\n"
    "/delete – remove a document with its audio and progress\n"
    "/help – this text"
)
WELCOME = "Hello! " + HELP
NOTHING_YET = "Nothing here yet. Forward me a PDF and its chapters appear."
UNKNOWN_COMMAND = "I don't know that command. " + HELP
OLD_BUTTON = "This button is from an older message. /library shows all your documents."
NOT_YOURS = "That document is not on your shelf (any more). Forward the PDF again to hear it."
NOT_SHARED_WITH_ME = (
    "I may not open “{name}”. Add me to this channel (/invite), or send me the file directly."
)
NOTED = "✓ Noted for you."
NO_PDF_THERE = "There is no PDF in that message."
NOTHING_TO_CANCEL = "Nothing is being worked on right now."
THAT_WAS_THE_LAST = "That was the last chapter of “{title}”. {percent} % of it is heard."
ALL_HEARD = "You have heard all of “{title}”."
STOPPED = "Stopped. What is ready stays; tap a chapter to have it spoken after all."
DELETE_WHICH = "Which document shall go, with its audio and your progress?"
DELETE_SURE = "Delete “{title}” with its audio and your progress?"
DELETED = "“{title}” is gone, with your progress in it."
KEPT = "Nothing was deleted."
TRACK_TOO_LARGE = "“{title}” is too long for this chat to carry. Listen on the page instead."
SEND_TROUBLE = "“{title}” could not be sent just now. Tap Retry in a moment."
NOT_SPOKEN = "“{title}” could not be spoken. The other chapters stand; tap Retry to try it again."
NOT_TRANSLATED = (
    "“{title}” could not be translated just now. Tap Retry to try it again; ⚙ Settings below the "
    "card has the original."
)
INTERNAL = "Something went wrong on our side ({reference}). Nothing is lost; please try again."
DISK_FULL = "There is no room for this file on our disk just now. Please send it again later."

DOWNLOAD_FAILED = "“{name}” could not be fetched. Please send it again."
ONLY_PDFS = "I read PDFs only. Save “{name}” as a PDF (Print, then Save as PDF) and send me that."
ONLY_BOOKS = (
    "I read PDFs and EPUBs only. Save “{name}” as a PDF (Print, then Save as PDF) and send me that."
)

PROGRESS_HEADING = "Your progress"
LIBRARY_HEADING = "Your documents"
HOME_WELCOME = "Welcome to ListenDock"

SETTINGS_OF = "How “{title}” is read to you, and what comes after it:"
SETTINGS_FOR_LATER = "How your next documents are read to you:"
SETTINGS_VOICE = "Voice: {value}"
SETTINGS_SPEED = "Speed: {value}"
SETTINGS_MODE = "Mode: {value}"
SAY_HELP = (
    "Tell me how words are said: /say SQLite = ess cue lite. With nothing behind the = I forget "
    "the word. It holds for the documents that you send from now on."
)
SAY_NOTED = "From your next document on, “{written}” is said “{spoken}”."
SAY_FORGOTTEN = "“{written}” is said as usual again."
SAY_LIMITS = "I can keep {words} words of at most {signs} characters each."
SAMPLE = "Sample"
SIMPLE_VOICE = "Read by a simple voice: there is no better one for this language here."
TRANSLATED = "Translated by a model; what it could not translate is read as it was written."

BUTTON_SETTINGS = "⚙ Settings"
BUTTON_BRIEF = "⇄ Brief version"
BUTTON_ORIGINAL = "⇄ Whole text"
BUTTON_THIS_VOICE = "Use this voice"
BUTTON_CONTINUE = "▶ Continue"
BUTTON_START = "▶ Start listening"
BUTTON_CANCEL = "✕ Cancel"
BUTTON_RETRY = "↻ Retry"
BUTTON_REST = "↻ Make the rest"
BUTTON_HEARD = "✓ Heard"
BUTTON_NEXT = "Next ▶"
BUTTON_OPEN = "Open"
BUTTON_DELETE = "Delete"
BUTTON_KEEP = "Keep"
BUTTON_MINE = "My progress"
BUTTON_LIBRARY = "Library"
BUTTON_HELP = "Help"
BUTTON_EARLIER = "‹"
BUTTON_LATER = "›"

STATUS_WAITING = "Waiting to be read …"
STATUS_READING = "Reading …"
STATUS_STOPPED_READING = "Stopped before it was read."
STATUS_STOPPED = "Stopped at {ready} of {total}. Tap a chapter to have it spoken after all."

MODES = {Mode.ORIGINAL: "Original", Mode.BRIEF: "Brief"}

# What a chat shows for a moment where a button was tapped. It comes before the work is done, so it
# promises no more than that the tap arrived.
TOASTS = {
    Verb.PLAY: "▶ Coming up",
    Verb.CONTINUE: "▶ Coming up",
    Verb.NEXT: "✓ Heard · the next one is coming up",
    Verb.HEARD: "✓ Marked as heard",
    Verb.UNHEARD: "○ Marked as new",
    Verb.CANCEL: "Stopping …",
    Verb.RESUME: "Going on …",
    Verb.VOICE: "Voice chosen",
    Verb.SAMPLED_VOICE: "Voice chosen",
    Verb.SPEED: "Speed chosen",
    Verb.MODE: "⇄ One moment",
}


class TooLargeForChat(UserError):
    """The platform itself does not hand files of this size to bots."""

    kind = "too_large"
    sentence = (
        "This PDF has {megabytes} MB, and this chat hands me files up to {limit} MB only. "
        "Send a smaller copy (print to PDF often helps) or only the part that you want to hear."
    )


class PdfLost(UserError):
    """Its bytes are not in the file store any more."""

    kind = "lost"
    sentence = "The file of this PDF is not here any more. Please send it again."


# --- links: an address came instead of a file ---


class LinkError(UserError):
    """What an address leads to could not be had. The root of those below."""

    kind = "link"
    sentence = "This link could not be fetched. Download the PDF and send me the file instead."


class LinkNotAllowed(LinkError):
    """It leads into a private network, or is no address of the web."""

    kind = "link_not_allowed"
    sentence = (
        "I only open public web addresses (http or https), without a password in them. "
        "Download the PDF and send me the file instead."
    )


class LinkNotFound(LinkError):
    """Gone, never there, or for those only who are logged in."""

    kind = "link_not_found"
    sentence = (
        "There is nothing for me at this link: it is gone, or one must be logged in to see it. "
        "Download the PDF and send me the file instead."
    )


class LinkNotAPdf(LinkError):
    """A web page, a picture, a login page."""

    kind = "link_not_a_pdf"
    sentence = (
        "This link leads to a web page or another file, not to a PDF. Send me the address of the "
        "PDF itself, or save the page as a PDF (Print, then Save as PDF) and send me that."
    )


class LinkTooLarge(LinkError):
    """More than the limit, by its own word or by count."""

    kind = "link_too_large"
    sentence = (
        "The file behind this link has more than {limit} MB, which is the limit here. "
        "Send a smaller copy or only the part that you want to hear."
    )


class LinkUnreachable(LinkError):
    """No such server, no answer, a broken or too slow one, one that sends in circles."""

    kind = "link_unreachable"
    sentence = (
        "The server of this link does not answer as it should. Check the address and try again "
        "later, or download the PDF and send me the file."
    )


# --- end of links ---


def mode(narration: Narration) -> str:
    """`Original`, `Brief`, or the language that it is translated into: `Deutsch`."""
    return MODES.get(narration.mode) or name_of(narration.language)


def position(number: int, total: int, *, is_stand_in: bool) -> str:
    """`3 of 17`; a listener who chose a voice is told when another one had to step in."""
    place = f"{number} of {total}"
    return f"{place} · spoken by the voice inside, the chosen one failed" if is_stand_in else place


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def minutes(seconds: float) -> str:
    """`26 min`; never 0 for something that has a length."""
    return f"{max(1, round(seconds / 60))} min" if seconds > 0 else "0 min"


def length(seconds: float) -> str:
    """`4:28` or `1:02:03`."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    if hours:
        return f"{hours}:{rest // 60:02d}:{rest % 60:02d}"
    return f"{rest // 60}:{rest % 60:02d}"


def reading(share: float) -> str:
    """`Reading … 40 %`, once anything can be said."""
    return f"{STATUS_READING} {round(100 * share)} %" if share > 0 else STATUS_READING


def working(ready: int, total: int, eta_s: float | None) -> str:
    """`9 of 17 ready · about 12 s left`."""
    text = f"{ready} of {total} ready"
    if eta_s is None:
        return text
    return f"{text} · about {_rounded(eta_s)} left"


def _rounded(seconds: float) -> str:
    if seconds < 90:
        return f"{max(5, round(seconds / 5) * 5)} s"
    return f"{round(seconds / 60)} min"


def failed(count: int) -> str:
    return f"{counted(count, 'chapter', 'chapters')} could not be spoken; the others stand."


_SKIPPED = (
    ("references", "reference", "references"),
    ("citations", "citation", "citations"),
    ("tables", "table", "tables"),
    ("figures", "figure", "figures"),
    ("formulas", "formula", "formulas"),
    ("footnotes", "footnote", "footnotes"),
    ("running_heads", "running head", "running heads"),
    ("code", "piece of code", "pieces of code"),
    ("other", "section", "sections"),
    ("illegible_pages", "page that could not be recognised", "pages that could not be recognised"),
)
NO_RECOGNITION = (
    "{pages} without readable text: not read. Whoever runs this bot can install text "
    "recognition: pip install 'listendock[ocr]'."
)


def skipped(counts: Skipped) -> str:
    """`Left out: 9 references, 5 tables.`, or nothing."""
    parts = [
        counted(getattr(counts, name), one, many)
        for name, one, many in _SKIPPED
        if getattr(counts, name)
    ]
    told = [f"Left out: {', '.join(parts)}."] if parts else []
    if counts.scanned_pages:
        pages = counted(counts.scanned_pages, "scanned page", "scanned pages")
        told.insert(0, NO_RECOGNITION.format(pages=pages))
    return " ".join(told)


def heard(count: int, total: int, seconds_heard: float, seconds: float, started: int) -> str:
    """`7 of 17 heard (11 of 26 min), 2 started`."""
    done = round(seconds_heard / 60)
    text = f"{count} of {total} heard ({done} of {minutes(seconds)})"
    return f"{text}, {started} started" if started else text
