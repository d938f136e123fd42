// One chapter at a time. What is started and what is heard is measured here, and nowhere guessed:
// started when sound begins, heard when it came to its end.

import { Deck, STEP_S } from "./deck.js";
import { el } from "./dom.js";
import { memory } from "./memory.js";
import { audioUrl, tellPlace } from "./wire.js";
import { worded } from "./words.js";

const ENDING_S = 3; // whoever leaves this late has heard it
const KEEP_EVERY_MS = 2_000;
const TELL_EVERY_MS = 30_000; // the program, so that another device goes on from here

/**
 * A chapter is { document, number, title, album, position, filename, state, ready, failed, isLast,
 * resumes: { seconds, until } – the place where it was stopped in, or null where it was not }.
 * `on`: { find(document, number) → chapter or null, started, heard, unheard, next, wanted (each
 * takes a chapter), changed({ current, pending, isPlaying }), say(text) }.
 */
export class Player {
  constructor(root, on) {
    this.on = on;
    this.audio = root.appendChild(el("audio", { preload: "auto" }));
    this.current = null; // what is loaded
    this.pending = null; // what is waited for: { document, number, hadFailed }
    this.hasBegun = false;
    this.hasEnded = false;
    this.keptAt = 0;
    this.toldAt = -Infinity;
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel("listendock") : null;
    this.deck = new Deck(root, {
      toggle: () => this.toggle(),
      step: (seconds) => this.step(seconds),
      seek: (seconds) => (this.audio.currentTime = seconds),
      speed: (speed) => this.#setSpeed(speed),
      heard: () => this.#toggleHeard(),
      next: () => this.#leave(this.audio.ended || this.audio.duration - this.audio.currentTime <= ENDING_S),
    });
    this.#listen();
    this.#setSpeed(memory.speed());
  }

  get isPlaying() {
    return !this.audio.paused && !this.audio.ended;
  }

  get isBusy() {
    return this.isPlaying || Boolean(this.pending);
  }

  /** Play a chapter; one that is not ready yet as soon as it is. The one that plays: pause it. */
  play(document, number) {
    if (this.#isCurrent(document, number) && !this.pending && this.isPlaying) this.audio.pause();
    else this.goOn(document, number);
  }

  /** The same, but what plays already goes on playing. */
  goOn(document, number) {
    const chapter = this.on.find(document, number);
    if (this.#isCurrent(document, number) && !this.pending) this.#sound();
    else if (chapter?.ready) this.#begin(chapter);
    else this.#await(document, number, { ask: true });
  }

  toggle() {
    if (this.pending || !this.current) return;
    if (this.audio.paused) this.#sound();
    else this.audio.pause();
  }

  step(seconds) {
    if (!this.current || !Number.isFinite(this.audio.duration)) return;
    this.audio.currentTime = Math.max(0, Math.min(this.audio.duration, this.audio.currentTime + seconds));
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

  /** A chapter is ready that was asked for, here or in another tab. */
  onNote(note) {
    const isMine = this.pending && this.pending.document === note.document && this.pending.number === note.number;
    if (isMine) this.#begin(this.on.find(note.document, note.number) ?? note);
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

  // --- from chapter to chapter --------------------------------------------------------------------

  #isCurrent(document, number) {
    return this.current?.document === document && this.current.number === number;
  }

  #begin(chapter) {
    if (this.#isCurrent(chapter.document, chapter.number)) this.pending = null;
    else this.#load(chapter);
    this.#sound();
    this.on.say(worded("Playing {position}: {title}", chapter));
    this.#changed();
  }

  #load(chapter) {
    this.#keepPlace({ now: true });
    this.toldAt = -Infinity; // that it goes on here now
    this.pending = null;
    this.current = chapter;
    this.hasBegun = false;
    this.hasEnded = false;
    this.audio.src = audioUrl(chapter);
    const place = placeIn(chapter);
    const goThere = () => (this.audio.currentTime = place < this.audio.duration - ENDING_S ? place : 0);
    this.audio.onloadedmetadata = place ? goThere : null; // and none that another chapter left
    memory.keepLast(chapter);
    this.#tellSystem(chapter);
    this.#changed();
  }

  async #sound() {
    try {
      await this.audio.play();
    } catch (error) {
      if (error.name === "NotAllowedError") this.on.say(worded("Ready. Press Play."));
    }
  }

  #await(document, number, { ask }) {
    this.audio.pause();
    this.pending = { document, number, hadFailed: Boolean(this.on.find(document, number)?.failed) };
    if (ask) this.on.wanted(this.pending);
    this.on.say(worded("Getting it ready …"));
    this.#changed();
  }

  #giveUp(chapter) {
    this.pending = null;
    this.on.say(worded("{title}: could not be spoken.", chapter));
    this.#changed();
  }

  /** To the chapter after this one. Left before its end, this one is not heard but stays started. */
  #leave(isAtEnd) {
    const chapter = this.current;
    if (!chapter) return;
    if (isAtEnd) {
      this.hasEnded = true;
      memory.keepPlace(chapter, 0);
      this.on.next(chapter); // heard, and the one after it is wanted
    }
    const onward = this.on.find(chapter.document, chapter.number + 1);
    if (chapter.isLast) this.#changed();
    else if (onward?.ready) this.#begin(onward);
    else this.#await(chapter.document, chapter.number + 1, { ask: !isAtEnd });
  }

  #toggleHeard() {
    if (!this.current) return;
    if (this.#state() === "heard") this.on.unheard(this.current);
    else this.on.heard(this.current);
  }

  #state() {
    return this.on.find(this.current.document, this.current.number)?.state ?? "";
  }

  #keepPlace({ now = false } = {}) {
    if (!this.current || !this.hasBegun || this.audio.ended || this.hasEnded) return;
    if (!now && performance.now() - this.keptAt < KEEP_EVERY_MS) return;
    this.keptAt = performance.now();
    memory.keepPlace(this.current, this.audio.currentTime);
    if (!now && performance.now() - this.toldAt < TELL_EVERY_MS) return;
    this.toldAt = performance.now();
    this.#tell(this.current, this.audio.currentTime);
  }

  async #tell(chapter, seconds) {
    memory.keepTold(chapter, seconds); // at once: the page may be on its way out
    if (!(await tellPlace(chapter, seconds))) memory.takeBackTold(chapter, seconds);
  }

  #setSpeed(speed) {
    this.audio.defaultPlaybackRate = speed;
    this.audio.playbackRate = speed;
    this.deck.showSpeed(speed);
    memory.keepSpeed(speed);
  }

  // --- what the browser says ------------------------------------------------------------------------

  #listen() {
    const { audio } = this;
    audio.addEventListener("playing", () => this.#onSound());
    audio.addEventListener("ended", () => this.#leave(true));
    audio.addEventListener("pause", () => {
      this.#keepPlace({ now: true });
      this.#changed();
    });
    audio.addEventListener("timeupdate", () => this.#keepPlace());
    for (const name of ["timeupdate", "loadedmetadata", "durationchange", "seeking", "emptied"]) {
      audio.addEventListener(name, () => this.#showTime());
    }
    audio.addEventListener("error", () => this.current && this.on.say(worded("This chapter could not be loaded.")));
    addEventListener("pagehide", () => this.#keepPlace({ now: true }));
    this.channel?.addEventListener("message", () => audio.pause()); // another tab plays now
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  #onSound() {
    this.channel?.postMessage("playing");
    this.hasEnded = false;
    if (!this.hasBegun && this.current) {
      this.hasBegun = true;
      if (this.#state() === "new") this.on.started(this.current);
    }
    this.#changed();
  }

  #onKey(event) {
    const isElsewhere = event.target.closest?.("button, input, select, a, textarea");
    if (isElsewhere || event.ctrlKey || event.metaKey || event.altKey || !this.current) return;
    const does = { " ": () => this.toggle(), ArrowLeft: () => this.step(-STEP_S), ArrowRight: () => this.step(STEP_S) };
    if (!does[event.key]) return;
    event.preventDefault();
    does[event.key]();
  }

  /** The keys of a headset, a locked phone's screen. */
  #tellSystem(chapter) {
    if (!("mediaSession" in navigator)) return;
    navigator.mediaSession.metadata = new MediaMetadata({ title: chapter.title, artist: chapter.album });
    const does = {
      play: () => this.#sound(),
      pause: () => this.audio.pause(),
      seekbackward: () => this.step(-STEP_S),
      seekforward: () => this.step(STEP_S),
      nexttrack: chapter.isLast ? null : () => this.#leave(false),
    };
    for (const [name, handler] of Object.entries(does)) navigator.mediaSession.setActionHandler(name, handler);
  }

  // --- what is to be seen -----------------------------------------------------------------------------

  #changed() {
    this.#show();
    this.on.changed({ current: this.current, pending: this.pending, isPlaying: this.isPlaying });
  }

  #show() {
    const isPending = Boolean(this.pending);
    this.deck.show({
      chapter: isPending ? this.#awaited() : this.current,
      isPending,
      isPlaying: this.isPlaying && !isPending,
      isHeard: !isPending && this.current !== null && this.#state() === "heard",
    });
    this.#showTime();
  }

  #awaited() {
    const { document, number } = this.pending;
    return this.on.find(document, number) ?? { document, number, title: worded("Chapter {number}", { number }) };
  }

  #showTime() {
    const { currentTime, duration } = this.audio;
    const isKnown = Number.isFinite(duration) && !this.pending;
    this.deck.showTime(isKnown ? currentTime : 0, isKnown ? duration : 0);
  }
}

/** What this browser knows to the second, unless it was left elsewhere on another device: then the
 * place is none that was told from here. */
function placeIn(chapter) {
  const here = memory.placeIn(chapter);
  const { resumes } = chapter;
  if (!resumes) return here;
  const isOurs = [here, ...memory.toldIn(chapter)].some((told) => resumes.seconds <= told && told < resumes.until);
  return isOurs ? here : resumes.seconds;
}
