// Elements from values. Text goes in as text, whatever a PDF says.
export function element(tag, { text, on, data, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  if (text !== undefined) node.textContent = text;
  for (const [type, handler] of Object.entries(on ?? {})) node.addEventListener(type, handler);
  for (const [name, value] of Object.entries(data ?? {})) node.dataset[name] = value;
  node.append(...children.filter(Boolean));
  return node;
}

export const clock = (seconds) => {
  const whole = Math.max(0, Math.round(seconds || 0));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
};

export function barElement(share) {
  const bar = element("div", { class: share ? "bar" : "bar is-waiting", "aria-hidden": true });
  bar.append(element("i"));
  bar.style.setProperty("--share", share || 0);
  return bar;
}
