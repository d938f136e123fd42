// A line of a card's chapter menu: tap it to hear it, tap its mark to say that it was heard.

import { el, plain, setAttribute, setText } from "./dom.js";
import { worded } from "./words.js";

/** "playing", "paused", "pending", or "" for a chapter that the player has nothing to do with. */
export function playbackOf(playback, document, line) {
  const is = (chapter) => chapter && chapter.document === document && chapter.number === line.number;
  if (is(playback?.pending)) return "pending";
  if (is(playback?.current)) return playback.isPlaying ? "playing" : "paused";
  return "";
}

/**
 * `act`: { play(document, number), toggleHeard(document, number) }; `isExtra`: what is left out of the
 * text, which goes by its title, for its number says nothing.
 */
export class ChapterRow {
  constructor(document, number, act, { isExtra = false } = {}) {
    this.isExtra = isExtra;
    this.title = el("span", { class: "title" });
    const told = `told-${document.slice(0, 16)}-${number}`;
    this.takeaway = el("span", { class: "takeaway", id: told });
    this.length = el("span", { class: "length" });
    const place = el("span", { class: "number", "aria-hidden": "true" }, el("span", {}, isExtra ? "" : String(number)), bars());
    this.play = el(
      "button",
      { type: "button", class: "play", "aria-describedby": told, onclick: () => act.play(document, number) },
      place,
      el("span", { class: "name" }, this.title, this.takeaway),
      this.length,
    );
    this.mark = el("button", { type: "button", class: "mark", onclick: () => act.toggleHeard(document, number) });
    this.node = el("li", { class: "chapter" }, this.play, this.mark);
    this.node.row = this;
  }

  update(line, playback) {
    setText(this.title, line.title);
    setText(this.takeaway, line.takeaway);
    setText(this.length, line.length);
    setText(this.mark, line.failed ? "⚠" : line.mark);
    setAttribute(this.node, "data-state", line.state);
    setAttribute(this.node, "data-level", Math.min(line.level, 4));
    setAttribute(this.node, "data-playback", playback || null);
    this.node.classList.toggle("waiting", !line.ready && !line.failed);
    this.node.classList.toggle("failed", line.failed);
    setAttribute(this.play, "aria-label", this.#spoken(line, playback));
    setAttribute(this.play, "aria-current", playback && playback !== "pending" ? "true" : null);
    setAttribute(this.mark, "aria-pressed", String(line.state === "heard"));
    setAttribute(this.mark, "aria-label", this.#heard(line));
    setAttribute(this.mark, "title", worded(line.state === "heard" ? "Mark as new" : "Mark as heard"));
  }

  #heard(line) {
    if (this.isExtra) return worded("{title} heard", { title: line.title });
    return worded("Chapter {number} heard", { number: line.number });
  }

  #spoken(line, playback) {
    const parts = [line.title, line.length, worded(line.state)];
    if (!this.isExtra) parts.unshift(worded("Chapter {number}", { number: line.number }));
    if (line.failed) parts.push(worded("could not be spoken"));
    else if (!line.ready) parts.push(worded("not ready yet"));
    if (playback) parts.push(worded(playback === "pending" ? "getting it ready" : playback));
    return plain(parts.join(", "));
  }
}

/** Three bars that move while a chapter plays. */
function bars() {
  return el("span", { class: "bars" }, el("i"), el("i"), el("i"));
}
