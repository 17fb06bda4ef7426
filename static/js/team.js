/* Choosing rows of a team's list: `x` for the row that has the focus, Shift for all between, and all of the page. */
"use strict";
{
  const boxes = () => [...document.querySelectorAll("#choose [name=reminder]")];
  let last = null;

  function toldOf(form) {
    const all = boxes();
    const chosen = all.filter((box) => box.checked).length;
    const page = form.querySelector("[data-choose-page]");
    page.checked = chosen > 0 && chosen === all.length;
    page.indeterminate = chosen > 0 && chosen < all.length;
    form.querySelector("[data-chosen]").textContent = chosen || "";
  }

  document.addEventListener("click", ({ target, shiftKey }) => {
    if (!target.matches("#choose [name=reminder]")) return;
    const all = boxes();
    const [from, to] = [all.indexOf(last), all.indexOf(target)].sort((a, b) => a - b);
    if (shiftKey && from >= 0) all.slice(from, to + 1).forEach((box) => (box.checked = target.checked));
    last = target;
    toldOf(target.form);
  });

  document.addEventListener("change", ({ target }) => {
    if (!target.matches("[data-choose-page]")) return;
    boxes().forEach((box) => (box.checked = target.checked));
    toldOf(target.form);
  });

  document.addEventListener("reset", ({ target }) => {
    if (target.id === "choose") setTimeout(() => toldOf(target));
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const form = document.getElementById("choose");
    if (event.key === "Escape" && form && !form.querySelector("details[open]")) form.reset();
    // htmx would send what the form's first button, which is for nothing, leaves to it.
    if (event.key === "Enter" && event.target.matches("#choose input")) event.preventDefault();
    if (event.key !== "x" || event.target.matches("input:not([type=checkbox]), select, textarea")) return;
    const box = event.target.closest(".row")?.querySelector("[name=reminder]");
    if (!box) return;
    event.preventDefault();
    box.click();
  }, true); // before an open menu hears of Escape

  /* What is not filtered by need not stand in the address. */
  document.addEventListener("htmx:configRequest", ({ target, detail }) => {
    if (!target.matches("form.search")) return;
    for (const [name, value] of [...detail.parameters]) if (!value) detail.parameters.delete(name);
  });
}
