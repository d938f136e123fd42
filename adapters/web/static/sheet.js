// Everything that is no card: a sentence, a question, the shelf with its bars.
import { barElement, element } from "./dom.js";

const sheet = document.getElementById("sheet");
const body = document.getElementById("sheet-body");

export function showSheet(id, view, tap) {
  sheet.dataset.id = id;
  body.replaceChildren(...(view.kind === "shelf" ? shelfLines(view, tap) : [noticeText(view)]));
  for (const row of view.buttons) body.append(buttonRow(row, tap));
  if (!sheet.open) sheet.showModal();
}

export function closeSheet(id) {
  if (sheet.dataset.id === id) sheet.close();
}

const noticeText = (view) => element("p", { text: view.text });

function shelfLines(view, tap) {
  const lines = view.lines.map((line) =>
    element(
      "div",
      { class: "line" },
      element("p", { class: "title", text: line.title }),
      element("p", { class: "text", text: `${line.percent} % · ${line.text}` }),
      progressBar(line.percent),
      buttonRow(line.buttons, tap),
    ),
  );
  return [element("h2", { text: view.heading }), ...lines];
}

function progressBar(percent) {
  const bar = barElement(percent / 100);
  bar.classList.remove("is-waiting");
  return bar;
}

function buttonRow(buttons, tap) {
  const send = (action) => {
    sheet.close();
    document.dispatchEvent(new CustomEvent("sheet-action", { detail: action, cancelable: true })) && tap(action);
  };
  return element(
    "div",
    { class: "actions" },
    ...buttons.map((button) =>
      element("button", { type: "button", text: button.label, on: { click: () => send(button.action) } }),
    ),
  );
}
