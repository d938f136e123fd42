// To the program and back: server-sent events for what changes, small requests for what one does.

const KINDS = ["state", "card", "message", "gone", "note"];
const HIDDEN_MS = 20_000;
const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 8_000;

let unsent = [];

/**
 * Call `on.state`, `on.card` … with what comes, and `on.connected(true | false)`.
 * A browser grants few connections to one server: a tab that nobody sees and that plays nothing
 * (`on.isBusy()`) gives its own back, and gets the whole state when it is looked at again.
 */
export function connect(on) {
  let source = null;
  let pause = FIRST_PAUSE_MS;

  function open() {
    if (source) return;
    source = new EventSource("/api/events");
    source.onopen = () => {
      pause = FIRST_PAUSE_MS;
      on.connected(true);
      sendAgain();
    };
    source.onerror = () => {
      on.connected(false);
      if (source?.readyState !== EventSource.CLOSED) return; // it tries again by itself
      source = null;
      leaveIfShutOut();
      setTimeout(open, pause);
      pause = Math.min(2 * pause, LAST_PAUSE_MS);
    };
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => on[kind](JSON.parse(event.data)));
    }
  }

  function close() {
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) open();
    else setTimeout(() => document.hidden && !on.isBusy() && close(), HIDDEN_MS);
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && open());
  open();
}

/** The key was changed, or there is nothing of ours left: then the page says what it is. */
async function leaveIfShutOut() {
  const answer = await fetch("/api/refusal?size=0").catch(() => null);
  if (answer?.status === 403) location.reload();
}

/** A button of a message. `insist`: what cannot be sent now is sent when there is a connection. */
export async function tap(data, message = "", insist = false) {
  try {
    await post("/api/tap", { data, message });
  } catch (error) {
    if (insist) unsent.push(data);
    else throw error;
  }
}

async function sendAgain() {
  const waiting = unsent;
  unsent = [];
  for (const data of waiting) await tap(data, "", true);
}

/** How far a player has come; true if it was heard. Not worth a second try: the next one tells more. */
export const tellPlace = ({ document, number }, seconds) =>
  fetch("/api/place", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ document, number, seconds }),
    keepalive: true, // the page may be on its way out
  }).then((answer) => answer.ok).catch(() => false);

export const say = (text) => post("/api/say", { text });

export const dismiss = (id) => request(`/api/messages/${encodeURIComponent(id)}`, { method: "DELETE" });

const post = (path, body) =>
  request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

async function request(path, options) {
  const answer = await fetch(path, options);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
}

/** The sentence that refuses a file of this size; empty if it may be sent. */
export async function refusal(size) {
  const answer = await fetch(`/api/refusal?size=${size}`);
  return answer.ok ? (await answer.json()).text : "";
}

/** Send a file. `sent` resolves to the sentence of a refusal, or to "" when all is well. */
export function upload(file, onShare) {
  const call = new XMLHttpRequest();
  const sent = new Promise((resolve, reject) => {
    call.upload.onprogress = (event) => event.lengthComputable && onShare(event.loaded / event.total);
    call.onload = () => (call.status < 300 ? resolve("") : resolve(sentence(call) || refused(file)));
    call.onerror = () => resolve(refused(file));
    call.onabort = () => reject(new DOMException("stopped", "AbortError"));
  });
  call.open("POST", "/api/documents");
  call.setRequestHeader("X-Filename", encodeURIComponent(file.name));
  call.setRequestHeader("Content-Type", "application/octet-stream");
  call.send(file);
  return { sent, stop: () => call.abort() };
}

const refused = (file) => `“${file.name}” could not be sent. Please try it again.`;

function sentence(call) {
  try {
    return JSON.parse(call.responseText).text;
  } catch {
    return "";
  }
}

export const audioUrl = ({ document, number, filename }) =>
  `/audio/${document}/${number}/${encodeURIComponent(filename || "chapter.mp3")}`;

export const coverUrl = (document) => `/covers/${document}`;
