// Files in: dropped anywhere on the page, or chosen; one after the other, each with its bar.
import { element } from "./dom.js";

const list = document.getElementById("uploads");

export function uploadAll(zone, input) {
  input.addEventListener("change", () => {
    send([...input.files]);
    input.value = "";
  });
  let depth = 0;
  const over = (change) => (event) => {
    event.preventDefault();
    depth = Math.max(0, depth + change);
    zone.classList.toggle("is-over", depth > 0);
  };
  addEventListener("dragenter", over(1));
  addEventListener("dragleave", over(-1));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    zone.classList.remove("is-over");
    send([...event.dataTransfer.files]);
  });
}

async function send(files) {
  for (const file of files) await sendOne(file);
}

function sendOne(file) {
  const bar = element("progress", { max: 1, value: 0, "aria-label": file.name });
  const row = element("li", {}, element("span", { text: file.name }), bar);
  list.append(row);
  return new Promise((done) => {
    const request = new XMLHttpRequest(); // fetch cannot tell how far an upload is
    request.open("POST", "/api/documents");
    request.setRequestHeader("Content-Type", "application/pdf");
    request.setRequestHeader("X-Filename", encodeURIComponent(file.name));
    request.upload.onprogress = (event) => event.lengthComputable && (bar.value = event.loaded / event.total);
    request.onloadend = () => {
      if (request.status === 202) row.remove();
      else refuse(row, file, request);
      done();
    };
    request.send(file);
  });
}

function refuse(row, file, request) {
  let text = `“${file.name}” did not arrive. Please send it again.`;
  try {
    text = JSON.parse(request.responseText).text ?? text;
  } catch {
    // no answer of ours: the connection broke
  }
  row.className = "is-refused";
  row.replaceChildren(element("span", { text }));
  setTimeout(() => row.remove(), 20000);
}
