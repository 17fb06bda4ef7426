/* Keys and menus. Elements say themselves which key presses them: `data-key`. */

/* What `data-key` names is pressed: "n", "g t" one after the other, "Mod+k" with Ctrl or Cmd. In a row it is that row's. */
let begun = "";

function isHere(goal) {
  const row = goal.closest(".row");
  return !row || row === document.activeElement.closest(".row");
}

function meant(event) {
  const at = (keys) => [...document.querySelectorAll(`[data-key="${CSS.escape(keys)}"]`)].find(isHere);
  const mod = event.ctrlKey || event.metaKey;
  if (mod || event.altKey) return mod && !event.altKey ? at(`Mod+${event.key.toLowerCase()}`) : null;
  const goal = at(begun + event.key) ?? at(event.key);
  const begins = !goal && document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`);
  begun = begins ? `${event.key} ` : "";
  return goal;
}

function watchKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      closeMenus();
      emptyLine(event.target);
    }
    const typing = event.target.closest("input, select, textarea, [contenteditable], dialog");
    if (typing && !event.ctrlKey && !event.metaKey) return;
    const goal = meant(event);
    if (!goal || goal.closest("dialog:not([open])")) return;
    event.preventDefault();
    if (goal.matches("a, button, summary")) goal.click();
    else goal.focus();
    goal.closest("details.menu[open]")?.querySelector("li :is(a, button)").focus();
  });
}

/* What was heard of the line of quick-add follows the event by itself. */
function emptyLine(field) {
  if (!field.matches(".quick [name=text]") || !field.value) return;
  field.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function closeMenus(besides) {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (menu === besides) return;
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  });
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
watchKeys();
