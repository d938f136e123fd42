// The page is the chat: views come as events, taps and commands go back.
import { cardElement, updateCard } from "./cards.js";
import { Player } from "./player.js";
import { showSheet, closeSheet } from "./sheet.js";
import { uploadAll } from "./uploads.js";

const shelf = document.getElementById("shelf");
const views = new Map(); // message id → the card as it came last
let verbs = {};

const post = (path, body) =>
  fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
const tap = (data, message = "") => post("/api/tap", { data, message });
const say = (text) => post("/api/say", { text });
const act = (verb, document, number = 0) =>
  tap(`${verbs[verb]}.${document.slice(0, 16)}.${number}`, `card-${document.slice(0, 16)}`);

const player = new Player({
  act,
  chaptersOf: (document) => views.get(`card-${document.slice(0, 16)}`),
  onChange: () => views.forEach((view, id) => paint(id, view)),
});

function paint(id, view) {
  const existing = document.getElementById(id);
  const context = { tap: (data) => tap(data, id), act, player };
  if (existing) updateCard(existing, view, context);
  else shelf.prepend(cardElement(id, view, context));
}

function showCard(id, view) {
  views.set(id, view);
  paint(id, view);
  document.body.classList.toggle("is-empty", views.size === 0);
  player.onCard(view);
}

function showShelf(cards) {
  const now = new Set(cards.map((card) => card.id));
  for (const id of [...views.keys()]) if (!now.has(id)) drop(id);
  for (const card of [...cards].reverse()) showCard(card.id, card.view); // newest first
  document.body.classList.toggle("is-empty", views.size === 0);
}

function drop(id) {
  views.delete(id);
  document.getElementById(id)?.remove();
  document.body.classList.toggle("is-empty", views.size === 0);
}

function onEvent(event) {
  if (event.kind === "shelf") {
    verbs = event.verbs;
    showShelf(event.cards);
  } else if (event.kind === "note") player.onNote(event.note);
  else if (event.kind === "gone") closeSheet(event.id);
  else if (event.view.kind === "card") showCard(event.id, event.view);
  else showSheet(event.id, event.view, (data) => tap(data, event.id));
}

function listen() {
  const source = new EventSource("/api/events");
  const connection = document.getElementById("connection");
  source.onopen = () => (connection.hidden = true);
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
  source.onerror = () => {
    connection.hidden = false;
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  };
}

for (const button of document.querySelectorAll("[data-say]"))
  button.addEventListener("click", () => say(button.dataset.say));
document.addEventListener("sheet-action", (event) => {
  if (player.onButton(event.detail)) event.preventDefault(); // Continue plays here
});
uploadAll(document.getElementById("drop"), document.getElementById("file"));
document.body.classList.add("is-empty");
listen();
