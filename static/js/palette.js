/* The palette, a combobox over a list that the server writes; and the list of keys. */
const palette = document.getElementById("palette");
const field = document.getElementById("palette-q");
const found = document.getElementById("palette-found");
const MAC = /Mac|iP(hone|ad)/.test(navigator.platform);
let stale = false; // the list is of words that were changed since
let waiting = false; // Enter was pressed meanwhile

const options = () => [...found.querySelectorAll('[role="option"]')];
const chosen = () => found.querySelector('[aria-selected="true"]');

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
}

function move(by) {
  const all = options();
  if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
}

function press(event) {
  const option = chosen();
  waiting = stale;
  if (!stale && !option) return; // the form leads to the page of its own
  event.preventDefault();
  if (!stale) option.click();
}

const KEYS = { ArrowDown: () => move(1), ArrowUp: () => move(-1) };

field.addEventListener("input", () => (stale = true));
field.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter") return press(event);
  if (!KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});
found.addEventListener("htmx:afterSettle", () => {
  stale = false;
  choose(options()[0]);
  if (waiting) chosen()?.click();
  waiting = false;
});
field.addEventListener("htmx:sendError", () => (stale = waiting = false));
// An act is sent from where one is; its answer is a message there.
palette.addEventListener("htmx:afterRequest", ({ detail }) => detail.requestConfig.verb === "post" && palette.close());

function openPalette() {
  if (palette.open) return palette.close();
  document.querySelector("dialog[open]")?.close();
  document.getElementById("navigation").hidePopover?.();
  palette.showModal();
  field.select();
  htmx.trigger(field, "palette:open");
}

/* --- Keys ------------------------------------------------------------------------------------------------------------- */

function named(goal) {
  const label = goal.labels?.[0] ?? goal;
  return goal.dataset.keyLabel || goal.getAttribute("aria-label") || label.textContent.replace(/\s+/g, " ").trim();
}

function caps(keys) {
  return keys.replace("Mod+", MAC ? "⌘ " : "Ctrl ").split(" ").map((key) => {
    const cap = document.createElement("kbd");
    cap.textContent = key.length === 1 && keys.startsWith("Mod+") ? key.toUpperCase() : key;
    return cap;
  });
}

function openShortcuts() {
  const dialog = document.getElementById("shortcuts");
  const goals = new Map([...document.querySelectorAll("[data-key]")].reverse().map((goal) => [goal.dataset.key, goal]));
  const lines = [...goals].reverse().map(([keys, goal]) => {
    const line = document.createElement("div");
    const [name, pressed] = [document.createElement("dt"), document.createElement("dd")];
    const word = goal.cloneNode(true);
    word.querySelectorAll?.("kbd, .num").forEach((part) => part.remove());
    name.textContent = goal.labels?.length ? named(goal) : named(word);
    pressed.append(...caps(keys));
    line.append(name, pressed);
    return line;
  });
  dialog.querySelector("dl").replaceChildren(...lines);
  dialog.showModal();
}

const OPENS = { palette: openPalette, shortcuts: openShortcuts };

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close-dialog]")) return event.target.closest("dialog").close();
  if (event.target.matches("dialog[open]")) return event.target.close(); // beside it
  const opener = event.target.closest("[data-opens]");
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  OPENS[opener.dataset.opens]();
});

for (const cap of document.querySelectorAll("kbd[data-mod]")) cap.textContent = `${MAC ? "⌘" : "Ctrl"} ${cap.textContent}`;
