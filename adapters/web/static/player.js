// The player. What it tells is measured: started when sound comes, heard when a chapter is over.
import { clock } from "./dom.js";

const byId = (id) => document.getElementById(id);
const JUMP_S = 15;
const ALMOST_S = 3; // so close to its end, a chapter begins anew

export class Player {
  constructor({ act, chaptersOf, onChange }) {
    Object.assign(this, { act, chaptersOf, onChange });
    this.audio = byId("audio");
    this.now = null; // { document, number, title, length }
    this.waiting = null; // the chapter that will be played as soon as it is spoken
    this.bind();
  }

  bind() {
    const { audio } = this;
    byId("player-toggle").onclick = () => (audio.paused ? this.play() : audio.pause());
    byId("player-back").onclick = () => (audio.currentTime -= JUMP_S);
    byId("player-on").onclick = () => (audio.currentTime += JUMP_S);
    byId("player-next").onclick = () => this.now && this.onward(this.now);
    byId("player-heard").onclick = () => this.now && this.act("heard", this.now.document, this.now.number);
    byId("player-seek").oninput = (event) => (audio.currentTime = Number(event.target.value));
    const speed = byId("player-speed");
    speed.value = localStorage.getItem("speed") ?? "1";
    speed.onchange = () => {
      localStorage.setItem("speed", speed.value);
      audio.playbackRate = Number(speed.value);
    };
    audio.addEventListener("playing", () => this.onPlaying());
    audio.addEventListener("pause", () => this.paint());
    audio.addEventListener("timeupdate", () => this.onTime());
    audio.addEventListener("ended", () => this.onEnded());
    audio.addEventListener("error", () => this.now && this.tell("The sound did not come. Tap the chapter again."));
    document.addEventListener("keydown", (event) => this.onKey(event));
  }

  stateOf(document, number) {
    const is = (place) => place && place.document === document && place.number === number;
    return is(this.now) ? "playing" : is(this.waiting) ? "waiting" : "";
  }

  lineOf(document, number) {
    return this.chaptersOf(document)?.chapters.find((line) => line.number === number);
  }

  // Play a chapter: now if it is spoken, else as soon as it is.
  wish(document, number) {
    const line = this.lineOf(document, number);
    if (!line) return;
    if (line.is_ready) return this.load(document, line);
    this.waiting = { document, number };
    this.show();
    this.tell(`Getting “${line.title}” ready …`);
    this.act("play", document, number);
    this.onChange();
  }

  // Continue and the like play here; true if the button was one of those.
  onButton(action) {
    const [verb, reference] = action.split(".");
    if (verb !== "c") return false;
    const view = this.chaptersOf(reference);
    const touched = view.chapters.filter((line) => line.state !== "new").map((line) => line.number);
    const from = Math.max(1, ...touched);
    const left = view.chapters.filter((line) => line.state !== "heard");
    const next = left.find((line) => line.number >= from) ?? left[0];
    if (next) this.wish(view.document, next.number);
    return true;
  }

  onNote(note) {
    const { waiting } = this;
    if (waiting?.document === note.document && waiting.number === note.chapter)
      this.load(note.document, this.lineOf(note.document, note.chapter) ?? { ...note, number: note.chapter });
  }

  // A card came: what we wait for may be ready, or may have failed.
  onCard(view) {
    const { waiting } = this;
    if (waiting?.document !== view.document) return;
    const line = this.lineOf(waiting.document, waiting.number);
    if (line?.is_ready) this.load(view.document, line);
    else if (line?.has_failed) {
      this.waiting = null;
      this.tell(`“${line.title}” could not be spoken. Tap it to try again.`);
    }
  }

  load(document, line) {
    this.waiting = null;
    this.keepPlace();
    const isSame = this.now?.document === document && this.now.number === line.number;
    if (!isSame) {
      this.now = { document, number: line.number, title: line.title, isStarted: false };
      this.audio.src = `/audio/${document}/${line.number}.mp3`;
      const place = Number(localStorage.getItem(this.key()) ?? 0);
      this.audio.currentTime = place < line.seconds - ALMOST_S ? place : 0;
      const name = `${String(line.number).padStart(2, "0")} ${line.title}.mp3`;
      Object.assign(byId("player-save"), { href: this.audio.src, download: name });
    }
    this.show();
    this.play();
    this.onChange();
  }

  async play() {
    this.audio.playbackRate = Number(byId("player-speed").value);
    try {
      await this.audio.play();
    } catch {
      this.paint(); // the browser wants a tap first: the button is there
    }
  }

  onPlaying() {
    if (this.now && !this.now.isStarted) {
      this.now.isStarted = true;
      this.act("started", this.now.document, this.now.number);
    }
    this.paint();
  }

  onEnded() {
    localStorage.removeItem(this.key());
    this.onward(this.now);
  }

  // This one is heard; the next one, if there is one.
  onward({ document, number }) {
    const next = this.lineOf(document, number + 1);
    this.act("heard", document, number);
    if (next) this.wish(document, next.number);
    else {
      this.audio.pause();
      this.tell("That was the last chapter.");
    }
  }

  key() {
    return `place-${this.now.document}-${this.now.number}`;
  }

  keepPlace() {
    if (this.now && this.audio.currentTime > 0 && !this.audio.ended)
      localStorage.setItem(this.key(), String(Math.floor(this.audio.currentTime)));
  }

  onTime() {
    this.keepPlace();
    const seek = byId("player-seek");
    const length = Number.isFinite(this.audio.duration) ? this.audio.duration : 0;
    seek.max = String(Math.ceil(length));
    seek.value = String(Math.floor(this.audio.currentTime));
    seek.setAttribute("aria-valuetext", `${clock(this.audio.currentTime)} of ${clock(length)}`);
    byId("player-now").textContent = clock(this.audio.currentTime);
    byId("player-end").textContent = clock(length);
  }

  show() {
    byId("player").hidden = false;
    this.paint();
  }

  paint() {
    const toggle = byId("player-toggle");
    toggle.textContent = this.audio.paused ? "▶" : "❚❚";
    toggle.setAttribute("aria-label", this.audio.paused ? "Play" : "Pause");
    if (!this.now || this.waiting) return;
    const view = this.chaptersOf(this.now.document);
    byId("player-title").textContent = this.now.title;
    this.tell(`${this.now.number} of ${view?.chapters.length ?? "?"}`);
    if ("mediaSession" in navigator)
      navigator.mediaSession.metadata = new MediaMetadata({ title: this.now.title, album: view?.title ?? "" });
  }

  tell(text) {
    const place = byId("player-place");
    if (place.textContent !== text) place.textContent = text;
  }

  onKey(event) {
    if (!this.now || event.target.closest("input, select, textarea, button, a, dialog")) return;
    const keys = { " ": "player-toggle", ArrowLeft: "player-back", ArrowRight: "player-on" };
    if (!(event.key in keys)) return;
    event.preventDefault();
    byId(keys[event.key]).click();
  }
}
