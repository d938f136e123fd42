// The page's own words in the language of whoever looks at it: the server left them in the page.

const known = JSON.parse(document.getElementById("words")?.textContent || "{}");

/** `worded("Sending {name}", { name: "bees.pdf" })`; in English where there is no other. */
export function worded(sentence, facts = {}) {
  return (known[sentence] ?? sentence).replace(/\{(\w+)\}/g, (gap, name) => facts[name] ?? gap);
}
