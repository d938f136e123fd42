// The player's controls: they show what they are told, and tell what was pressed.

import { clock, el, icon, plain, setAttribute, setIcon, setText } from "./dom.js";
import { audioUrl } from "./wire.js";
import { worded } from "./words.js";

export const STEP_S = 15;
const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];

export class Deck {
  /** `press`: { toggle, step(seconds), seek(seconds), speed(rate), heard, next } */
  constructor(root, press) {
    this.root = root;
    this.seek = el("input", { type: "range", class: "seek", min: 0, max: 1, step: "any", value: 0, "aria-label": worded("Position in the chapter") });
    this.seek.addEventListener("input", () => press.seek(Number(this.seek.value)));
    this.title = el("strong", { class: "now-title" });
    this.place = el("span", { class: "now-place" });
    this.time = el("span", { class: "time", "aria-hidden": "true" });
    this.sign = icon("play");
    this.toggle = labelled("primary round go", worded("Play"), press.toggle, this.sign);
    this.back = labelled("quiet round step", worded("Back 15 seconds"), () => press.step(-STEP_S), icon("back"), el("small", {}, "15"));
    this.forward = labelled("quiet round step", worded("Forward 15 seconds"), () => press.step(STEP_S), icon("forward"), el("small", {}, "15"));
    this.speed = el("select", { class: "speed", "aria-label": worded("Speed"), title: worded("Speed") });
    for (const speed of SPEEDS) this.speed.append(el("option", { value: speed }, `${speed}×`));
    this.speed.addEventListener("change", () => press.speed(Number(this.speed.value)));
    this.heard = el("button", { type: "button", class: "heard", onclick: press.heard }, worded("✓ Heard"));
    this.next = el("button", { type: "button", class: "next", onclick: press.next }, plain(worded("Next ▶")));
    this.keep = el("a", { class: "quiet round keep", "aria-label": worded("Download this chapter"), title: worded("Download") }, icon("download"));
    const controls = el("div", { class: "controls" }, this.back, this.toggle, this.forward);
    const extras = el("div", { class: "extras" }, this.time, this.speed, this.heard, this.next, this.keep);
    const now = el("div", { class: "now" }, this.title, this.place);
    root.append(this.seek, el("div", { class: "player-row" }, now, controls, extras));
  }

  /** `chapter`: null for nothing; `isPending`: it is not spoken yet. */
  show({ chapter, isPending, isPlaying, isHeard }) {
    this.root.hidden = !chapter;
    document.body.classList.toggle("has-player", Boolean(chapter));
    document.title = isPlaying ? `▶\uFE0E ${chapter.title} – ListenDock` : "ListenDock";
    if (!chapter) return;
    this.root.classList.toggle("pending", isPending);
    const place = [chapter.position, chapter.album].filter(Boolean).join(" · ");
    setText(this.title, chapter.title);
    setText(this.place, isPending ? worded("Getting it ready …") : place);
    setIcon(this.sign, isPlaying ? "pause" : "play");
    setAttribute(this.toggle, "aria-label", worded(isPlaying ? "Pause" : "Play"));
    setAttribute(this.toggle, "title", worded(isPlaying ? "Pause" : "Play"));
    setAttribute(this.heard, "aria-pressed", String(isHeard));
    for (const control of [this.seek, this.toggle, this.back, this.forward, this.heard]) control.disabled = isPending;
    this.next.disabled = isPending || Boolean(chapter.isLast);
    setAttribute(this.keep, "href", isPending ? null : `${audioUrl(chapter)}?keep`);
  }

  showTime(seconds, duration) {
    this.seek.max = String(Math.max(1, duration));
    this.seek.value = String(duration ? seconds : 0);
    this.seek.style.setProperty("--share", duration ? seconds / duration : 0);
    setAttribute(this.seek, "aria-valuetext", worded("{number} of {total}", { number: clock(seconds), total: clock(duration) }));
    setText(this.time, duration ? `${clock(seconds)} / ${clock(duration)}` : "–:–– / –:––");
  }

  showSpeed(speed) {
    this.speed.value = String(speed);
  }
}

function labelled(name, label, onclick, ...children) {
  return el("button", { type: "button", class: name, "aria-label": label, title: label, onclick }, ...children);
}
