// What is left out of a document, by kind, folded below its chapters: all that has words can be heard.

import { ChapterRow, playbackOf } from "./chapters.js";
import { el, icon, keyed, setAttribute, setText } from "./dom.js";
import { memory } from "./memory.js";
import { worded } from "./words.js";

export class LeftOut {
  /** `changed` is called when it was folded or unfolded; `act` as of `ChapterRow`. */
  constructor(document, act, changed) {
    this.document = document;
    this.act = act;
    const id = `left-out-${document.slice(0, 16)}`;
    const fold = () => {
      memory.keepLeftOut(document, !memory.showsLeftOut(document));
      changed();
    };
    this.button = el(
      "button",
      { type: "button", class: "quiet fold", "aria-controls": id, onclick: fold },
      worded("Left out"),
      icon("down"),
    );
    this.kinds = el("ul", { class: "kinds", id });
    this.node = el("div", { class: "left-out" }, this.button, this.kinds);
  }

  update(view, playback) {
    const isOpen = memory.showsLeftOut(this.document);
    this.node.hidden = !view.left_out.length;
    this.kinds.hidden = !isOpen;
    setAttribute(this.button, "aria-expanded", String(isOpen));
    keyed(
      this.kinds,
      isOpen ? view.left_out : [],
      (kind) => kind.title,
      () => new Kind(this.document, this.act).node,
      (node, kind) => node.kind.update(kind, view.written_in, playback),
    );
  }
}

class Kind {
  constructor(document, act) {
    this.document = document;
    this.act = act;
    this.title = el("strong");
    this.text = el("span");
    this.extras = el("ul", { class: "pieces" });
    this.told = el("p", {}, this.title, " – ", this.text);
    this.node = el("li", {}, this.told, this.extras);
    this.node.kind = this;
  }

  /** What is one piece stands in one line, with what is told of its kind. */
  update(kind, language, playback) {
    const isOne = kind.extras.length === 1;
    const lines = isOne ? [{ ...kind.extras[0], title: kind.title, takeaway: kind.text }] : kind.extras;
    setText(this.title, kind.title);
    setText(this.text, kind.text);
    this.told.hidden = isOne;
    this.extras.hidden = !lines.length;
    setAttribute(this.extras, "lang", (!isOne && language) || null);
    keyed(
      this.extras,
      lines,
      (line) => line.number,
      (line) => new ChapterRow(this.document, line.number, this.act, { isExtra: true }).node,
      (node, line) => node.row.update(line, playbackOf(playback, this.document, line)),
    );
  }
}
