// The key of a page that others reach. A link carries it behind "#key=", where no server and no proxy
// sees it; it is shown once, leaves the address bar at once, and a cookie takes its place.

const MARK = "#key=";

/** The sentence that refuses the key; empty if the page is open now. */
async function show(key) {
  const answer = await fetch("/key", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ key }),
  });
  if (answer.ok) return "";
  const told = await answer.json().catch(() => ({}));
  return told.text || String(answer.status);
}

async function open(key) {
  const refusal = await show(key).catch(String);
  const line = document.getElementById("answer");
  if (!refusal) location.reload();
  else if (line) line.textContent = refusal;
}

function openByLink() {
  if (!location.hash.startsWith(MARK)) return;
  const key = location.hash.slice(MARK.length);
  history.replaceState(null, "", location.pathname);
  open(decodeURIComponent(key));
}

document.getElementById("key")?.addEventListener("submit", (event) => {
  event.preventDefault();
  open(new FormData(event.target).get("key").trim());
});
addEventListener("hashchange", openByLink);
openByLink();
