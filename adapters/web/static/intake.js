// How things come in: files that are dropped or chosen, one after the other, and what is written.

import { el, icon, setText } from "./dom.js";
import { refusal, upload } from "./wire.js";
import { worded } from "./words.js";

/** `on`: { say(text) for announcements, write(text), sending(isOn) } */
export class Intake {
  constructor({ choose, files, composer, line, uploads }, on) {
    this.on = on;
    this.uploads = uploads;
    this.sent = null; // the row of a file that is all sent and not yet answered
    this.queue = Promise.resolve();
    choose.addEventListener("click", () => files.click());
    files.addEventListener("change", () => {
      this.take([...files.files]);
      files.value = "";
    });
    composer.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = line.value.trim();
      if (text) this.on.write(text);
      line.value = "";
    });
    this.#listenForDrops();
  }

  /** Show each at once; send them in turn. */
  take(files) {
    for (const file of files) {
      const row = new UploadRow(file);
      this.uploads.append(row.node);
      this.queue = this.queue.then(() => this.#send(file, row));
    }
  }

  /** Its card is there: the row that announced it has had its time. */
  arrived() {
    this.sent?.node.remove();
    this.sent = null;
  }

  async #send(file, row) {
    if (row.isStopped) return;
    this.on.sending(true);
    try {
      const answer = (await refusal(file.size)) || (await this.#sent(file, row));
      if (answer) {
        row.fail(answer);
        this.on.say(answer);
      } else {
        row.node.remove();
      }
    } catch (error) {
      if (error.name === "AbortError") row.node.remove();
      else row.fail(worded("“{name}” could not be sent. Please try it again.", { name: file.name }));
    } finally {
      this.sent = null;
      this.on.sending(false);
    }
  }

  #sent(file, row) {
    const call = upload(file, (share) => {
      row.show(share);
      this.sent = share < 1 ? null : row;
    });
    row.stop = call.stop;
    return call.sent;
  }

  #listenForDrops() {
    let depth = 0;
    const isFiles = (event) => event.dataTransfer?.types.includes("Files");
    const veil = (isOn) => document.body.classList.toggle("dropping", isOn);
    addEventListener("dragenter", (event) => {
      if (isFiles(event)) veil(++depth > 0);
    });
    addEventListener("dragleave", (event) => {
      if (isFiles(event)) veil(--depth > 0);
    });
    addEventListener("dragover", (event) => {
      if (isFiles(event)) event.preventDefault();
    });
    addEventListener("drop", (event) => {
      if (!isFiles(event)) return;
      event.preventDefault();
      depth = 0;
      veil(false);
      this.take([...event.dataTransfer.files]);
    });
  }
}

/** A file on its way; or why it was not taken. */
class UploadRow {
  constructor(file) {
    this.isStopped = false;
    this.bar = el("progress", { max: 1, "aria-label": worded("Sending {name}", { name: file.name }) });
    this.status = el("p", { class: "status" }, worded("Sending …"));
    this.button = el("button", { type: "button", onclick: () => this.#end() }, worded("✕ Cancel"));
    this.work = el("div", { class: "work" }, this.bar, this.status);
    const head = el("div", { class: "words" }, el("h2", {}, file.name));
    this.node = el(
      "article",
      { class: "card upload", "aria-label": file.name },
      el("div", { class: "head" }, icon("file", "cover"), head),
      this.work,
      el("div", { class: "actions" }, this.button),
    );
  }

  show(share) {
    this.bar.value = share;
    const percent = Math.floor(100 * share);
    setText(this.status, share < 1 ? worded("Sending … {percent} %", { percent }) : worded("Sent"));
  }

  fail(answer) {
    this.bar.hidden = true;
    this.node.classList.add("failed");
    setText(this.status, answer);
    setText(this.button, worded("Close"));
    this.stop = () => this.node.remove();
  }

  #end() {
    this.isStopped = true;
    if (this.stop) this.stop();
    else this.node.remove(); // not its turn yet
  }
}
