// What this browser remembers by itself: where playback stood, and how the page is laid out.

const PREFIX = "listendock.";

function read(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // private windows and full stores: the page works without
  }
}

const keyOf = (kind, chapter) => `${kind}.${chapter.document.slice(0, 16)}.${chapter.number}`;
const PER_CHAPTER = ["at", "told"];
const TOLD = 3;

export const memory = {
  /** Seconds into a chapter; 0 if it was never left in the middle. */
  placeIn: (chapter) => read(keyOf("at", chapter), 0),
  keepPlace: (chapter, seconds) => write(keyOf("at", chapter), seconds > 1 ? Math.round(seconds * 10) / 10 : null),

  /** The seconds that the program was told last from here: which of them it knows yet is not known. */
  toldIn: (chapter) => read(keyOf("told", chapter), []),
  keepTold: (chapter, seconds) => write(keyOf("told", chapter), [...memory.toldIn(chapter), seconds].slice(-TOLD)),
  takeBackTold: (chapter, seconds) => write(keyOf("told", chapter), memory.toldIn(chapter).filter((told) => told !== seconds)),

  /** { document, number } of what was played last. */
  last: () => read("last", null),
  keepLast: ({ document, number }) => write("last", { document, number }),

  speed: () => read("speed", 1),
  keepSpeed: (speed) => write("speed", speed),

  showsTakeaways: () => read("takeaways", true),
  keepTakeaways: (shown) => write("takeaways", shown),

  /** Whether a card's chapters are shown: true, false, or null where nobody said. */
  isOpen: (document) => read(`open.${document.slice(0, 16)}`, null),
  keepOpen: (document, open) => write(`open.${document.slice(0, 16)}`, open),

  showsLeftOut: (document) => read(`open.${document.slice(0, 16)}.left-out`, false),
  keepLeftOut: (document, shown) => write(`open.${document.slice(0, 16)}.left-out`, shown),

  /** A document is gone: nothing of it stays. */
  forget(document) {
    const parts = [...PER_CHAPTER.map((kind) => `${kind}.${document.slice(0, 16)}.`), `open.${document.slice(0, 16)}`];
    try {
      for (const key of Object.keys(localStorage)) {
        if (parts.some((part) => key.startsWith(PREFIX + part))) localStorage.removeItem(key);
      }
    } catch {
      // as above
    }
  },
};
