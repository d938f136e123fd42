// What the program says beside the cards: sentences, questions, /progress, /library. The newest on top.

import { el, icon, keyed, setAttribute, setText } from "./dom.js";
import { renderButtons } from "./cards.js";
import { worded } from "./words.js";

/** `act`: { press(button, message), dismiss(id) } */
export class Tray {
  constructor(root, act) {
    this.root = root;
    this.act = act;
    this.messages = new Map(); // id → message, oldest first
    this.returnTo = null; // where the focus was when somebody asked
    root.addEventListener("keydown", (event) => {
      const node = event.target.closest(".message");
      if (event.key === "Escape" && node) this.#close(node.dataset.key);
    });
  }

  setAll(messages) {
    this.messages = new Map(messages.map((message) => [message.id, message]));
    this.#render();
  }

  set(message) {
    this.messages.set(message.id, message);
    this.#render();
  }

  drop(id) {
    this.messages.delete(id);
    this.#render();
  }

  /** To the newest: for whoever has just asked for it. */
  focus() {
    this.root.firstElementChild?.focus();
    this.root.scrollTop = 0;
  }

  #close(id) {
    if (this.returnTo?.isConnected) this.returnTo.focus();
    this.act.dismiss(id);
  }

  #render() {
    keyed(
      this.root,
      [...this.messages.values()].reverse(),
      (message) => message.id,
      (message) => this.#made(message),
      (node, message) => this.#update(node, message),
    );
    this.root.hidden = !this.messages.size;
  }

  #made(message) {
    const parts = {
      heading: el("h2"),
      text: el("p", { class: "text" }),
      lines: el("ul", { class: "shelf" }),
      buttons: el("div", { class: "buttons" }),
    };
    const close = el(
      "button",
      { type: "button", class: "quiet round close", "aria-label": worded("Close"), title: worded("Close"), onclick: () => this.#close(message.id) },
      icon("close"),
    );
    const node = el("article", { class: "message", tabindex: "-1" }, close, ...Object.values(parts));
    node.parts = parts;
    return node;
  }

  #update(node, message) {
    const { heading, text, lines, buttons } = node.parts;
    const hadFocus = node.contains(document.activeElement);
    setText(heading, message.heading ?? "");
    setText(text, message.text ?? "");
    setAttribute(node, "aria-label", message.heading ?? message.text);
    lines.hidden = !message.lines?.length;
    keyed(lines, message.lines ?? [], (line) => line.document, shelfLine, (item, line) => {
      const { title, bar, percent, words, actions } = item.parts;
      setText(title, line.title);
      setText(percent, `${line.percent} %`);
      setText(words, line.text);
      bar.value = line.percent;
      setAttribute(bar, "aria-label", worded("{percent} % heard", { percent: line.percent }));
      renderButtons(actions, line.buttons, (button) => this.act.press(button, message.id));
    });
    renderButtons(buttons, (message.buttons ?? []).flat(), (button) => this.act.press(button, message.id));
    if (hadFocus && !node.contains(document.activeElement)) node.focus();
  }
}

function shelfLine() {
  const parts = {
    title: el("b"),
    bar: el("progress", { max: 100 }),
    percent: el("span", { class: "percent" }),
    words: el("span", { class: "words" }),
    actions: el("div", { class: "buttons" }),
  };
  const item = el("li", {}, parts.title, el("div", { class: "heard-bar" }, parts.bar, parts.percent), parts.words, parts.actions);
  item.parts = parts;
  return item;
}
