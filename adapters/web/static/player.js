// One chapter at a time. What is started and what is heard is measured here, and nowhere guessed:
// started when sound begins, heard when it came to its end.

import { clock, el, icon, setAttribute, setIcon, setText } from "./dom.js";
import { memory } from "./memory.js";
import { audioUrl } from "./wire.js";

const STEP_S = 15;
const ENDING_S = 3; // whoever leaves this late has heard it
const KEEP_EVERY_MS = 2_000;
const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];

/**
 * `on`: { find(document, number) → { document, number, title, album, position, filename, takeaway,
 * state, ready, failed, isLast } | null, started, heard, unheard, next, wanted (each with a
 * chapter), changed(playback), say(text) }.
 */
export class Player {
  constructor(root, on) {
    this.root = root;
    this.on = on;
    this.audio = new Audio();
    this.audio.preload = "auto";
    this.current = null;
    this.pending = null;
    this.hasBegun = false;
    this.hasEnded = false;
    this.keptAt = 0;
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel("listendock") : null;
    this.#build();
    this.#listen();
    this.setSpeed(memory.speed());
  }

  get isPlaying() {
    return !this.audio.paused && !this.audio.ended;
  }

  get isBusy() {
    return this.isPlaying || Boolean(this.pending);
  }

  /** Play a chapter; one that is not ready yet as soon as it is. The playing one: pause, go on. */
  play(document, number) {
    const chapter = this.on.find(document, number);
    if (this.#isCurrent(document, number) && !this.pending) this.toggle();
    else if (chapter?.ready) this.#begin(chapter);
    else this.#await(document, number, { ask: true });
  }

  toggle() {
    if (this.pending || !this.current) return;
    if (this.audio.paused) this.#sound();
    else this.audio.pause();
  }

  /** After a reload: the last chapter, where it stood, silent. */
  restore() {
    const last = memory.last();
    const chapter = last && this.on.find(last.document, last.number);
    if (!this.current && !this.pending && chapter?.ready) this.#load(chapter);
  }

  /** Something about the documents changed. */
  refresh() {
    if (this.pending) {
      const chapter = this.on.find(this.pending.document, this.pending.number);
      if (chapter?.ready) this.#begin(chapter);
      else if (chapter && !chapter.failed) this.pending.hadFailed = false; // it is tried again
      else if (chapter && !this.pending.hadFailed) this.#giveUp(chapter);
    }
    this.#show();
  }

  /** A chapter is ready that somebody at this listener's tabs asked for. */
  onNote(note) {
    if (this.pending && this.pending.document === note.document && this.pending.number === note.number) {
      this.#begin(this.on.find(note.document, note.number) ?? note);
    }
  }

  /** A document is gone. */
  drop(document) {
    if (this.pending?.document === document) this.pending = null;
    if (this.current?.document === document) {
      this.audio.pause();
      this.audio.removeAttribute("src");
      this.current = null;
    }
    this.#changed();
  }

  setSpeed(speed) {
    this.audio.defaultPlaybackRate = speed;
    this.audio.playbackRate = speed;
    this.speed.value = String(speed);
    memory.keepSpeed(speed);
  }

  step(seconds) {
    if (!this.current || !Number.isFinite(this.audio.duration)) return;
    this.audio.currentTime = Math.max(0, Math.min(this.audio.duration, this.audio.currentTime + seconds));
  }

  // --- from chapter to chapter --------------------------------------------------------------------

  #isCurrent(document, number) {
    return this.current?.document === document && this.current.number === number;
  }

  #begin(chapter) {
    this.#load(chapter);
    this.#sound();
    this.on.say(`Playing ${chapter.position}: ${chapter.title}`);
  }

  #load(chapter) {
    this.#keepPlace(true);
    this.pending = null;
    this.current = chapter;
    this.hasBegun = false;
    this.hasEnded = false;
    const place = memory.placeIn(chapter);
    this.audio.src = audioUrl(chapter);
    if (place) {
      const goThere = () => (this.audio.currentTime = place < this.audio.duration - ENDING_S ? place : 0);
      this.audio.addEventListener("loadedmetadata", goThere, { once: true });
    }
    memory.keepLast(chapter);
    this.#announceToSystem(chapter);
    this.#changed();
  }

  async #sound() {
    try {
      await this.audio.play();
    } catch (error) {
      if (error.name === "NotAllowedError") this.on.say("Ready. Press Play.");
    }
  }

  #await(document, number, { ask }) {
    this.audio.pause();
    const hadFailed = Boolean(this.on.find(document, number)?.failed);
    this.pending = { document, number, hadFailed };
    if (ask) this.on.wanted(this.pending);
    this.on.say("Getting it ready …");
    this.#changed();
  }

  #giveUp(chapter) {
    this.pending = null;
    this.on.say(`${chapter.title}: could not be spoken.`);
  }

  /** To the chapter after this one. Left before its end, this one stays started. */
  #goOn(hasEnded) {
    const chapter = this.current;
    if (!chapter) return;
    if (hasEnded) {
      memory.keepPlace(chapter, 0);
      this.hasEnded = true;
      this.on.next(chapter); // heard, and the one after it is wanted
    }
    if (chapter.isLast) return this.#changed();
    const onward = this.on.find(chapter.document, chapter.number + 1);
    if (onward?.ready) this.#begin(onward);
    else this.#await(chapter.document, chapter.number + 1, { ask: !hasEnded });
  }

  #next() {
    const left = this.audio.duration - this.audio.currentTime;
    this.#goOn(this.audio.ended || left <= ENDING_S);
  }

  #toggleHeard() {
    if (!this.current) return;
    if (this.#state() === "heard") this.on.unheard(this.current);
    else this.on.heard(this.current);
  }

  #state() {
    return this.on.find(this.current.document, this.current.number)?.state ?? "";
  }

  #keepPlace(now = false) {
    if (!this.current || !this.hasBegun || this.audio.ended || this.hasEnded) return;
    if (!now && performance.now() - this.keptAt < KEEP_EVERY_MS) return;
    this.keptAt = performance.now();
    memory.keepPlace(this.current, this.audio.currentTime);
  }

  // --- what the browser says ------------------------------------------------------------------------

  #listen() {
    const audio = this.audio;
    audio.addEventListener("playing", () => {
      this.channel?.postMessage("playing");
      this.hasEnded = false;
      if (!this.hasBegun && this.current) {
        this.hasBegun = true;
        if (this.#state() === "new") this.on.started(this.current);
      }
      this.#changed();
    });
    audio.addEventListener("pause", () => {
      this.#keepPlace(true);
      this.#changed();
    });
    audio.addEventListener("ended", () => this.#goOn(true));
    audio.addEventListener("timeupdate", () => {
      this.#keepPlace();
      this.#showTime();
    });
    for (const name of ["loadedmetadata", "durationchange", "seeked"]) {
      audio.addEventListener(name, () => this.#showTime());
    }
    audio.addEventListener("error", () => this.current && this.on.say("This chapter could not be loaded."));
    addEventListener("pagehide", () => this.#keepPlace(true));
    this.channel?.addEventListener("message", () => audio.pause()); // another tab plays now
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  #onKey(event) {
    const isElsewhere = event.target.closest?.("button, input, select, a, textarea");
    if (isElsewhere || event.ctrlKey || event.metaKey || event.altKey || !this.current) return;
    const does = { " ": () => this.toggle(), ArrowLeft: () => this.step(-STEP_S), ArrowRight: () => this.step(STEP_S) };
    if (!does[event.key]) return;
    event.preventDefault();
    does[event.key]();
  }

  #announceToSystem(chapter) {
    if (!("mediaSession" in navigator)) return;
    navigator.mediaSession.metadata = new MediaMetadata({ title: chapter.title, artist: chapter.album, album: "ListenDock" });
    const does = {
      play: () => this.#sound(),
      pause: () => this.audio.pause(),
      seekbackward: () => this.step(-STEP_S),
      seekforward: () => this.step(STEP_S),
      nexttrack: chapter.isLast ? null : () => this.#next(),
    };
    for (const [name, handler] of Object.entries(does)) navigator.mediaSession.setActionHandler(name, handler);
  }

  // --- what is to be seen -----------------------------------------------------------------------------

  #build() {
    const button = (name, label, onclick, ...children) =>
      el("button", { type: "button", class: name, "aria-label": label, title: label, onclick }, ...children);
    this.seek = el("input", { type: "range", class: "seek", min: 0, max: 1, step: 1, value: 0, "aria-label": "Position in the chapter" });
    this.seek.addEventListener("input", () => {
      this.audio.currentTime = Number(this.seek.value);
      this.#showTime();
    });
    this.title = el("strong", { class: "now-title" });
    this.place = el("span", { class: "now-place" });
    this.time = el("span", { class: "time", "aria-hidden": "true" });
    this.playIcon = icon("play");
    this.playButton = button("primary round go", "Play", () => this.toggle(), this.playIcon);
    this.back = button("quiet round step", "Back 15 seconds", () => this.step(-STEP_S), icon("back"), el("small", {}, "15"));
    this.forward = button("quiet round step", "Forward 15 seconds", () => this.step(STEP_S), icon("forward"), el("small", {}, "15"));
    this.speed = el("select", { class: "speed", "aria-label": "Speed", title: "Speed" });
    for (const speed of SPEEDS) this.speed.append(el("option", { value: speed }, `${speed}×`));
    this.speed.addEventListener("change", () => this.setSpeed(Number(this.speed.value)));
    this.heard = el("button", { type: "button", class: "heard", onclick: () => this.#toggleHeard() }, "✓ Heard");
    this.nextButton = el("button", { type: "button", class: "next", onclick: () => this.#next() }, "Next ▶\uFE0E");
    this.keep = el("a", { class: "quiet round keep", "aria-label": "Download this chapter", title: "Download" }, icon("download"));
    this.root.append(
      this.seek,
      el(
        "div",
        { class: "player-row" },
        el("div", { class: "now" }, this.title, this.place),
        el("div", { class: "controls" }, this.back, this.playButton, this.forward),
        el("div", { class: "extras" }, this.time, this.speed, this.heard, this.nextButton, this.keep),
      ),
    );
  }

  #changed() {
    this.#show();
    this.on.changed({ current: this.current, pending: this.pending, isPlaying: this.isPlaying });
  }

  #show() {
    const shown = this.pending
      ? (this.on.find(this.pending.document, this.pending.number) ?? { ...this.pending, title: "", position: `Chapter ${this.pending.number}`, album: "" })
      : this.current;
    this.root.hidden = !shown;
    document.body.classList.toggle("has-player", Boolean(shown));
    if (!shown) return;
    const isPending = Boolean(this.pending);
    this.root.classList.toggle("pending", isPending);
    setText(this.title, shown.title);
    setText(this.place, isPending ? "Getting it ready …" : [shown.position, shown.album].filter(Boolean).join(" · "));
    setIcon(this.playIcon, this.isPlaying ? "pause" : "play");
    setAttribute(this.playButton, "aria-label", this.isPlaying ? "Pause" : "Play");
    setAttribute(this.playButton, "title", this.isPlaying ? "Pause" : "Play");
    setAttribute(this.heard, "aria-pressed", String(!isPending && this.#state() === "heard"));
    for (const control of [this.seek, this.playButton, this.back, this.forward, this.heard]) control.disabled = isPending;
    this.nextButton.disabled = isPending || Boolean(shown.isLast);
    setAttribute(this.keep, "href", isPending ? null : `${audioUrl(shown)}?keep`);
    this.#showTime();
    document.title = this.isPlaying ? `▶\uFE0E ${shown.title} – ListenDock` : "ListenDock";
  }

  #showTime() {
    const { currentTime } = this.audio;
    const duration = Number.isFinite(this.audio.duration) && !this.pending ? this.audio.duration : 0;
    this.seek.max = String(Math.max(1, duration));
    this.seek.value = String(duration ? currentTime : 0);
    this.seek.style.setProperty("--done", `${duration ? (100 * currentTime) / duration : 0}%`);
    setAttribute(this.seek, "aria-valuetext", `${clock(currentTime)} of ${clock(duration)}`);
    setText(this.time, duration ? `${clock(currentTime)} / ${clock(duration)}` : "–:–– / –:––");
  }
}
