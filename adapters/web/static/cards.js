// A document's card. It is built once and then brought up to date, so that focus and place stay.
import { barElement, element } from "./dom.js";

export function cardElement(id, view, context) {
  const card = element("article", { id, class: "card", "aria-labelledby": `${id}-title` });
  card.append(
    element("h2", { id: `${id}-title` }),
    element("p", { class: "summary" }),
    element("p", { class: "facts" }),
    element("div", { class: "work" }, element("p", { class: "status", role: "status" })),
    element("p", { class: "skipped" }),
    element("div", { class: "actions" }),
    element("ol", { class: "chapters", "aria-label": "Chapters" }),
  );
  updateCard(card, view, context);
  return card;
}

export function updateCard(card, view, context) {
  const put = (selector, text) => {
    const node = card.querySelector(selector);
    if (node.textContent !== text) node.textContent = text;
    node.hidden = !text;
  };
  put("h2", view.title);
  put(".summary", view.summary);
  put(".facts", view.facts);
  put(".status", view.status);
  put(".skipped", view.skipped);
  card.classList.toggle("has-failed", Boolean(view.status) && view.done === null);
  updateBar(card.querySelector(".work"), view.done);
  updateActions(card.querySelector(".actions"), view.buttons.flat(), context);
  updateChapters(card.querySelector(".chapters"), view, context);
}

function updateBar(work, done) {
  const bar = work.querySelector(".bar");
  if (done === null) return bar?.remove();
  if (!bar || bar.classList.contains("is-waiting") !== !done) {
    bar?.remove();
    work.append(barElement(done));
  } else bar.style.setProperty("--share", done);
}

function updateActions(row, buttons, context) {
  const key = JSON.stringify(buttons);
  if (row.dataset.key === key) return;
  const focused = row.contains(document.activeElement) && document.activeElement.dataset.action;
  row.dataset.key = key;
  row.replaceChildren(
    ...buttons.map((button, place) =>
      element("button", {
        type: "button",
        class: place === 0 && !button.label.startsWith("✕") ? "primary" : "",
        text: button.label,
        data: { action: button.action },
        on: { click: () => context.player.onButton(button.action) || context.tap(button.action) },
      }),
    ),
  );
  if (focused) (row.querySelector(`[data-action="${CSS.escape(focused)}"]`) ?? row.firstChild)?.focus();
}

function updateChapters(list, view, context) {
  while (list.children.length > view.chapters.length) list.lastChild.remove();
  view.chapters.forEach((line, place) => {
    const row = list.children[place] ?? list.appendChild(chapterElement());
    updateChapter(row, line, view, context);
  });
  list.hidden = view.chapters.length === 0;
}

function chapterElement() {
  const play = element(
    "button",
    { type: "button", class: "play" },
    element("span", { class: "name" }, element("span", { class: "number" }), element("span")),
    element("span", { class: "length" }),
    element("span", { class: "takeaway" }),
  );
  return element("li", { class: "chapter" }, element("button", { type: "button", class: "mark" }), play);
}

function updateChapter(row, line, view, { act, player }) {
  const place = player.stateOf(view.document, line.number);
  row.className = ["chapter", `is-${line.state}`, line.is_ready && "is-ready", place && `is-${place}`,
    line.has_failed && "has-failed"].filter(Boolean).join(" ");
  row.style.setProperty("--level", Math.min(line.level, 4));
  const [mark, play] = row.children;
  const [name, length, takeaway] = play.children;
  mark.textContent = line.has_failed ? "⚠" : line.mark;
  const isHeard = line.state === "heard";
  mark.setAttribute("aria-label", isHeard ? `${line.title}: heard. Mark as new` : `Mark as heard: ${line.title}`);
  mark.setAttribute("aria-pressed", String(isHeard));
  mark.title = isHeard ? "Mark as new" : "Mark as heard";
  mark.onclick = () => act(isHeard ? "unheard" : "heard", view.document, line.number);
  name.firstChild.textContent = line.number;
  name.lastChild.textContent = line.title;
  length.textContent = line.length;
  takeaway.textContent = line.takeaway;
  takeaway.hidden = !line.takeaway;
  play.onclick = () => player.wish(view.document, line.number);
  play.setAttribute("aria-current", place === "playing" ? "true" : "false");
}
