// A card for every document: what it is, how far it is, its chapters.

import { ChapterRow, playbackOf } from "./chapters.js";
import { el, icon, keyed, setAttribute, setText } from "./dom.js";
import { LeftOut } from "./leftout.js";
import { memory } from "./memory.js";
import { coverUrl } from "./wire.js";
import { worded } from "./words.js";

const OPEN_AT_FIRST = 2; // cards whose chapters are shown unasked
const LONG = 60; // chapters: a book starts folded
// Shown by the page in its own place, or done by its player.
const OWN_VERBS = ["ask_delete", "takeaways", "all", "stop_all"];

/**
 * `act`: { play(document, number), toggleHeard(document, number), press(button, message),
 * remove(document) }, called when a listener does something.
 */
export class Cards {
  constructor(root, act) {
    this.root = root;
    this.act = act;
    this.views = new Map(); // document → view, in the order of the page
    this.playback = null;
    this.isNew = new Set(); // came while this page was open
  }

  /** All cards there are, newest first. */
  setAll(views) {
    const left = new Set(views.map((view) => view.document));
    for (const document of this.views.keys()) {
      if (!left.has(document)) memory.forget(document);
    }
    this.views = new Map(views.map((view) => [view.document, view]));
    this.#render();
  }

  set(view) {
    if (this.views.has(view.document)) {
      this.views.set(view.document, view);
    } else {
      this.isNew.add(view.document);
      this.views = new Map([[view.document, view], ...this.views]);
    }
    this.#render();
  }

  /** A view by its document's id, or by the beginning of it that a button carries. */
  find(reference) {
    for (const [document, view] of this.views) {
      if (reference && document.startsWith(reference)) return view;
    }
    return null;
  }

  /** { current, pending: { document, number } | null, isPlaying } */
  showPlayback(playback) {
    this.playback = playback;
    this.#render();
  }

  /** Bring a card into sight; `focus` for whoever got here by keyboard or asked for it. */
  reveal(document, { focus = false } = {}) {
    const node = this.#nodeOf(document);
    if (!node) return;
    node.scrollIntoView({ block: "nearest" });
    node.classList.remove("found");
    requestAnimationFrame(() => node.classList.add("found"));
    if (focus) node.focus({ preventScroll: true });
  }

  #nodeOf(document) {
    return [...this.root.children].find((node) => node.dataset.key === document);
  }

  #render() {
    keyed(
      this.root,
      [...this.views.values()],
      (view) => view.document,
      (view) => new Card(view.document, this).node,
      (node, view) => node.card.update(view),
    );
  }

  isOpen(view) {
    const chosen = memory.isOpen(view.document);
    if (chosen !== null) return chosen;
    if (view.chapters.length > LONG) return false;
    const place = [...this.views.keys()].indexOf(view.document);
    return place < OPEN_AT_FIRST || this.isNew.has(view.document);
  }

  open(view, isOpen) {
    memory.keepOpen(view.document, isOpen);
    this.#render();
  }

  showTakeaways(shown) {
    memory.keepTakeaways(shown);
    this.#render();
  }

  refresh() {
    this.#render();
  }
}

class Card {
  constructor(document, cards) {
    this.cards = cards;
    this.document = document;
    const id = `card-${document.slice(0, 16)}`;
    this.title = el("h2", { id: `${id}-title` });
    this.summary = el("p", { class: "summary" });
    this.facts = el("p", { class: "facts" });
    this.cover = el("img", { class: "cover", alt: "", hidden: true });
    this.cover.addEventListener("load", () => (this.cover.hidden = false));
    this.remove = this.#removeButton();
    this.bar = el("progress", { max: 1, "aria-labelledby": `${id}-status` });
    this.status = el("p", { class: "status", id: `${id}-status` });
    this.work = el("div", { class: "work" }, this.bar, this.status);
    this.buttons = el("div", { class: "buttons" });
    this.folds = this.#folds(`${id}-chapters`);
    this.actions = el("div", { class: "actions" }, this.buttons, this.folds.node);
    this.chapters = el("ol", { class: "chapters", id: `${id}-chapters` });
    this.skipped = el("p", { class: "skipped" });
    this.leftOut = new LeftOut(document, cards.act, () => cards.refresh());
    const head = el("div", { class: "words" }, this.title, this.summary, this.facts);
    this.node = el(
      "article",
      { class: "card", tabindex: "-1", "aria-labelledby": `${id}-title` },
      el("div", { class: "head" }, this.cover, head, this.remove),
      this.work,
      this.actions,
      this.chapters,
      this.skipped,
      this.leftOut.node,
    );
    this.node.card = this;
  }

  #removeButton() {
    const remove = () => this.cards.act.remove(this.document);
    return el("button", { type: "button", class: "quiet round", onclick: remove }, icon("trash"));
  }

  #folds(controls) {
    const takeaways = el("button", {
      type: "button",
      class: "quiet",
      onclick: () => this.cards.showTakeaways(!memory.showsTakeaways()),
    }, worded("Takeaways"));
    const chapters = el("button", {
      type: "button",
      class: "quiet fold",
      "aria-controls": controls,
      onclick: () => this.cards.open(this.view, !this.cards.isOpen(this.view)),
    }, worded("Chapters"), icon("down"));
    return { takeaways, chapters, node: el("div", { class: "folds" }, takeaways, chapters) };
  }

  update(view) {
    const hadFocus = this.node.contains(document.activeElement);
    this.view = view;
    setText(this.title, view.title);
    setAttribute(this.title, "lang", view.written_in || null); // for whoever has it read out
    setText(this.summary, view.summary);
    setText(this.facts, view.facts);
    setText(this.skipped, view.skipped);
    setAttribute(this.remove, "aria-label", worded("Delete “{title}”", { title: view.title }));
    setAttribute(this.remove, "title", worded("Delete"));
    if (view.chapters.length && !this.cover.src) this.cover.src = coverUrl(view.document);
    this.#updateWork(view);
    this.#updateButtons(view);
    this.#updateChapters(view);
    this.leftOut.update(view, this.cards.playback);
    if (hadFocus && !this.node.contains(document.activeElement)) this.node.focus({ preventScroll: true });
  }

  #updateWork(view) {
    const isWorking = view.done !== null;
    const isStopped = view.buttons.flat().some((button) => button.verb === "resume");
    const isFailed = !isWorking && !isStopped && !view.chapters.length && Boolean(view.status);
    setText(this.status, view.status);
    this.bar.hidden = !isWorking;
    if (isWorking && (view.chapters.length || view.done)) this.bar.value = view.done;
    else this.bar.removeAttribute("value"); // nobody knows yet how long it takes
    this.work.hidden = !view.status;
    this.node.classList.toggle("failed", isFailed);
    setAttribute(this.node, "aria-busy", isWorking);
  }

  #updateButtons(view) {
    const shown = view.buttons.flat().filter((button) => !OWN_VERBS.includes(button.verb));
    renderButtons(this.buttons, shown, (button) => this.cards.act.press(button, view.document));
    const isEmpty = !view.chapters.length;
    this.folds.node.hidden = isEmpty;
    this.actions.hidden = isEmpty && !shown.length;
  }

  #updateChapters(view) {
    const isOpen = this.cards.isOpen(view);
    const hasTakeaways = memory.showsTakeaways();
    setAttribute(this.folds.chapters, "aria-expanded", String(isOpen));
    setAttribute(this.folds.takeaways, "aria-pressed", String(hasTakeaways));
    this.folds.takeaways.hidden = !isOpen || !view.chapters.some((line) => line.takeaway);
    this.chapters.hidden = !isOpen || !view.chapters.length;
    this.chapters.classList.toggle("brief", !hasTakeaways);
    keyed(
      this.chapters,
      view.chapters,
      (line) => line.number,
      (line) => new ChapterRow(this.document, line.number, this.cards.act).node,
      (node, line) => node.row.update(line, playbackOf(this.cards.playback, this.document, line)),
    );
  }
}

/**
 * Buttons as a view has them: kept by what they do, so that a change of words keeps the focus. A
 * focused one that goes hands it to the one in its place.
 */
export function renderButtons(parent, buttons, press) {
  const place = [...parent.children].indexOf(document.activeElement);
  parent.hidden = !buttons.length;
  keyed(
    parent,
    buttons,
    (button) => `${button.verb} ${button.verb === "continue" ? "" : button.data}`,
    () => el("button", { type: "button" }),
    (node, button) => {
      setText(node, button.label);
      setAttribute(node, "data-verb", button.verb);
      node.onclick = () => press(button);
    },
  );
  const isLost = place >= 0 && !parent.contains(document.activeElement);
  if (isLost) (parent.children[place] ?? parent.lastElementChild)?.focus({ preventScroll: true });
}
