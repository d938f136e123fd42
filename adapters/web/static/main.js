// Puts the page together: what comes goes to cards, tray and player; what one does goes out.

import { Cards } from "./cards.js";
import { Intake } from "./intake.js";
import "./key.js";
import { Player } from "./player.js";
import { Tray } from "./tray.js";
import { connect, dismiss, say, tap } from "./wire.js";
import { worded } from "./words.js";

const byId = (id) => document.getElementById(id);
const ASKED_MS = 5_000;

let verbs = {};
let sending = 0;
let askedAt = -Infinity;
let isFirstState = true;

const action = (verb, { document, number = 0 }) => `${verbs[verb]}.${document.slice(0, 16)}.${number}`;
const mark = (verb) => (chapter) => tap(action(verb, chapter), "", true);

function asked() {
  askedAt = performance.now();
  tray.returnTo = document.activeElement;
}

const hasAsked = () => performance.now() - askedAt < ASKED_MS;

function announce(text) {
  byId("announcer").textContent = "";
  setTimeout(() => (byId("announcer").textContent = text), 50);
}

// --- what a listener does ---------------------------------------------------------------------------

function press(button, message) {
  const reference = button.data.split(".")[1];
  const view = cards.find(reference);
  const isPlayed = button.verb === "continue" || button.verb === "play";
  if (isPlayed && view && button.number) return player.goOn(view.document, button.number);
  if (button.verb === "open" && view) return cards.reveal(view.document, { focus: true });
  asked();
  return attempt(tap(button.data, message));
}

function command(text) {
  asked();
  return attempt(say(text));
}

/** What cannot be sent is told; the line above the page says why. */
async function attempt(sent) {
  try {
    await sent;
  } catch {
    announce(worded("That could not be sent. Please try it again."));
  }
}

const cards = new Cards(byId("documents"), {
  play: (document, number) => player.play(document, number),
  toggleHeard(document, number) {
    const chapter = find(document, number);
    if (chapter) mark(chapter.state === "heard" ? "unheard" : "heard")(chapter);
  },
  press,
  remove(document) {
    asked();
    attempt(tap(action("ask_delete", { document }), document));
  },
});

const tray = new Tray(byId("tray"), { press, dismiss: (id) => attempt(dismiss(id)) });

/** A chapter or an extra of a card, as the player wants it. */
function find(document, number) {
  const view = cards.find(document);
  const line = view?.chapters.find((chapter) => chapter.number === number);
  return line ? chapterOf(view, line) : extraOf(view, number);
}

/** What is left out of the text: nothing comes after it. */
function extraOf(view, number) {
  const line = view?.left_out.flatMap((kind) => kind.extras).find((extra) => extra.number === number);
  if (!line) return null;
  const position = worded("left out of the text");
  return { ...line, document: view.document, album: view.title, position, isLast: true, resumes: null };
}

function chapterOf(view, line) {
  const { number } = line;
  const isPaged = view.buttons.flat().some((button) => button.verb === "page");
  const total = view.chapters.at(-1).number;
  return {
    ...line,
    document: view.document,
    album: view.title,
    position: worded(isPaged ? "Chapter {number}" : "{number} of {total}", { number, total }),
    isLast: !isPaged && number === total,
    resumes: view.resumes.number === number ? view.resumes : null,
  };
}

const player = new Player(byId("player"), {
  find,
  started: mark("started"),
  heard: mark("heard"),
  unheard: mark("unheard"),
  next: mark("next"),
  wanted: mark("play"),
  changed: (playback) => cards.showPlayback(playback),
  say: announce,
});

const intake = new Intake(
  {
    choose: byId("choose"),
    files: byId("files"),
    composer: byId("composer"),
    line: byId("line"),
    uploads: byId("uploads"),
  },
  { say: announce, write: command, sending: (isOn) => (sending += isOn ? 1 : -1) },
);

for (const button of document.querySelectorAll("[data-command]")) {
  button.addEventListener("click", () => command(button.dataset.command));
}

addEventListener("beforeunload", (event) => sending && event.preventDefault());

// --- what comes -------------------------------------------------------------------------------------

/** What is worth a word to somebody who does not see the page. */
function announceCard(former, view) {
  if (view.done === null && view.status && view.status !== former?.status) {
    announce(`${view.title}: ${view.status}`);
  } else if (view.chapters.length && !former?.chapters.length) {
    announce(`${view.title}: ${view.facts}`);
  } else if (former?.done != null && view.done === null && view.facts) {
    announce(`${view.title}: ${view.facts}`);
  } else if (!former && view.status) {
    announce(`${view.title}: ${view.status}`);
  }
}

function showEmptiness() {
  document.body.classList.toggle("is-empty", !cards.views.size);
}

connect({
  connected: (isOn) => (byId("offline").hidden = isOn),
  isBusy: () => player.isBusy || sending > 0,
  state(state) {
    verbs = state.verbs;
    byId("limit").textContent = worded("Up to {limit} MB each.", { limit: state.limit_mb });
    const left = new Set(state.cards.map((view) => view.document));
    for (const document of cards.views.keys()) if (!left.has(document)) player.drop(document);
    cards.setAll(state.cards);
    tray.setAll(state.messages);
    showEmptiness();
    if (isFirstState) player.restore();
    isFirstState = false;
    player.refresh();
    document.body.classList.add("is-here");
  },
  card(view) {
    const former = cards.views.get(view.document);
    announceCard(former, view);
    cards.set(view);
    showEmptiness();
    player.refresh();
    if (sending && view.is_fresh) {
      intake.arrived();
      cards.reveal(view.document);
    }
  },
  message(message) {
    tray.set(message);
    announce(message.heading ?? message.text);
    if (hasAsked()) tray.focus();
  },
  gone: ({ id }) => tray.drop(id),
  note: (note) => player.onNote(note),
});
