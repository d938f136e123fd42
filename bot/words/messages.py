"""Every sentence that a listener can read, in one place. English is the source language;
`bot.words` says them in others, `bot/words/locales` holds the catalogues.

Errors of the pipeline carry their own sentence (`pipeline.errors`); all else stands here.
"""

from __future__ import annotations

from bot.words import Plural
from pipeline.domain import Mode, Reason
from pipeline.errors import UserError
from pipeline.language import phrases

# --- commands: what menus and /help say of them ---------------------------------------------------

MENU_PROGRESS = "What you have heard, and where to go on"
MENU_CONTINUE = "Go on where you left off"
MENU_LIBRARY = "All your documents"
MENU_SEARCH = "Find a document or a chapter"
MENU_VOICE = "Hear the voices, and choose one"
MENU_SPEED = "Faster or slower"
MENU_MODE = "The whole text, or a brief version"
MENU_SAY = "How a word is said to you"
MENU_LANGUAGE = "The language I speak to you in"
MENU_SETTINGS = "How your next documents are read"
MENU_RENAME = "Give a document another name"
MENU_EXPORT = "A document as files to keep"
MENU_CANCEL = "Stop the work on your latest document"
MENU_DELETE = "Remove a document with its audio and progress"
MENU_PRIVACY = "What is stored, and what leaves this machine"
MENU_HELP = "How it works"
MENU_STATS = "Documents, minutes, queue, failures, disk, cost"
HELP = (
    "Forward me a PDF or an EPUB, or send me a link to one, and I turn it into chapters that you "
    "can listen to.\n\n"
    "Tap a chapter to hear it. ○ is new, ▶ started, ✓ heard."
)
WELCOME = "Hello!"
UNKNOWN_COMMAND = "I don't know that command."

# --- notices ------------------------------------------------------------------------------------

NOTHING_YET = "Nothing here yet. Forward me a PDF and its chapters appear."
OLD_BUTTON = "This button is from an older message. /library shows all your documents."
ASKED_OF_ANOTHER = "This question was put to somebody else."
IN_PRIVATE_ONLY = "Others are reading along here. Write to me in private, and ask me there."
NOT_YOURS = "That document is not on your shelf (any more). Forward the PDF again to hear it."
NOT_SHARED_WITH_ME = (
    "I may not open “{name}”. Add me to this channel (/invite), or send me the file directly."
)
NOTED = "✓ Noted for you."
NO_PDF_THERE = "There is no PDF in that message."
NOTHING_TO_CANCEL = "Nothing is being worked on right now."
NOTHING_TO_CONTINUE = "There is nothing left to hear. Forward me a PDF and its chapters appear."
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
SPOKEN_AGAIN = (
    "“{title}” was not on our disk any more. It is being spoken again and comes when it is ready."
)
EXPORT_REMADE = (
    "Some chapters of “{title}” were not on our disk any more and are being spoken again. Ask for "
    "the file once more when all are ready."
)
DISK_FULL = "There is no room for this file on our disk just now. Please send it again later."
LIBRARY_AWAY = (
    "My database cannot be reached just now. Nothing is lost, and what is being made goes on by "
    "itself later; please repeat in a minute what you have just done."
)
LIBRARY_AWAY_PAGE = (
    "My database cannot be reached just now. Nothing is lost: all waits and goes on by itself."
)

DOWNLOAD_FAILED = "“{name}” could not be fetched. Please send it again."
ONLY_BOOKS = (
    "I read PDFs and EPUBs only. Save “{name}” as a PDF (Print, then Save as PDF) and send me that."
)
FETCHING = "Fetching {address} …"

# --- the shelf ----------------------------------------------------------------------------------

PROGRESS_HEADING = "Your progress"
STOPPED_AT = "goes on in chapter {number} from {time}"
LIBRARY_HEADING = "Your documents"
FOUND_HEADING = "Found for “{text}”"
NOT_FOUND = "Nothing on your shelf has “{text}” in its title, its authors or its chapters."
SEARCH_HOW = "Tell me what to look for: /search and a word of a title, an author or a chapter."
HOME_WELCOME = "Welcome to ListenDock"
RENAME_WHICH = "Which document shall have another name?"
RENAME_TO = "What shall “{title}” be called? Answer this message with the new name."
RENAMED = "“{before}” is called “{title}” from now on."
FIELD_NAME = "New name of “{title}”"
NAME_TOO_LONG = "A name has at most {signs} characters. Tap Rename to try again."

# --- settings -----------------------------------------------------------------------------------

SETTINGS_OF = "How “{title}” is read to you, and what comes after it:"
SETTINGS_FOR_LATER = "How your next documents are read to you:"
SETTINGS_VOICE = "Voice: {value}"
SETTINGS_SPEED = "Speed: {value}"
SETTINGS_MODE = "Mode: {value}"
SETTINGS_FORMAT = "Chapters come as: {value}"
SETTINGS_TAKEAWAYS = "Takeaways in: {value}"
SETTINGS_LANGUAGE = "I speak: {value}"
AS_VOICE_NOTE = "Voice notes"
AS_FILE = "Audio files"
AS_THE_DOCUMENT_DOES = "The document's language"
AS_THE_CHAT_DOES = "As this chat does"
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
MODES = {Mode.ORIGINAL: "Original", Mode.BRIEF: "Brief"}

# --- takeaways and text -------------------------------------------------------------------------

TAKEAWAYS_OF = "“{title}”, chapter by chapter"
PAGE_NUMBER = "p. {page}"
TAKEAWAYS_EXTRACTED = "These sentences are taken from the document itself, some of them shortened."
TAKEAWAYS_WRITTEN = "A model wrote these sentences from the chapters; the page tells where."
TAKEAWAYS_MIXED = "A model wrote those with *; the others are taken from the document itself."
NO_TAKEAWAYS = "“{title}” has no chapters to sum up yet."
TEXT_PAGE = "{number} · {title} ({page} of {pages})"
EXTRA_TEXT_PAGE = "{title} ({page} of {pages})"
NO_TEXT = "The text of this chapter is not here any more."

# --- locked files -------------------------------------------------------------------------------

UNLOCK_HOW = (
    "What is the password of “{title}”? Answer this message with it. I use it once, take your "
    "message away and keep the password nowhere."
)
FIELD_UNLOCK = "Password of “{title}”"
FIELD_SECRECY = "I use it once and keep it nowhere."
TAKE_IT_AWAY = "I may not take your message with the password away here: please delete it yourself."
NOT_LOCKED = "“{title}” is not locked any more, or is gone. Please send it again."

# --- sharing ------------------------------------------------------------------------------------

SHARED = (
    "Whoever opens this link gets “{title}” with its audio, and their own progress:\n{link}\n\n"
    "Stop sharing closes the link; who has opened it keeps the document."
)
NO_LINKS_HERE = "This chat has no links that open a document. Send the PDF itself to share it."
SHARING_STOPPED = "The link to “{title}” opens nothing any more."
SHARE_GONE = "This link opens nothing any more. Ask whoever gave it to you for a new one."

# --- exporting ----------------------------------------------------------------------------------

EXPORT_WHICH = "Which document do you want as files?"
EXPORT_AS = "{ready} of {total} chapters of “{title}” are ready. As what do you want them?"
EXPORT_NOTHING = "No chapter of “{title}” is ready yet. Tap the ones you want, then export."
EXPORTING = "Packing “{title}” …"
EXPORTED = "“{title}”, chapters {first} to {last}"
EXPORT_DONE = "“{title}” is packed; keep the files wherever you like."
EXPORT_WITHOUT_COVER = (
    "“{title}” is packed, without its picture: the PDF is not here any more. Send it again, and "
    "the next file has it."
)
EXPORT_FAILED = "“{title}” could not be packed just now. Please try again in a moment."
EXPORT_BUSY = "I am still packing your last export. It comes in a moment."
EXPORT_ON_PAGE = "On this page each chapter can be saved by itself: the arrow beside it."

# --- privacy ------------------------------------------------------------------------------------

PRIVACY_STORED = (
    "Your documents, their audio, your settings, what you have heard and where you stopped are "
    "stored by whoever runs this bot, so that you can go on listening. Passwords of locked files "
    "are never stored."
)
PRIVACY_CHAT = "What you send and hear here passes through {platform}."
PRIVACY_ALL_INSIDE = (
    "Reading, summing up and speaking happen on that machine: no text of yours goes anywhere else."
)
PRIVACY_MODEL = (
    "For titles, takeaways, brief versions and translations, text of your documents is sent to "
    "{host}."
)
PRIVACY_VOICE = "Chapters that a voice of {host} reads are sent there as text."
PRIVACY_LINKS = "A link that you send is opened by this bot, without a word about you."
PRIVACY_ERASE = "/delete removes one document. Erase everything forgets you altogether."
ERASE_SURE = (
    "Erase all your documents, progress, settings and links? This cannot be undone. What you have "
    "in this chat stays until you delete it here."
)
ERASED = "Everything that was known of you is gone. Forward a PDF whenever you want to start anew."

# --- the page, to those who may not come in ------------------------------------------------------

PAGE_WHAT = "ListenDock reads PDFs aloud, chapter by chapter."
PAGE_CLOSED = "This page is not open to visitors."
PAGE_USE_THE_BOT = (
    "Use its bot instead: send it a PDF in a chat, and tap a chapter to hear it. "
    "Whoever gave you this address can tell you its name."
)
PAGE_OF_WHOEVER_RUNS_IT = (
    "Do you run it? Open the link that “serve” showed when it was first started, or enter the key. "
    "If it is lost, “serve --new-key” makes another."
)
PAGE_BEHIND_A_PROXY = (
    "Do you run it? Set PUBLIC_URL to the address that you came by: then “serve” shows a link that "
    "opens this page to you."
)
PAGE_KEY = "Key"
PAGE_OPEN = "Open"
PAGE_WRONG_KEY = "This is not the key of this page."
PAGE_TOO_MANY_KEYS = "Too many wrong keys. Please try again in a few minutes."
BRING_NOTHING = (
    "You can hear what you have here. Sending something new is for whoever runs this page."
)

# --- the operator -------------------------------------------------------------------------------

NOT_ALLOWED = (
    "This bot is for invited people only. Whoever runs it can let you in; tell them this: {account}"
)
DAY_IS_FULL = (
    "Your {minutes} of today are used up. What is ready stays; have the rest made from tomorrow on."
)
NO_BROADCASTS = (
    "I write to nobody who has not written first: there are no broadcasts. People find news where "
    "you publish it."
)
STATS = (
    "{documents} documents of {listeners} people, {failed_documents} of them not readable\n"
    "{tracks} chapters spoken, {hours} h; {waiting} waiting, {failed_tracks} failed\n"
    "{megabytes} MB of PDFs and audio; {free} GB free on the disk\n"
    "{dollars} US dollars spent this month"
)

# --- buttons ------------------------------------------------------------------------------------

BUTTON_SETTINGS = "⚙ Settings"
BUTTON_BRIEF = "⇄ Brief version"
BUTTON_ORIGINAL = "⇄ Whole text"
BUTTON_THIS_VOICE = "Use this voice"
BUTTON_CONTINUE = "▶ Continue"
BUTTON_CONTINUE_FROM = "▶ Continue from {time}"
BUTTON_START = "▶ Start listening"
BUTTON_ALL = "≡ All in order"
BUTTON_STOP_ALL = "■ Stop sending"
BUTTON_TAKEAWAYS = "✎ Takeaways"
BUTTON_LEFT_OUT = "✂ Left out"
BUTTON_BACK = "‹ Back"
BUTTON_SHARE = "↗ Share"
BUTTON_STOP_SHARING = "Stop sharing"
BUTTON_CANCEL = "✕ Cancel"
BUTTON_RETRY = "↻ Retry"
BUTTON_REST = "↻ Make the rest"
BUTTON_MAKE_ALL = "▶ Make all of it"
BUTTON_UNLOCK = "🔑 Unlock"
BUTTON_HEARD = "✓ Heard"
BUTTON_UNDO = "↩ Undo"
BUTTON_NEXT = "Next ▶"
BUTTON_UP_TO = "✓ Heard up to here"
BUTTON_TEXT = "Text"
BUTTON_OPEN = "Open"
BUTTON_DELETE = "Delete"
BUTTON_RENAME = "Rename"
BUTTON_EXPORT = "Export"
BUTTON_ZIP = "MP3s in a ZIP"
BUTTON_AUDIOBOOK = "One audiobook (M4B)"
BUTTON_ERASE = "Erase everything"
BUTTON_KEEP = "Keep"
BUTTON_MINE = "My progress"
BUTTON_PROGRESS = "Progress"
BUTTON_LIBRARY = "Library"
BUTTON_HELP = "Help"
BUTTON_EARLIER = "‹"
BUTTON_LATER = "›"

OUT_OF_THE_TEXT = "left out of the text"  # instead of a place among the chapters

# --- the local page ---------------------------------------------------------------------------

PAGE = (
    "Skip to your documents",
    "ListenDock, home",
    "Views",
    "Not connected. Trying again …",
    "Hear your PDFs, chapter by chapter",
    "Drop one here, or several.",
    "Up to {limit} MB each.",
    "Choose PDF",
    "Message",
    "or write, for example /progress",
    "Send",
    "Drop a PDF.",
    "Its card shows at once what it is about, how long it takes and what is left out.",
    "Tap a chapter.",
    "It is read aloud; one that is not ready yet jumps the queue.",
    "Come back any time.",
    "Your place is kept:",
    "This page needs JavaScript. Nothing of it comes from anywhere else.",
    "Messages",
    "Player",
    "Drop to listen",
    "Takeaways",
    "Left out",
    "Chapters",
    "Delete “{title}”",
    "Chapter {number}",
    "Chapter {number} heard",
    "{title} heard",
    "Mark as new",
    "Mark as heard",
    "new",
    "started",
    "heard",
    "could not be spoken",
    "not ready yet",
    "getting it ready",
    "playing",
    "paused",
    "Position in the chapter",
    "Play",
    "Pause",
    "Back 15 seconds",
    "Forward 15 seconds",
    "Speed",
    "Download",
    "Download this chapter",
    "Getting it ready …",
    "Ready. Press Play.",
    "Playing {position}: {title}",
    "{title}: could not be spoken.",
    "This chapter could not be loaded.",
    "That could not be sent. Please try it again.",
    "“{name}” could not be sent. Please try it again.",
    "Sending {name}",
    "Sending …",
    "Sending … {percent} %",
    "Sent",
    "Close",
    BUTTON_HEARD,
    BUTTON_NEXT,
    BUTTON_CANCEL,
    BUTTON_DELETE,
    "{number} of {total}",
    OUT_OF_THE_TEXT,
    "{percent} % heard",
)

# --- states and figures -------------------------------------------------------------------------

STATUS_WAITING = "Waiting to be read …"
STATUS_READING = "Reading …"
STATUS_STOPPED_READING = "Stopped before it was read."
STATUS_STOPPED = "Stopped at {ready} of {total}. Tap a chapter to have it spoken after all."
STATUS_LONG = (
    "This is long: {minutes} on {pages}. Tap the chapters that you want, or have all of it made."
)
STATUS_READY = "{ready} of {total} ready"
STATUS_LEFT = "{ready} of {total} ready · about {time} left"
STATUS_COMING = Plural("{count} chapter is on its way to you", "{count} chapters are on their way")
STATUS_FAILED = Plural(
    "{count} chapter could not be spoken; the others stand.",
    "{count} chapters could not be spoken; the others stand.",
)
SECONDS = "{count} s"
MINUTES = "{count} min"
HOURS = "{hours} h {minutes} min"
POSITION = "{number} of {total}"
STAND_IN = "spoken by the voice inside, the chosen one failed"
CHAPTERS = Plural("{count} chapter", "{count} chapters")
PAGES = Plural("{count} page", "{count} pages")
FACT_READY = Plural("{count} ready", "{count} ready")
FACT_HEARD = "{percent} % heard"
HEARD = "{count} of {total} heard ({done} of {minutes})"
STARTED = Plural("{count} started", "{count} started")

LEFT_OUT = "Left out: {parts}."
SKIPPED = {
    "references": Plural("{count} reference", "{count} references"),
    "citations": Plural("{count} citation", "{count} citations"),
    "tables": Plural("{count} table", "{count} tables"),
    "figures": Plural("{count} figure", "{count} figures"),
    "formulas": Plural("{count} formula", "{count} formulas"),
    "footnotes": Plural("{count} footnote", "{count} footnotes"),
    "running_heads": Plural("{count} running head", "{count} running heads"),
    "code": Plural("{count} piece of code", "{count} pieces of code"),
    "other": Plural("{count} section", "{count} sections"),
    "illegible_pages": Plural(
        "{count} page that could not be recognised", "{count} pages that could not be recognised"
    ),
}
LEFT_OUT_OF = "Left out of “{title}”:"
LEFT_OUT_HOW = "Tap what you want to hear. It does not count as part of the text."
LEFT_OUT_KINDS = phrases.LEFT_OUT_TITLES["en"] | {
    Reason.CITATION: "Citations",
    Reason.NOTE_MARK: "Marks of footnotes",
    Reason.ADDRESS: "Web and mail addresses",
    Reason.LABEL: "Labels and numbers of headings",
    Reason.REPEATED: "Text that stands there twice",
    Reason.UNREADABLE: "Signs that cannot be read",
    Reason.SCAN: "Scanned pages",
    Reason.ILLEGIBLE: "Pages that could not be recognised",
}
ON_PAGES = Plural("page {pages}", "pages {pages}")
AND_THE_LAST = "{listed} and {last}"  # numbers of pages
TEXT_MISSING = Plural(
    "Some text on page {pages} may be missing.", "Some text on pages {pages} may be missing."
)
NO_RECOGNITION = Plural(
    "{count} scanned page without readable text: not read. Whoever runs this bot can install text "
    "recognition: pip install 'listendock[ocr]'.",
    "{count} scanned pages without readable text: not read. Whoever runs this bot can install text "
    "recognition: pip install 'listendock[ocr]'.",
)

# --- what a chat shows for a moment where a button was tapped -----------------------------------
# It comes before the work is done, so it promises no more than that the tap arrived.

TOAST_COMING = "▶ Coming up"
TOAST_NEXT = "✓ Heard · the next one is coming up"
TOAST_HEARD = "✓ Marked as heard"
TOAST_UP_TO = "✓ Marked as heard up to here"
TOAST_UNHEARD = "○ Marked as new"
TOAST_UNDO = "↩ Not heard yet"
TOAST_ALL = "≡ They come one after the other"
TOAST_STOP_ALL = "■ No more of them"
TOAST_CANCEL = "Stopping …"
TOAST_RESUME = "Going on …"
TOAST_VOICE = "Voice chosen"
TOAST_SPEED = "Speed chosen"
TOAST_MODE = "⇄ One moment"


class TooLargeForChat(UserError):
    """The platform itself does not hand files of this size to bots."""

    kind = "too_large_for_chat"
    sentence = (
        "This file has {megabytes} MB, and this chat hands me files up to {limit} MB only. Put it "
        "where a link leads to it and send me the link, or send a smaller copy (print to PDF often "
        "helps) or only the part that you want to hear."
    )


class PdfLost(UserError):
    """Its bytes are not in the file store any more."""

    kind = "lost"
    sentence = "The file of this PDF is not here any more. Please send it again."


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
