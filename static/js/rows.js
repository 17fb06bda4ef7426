/* Rows that are answered with one key or one click: they look as they will at once, and as before if that fails. */
"use strict";

/* The keys j and k press these buttons: the title of the next row takes the focus, and other keys act on that row. */
document.addEventListener("click", ({ target }) => {
  const step = Number(target.closest("[data-step]")?.dataset.step);
  if (!step) return;
  const rows = [...document.querySelectorAll(".row:has(h3 a)")];
  const at = rows.indexOf(document.activeElement.closest(".row"));
  const row = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
  row?.querySelector("h3 a").focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
});

/* A form says by data-becomes how its row will look. */
document.addEventListener("htmx:beforeRequest", ({ target }) => {
  const row = target.closest("[data-becomes]")?.closest(".row");
  if (!row) return;
  row.dataset.pending = row.dataset.state ?? "";
  row.dataset.state = target.closest("[data-becomes]").dataset.becomes;
});

document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  const row = target.closest?.(".row[data-pending]");
  if (!row || detail.successful) return;
  row.dataset.state = row.dataset.pending;
  delete row.dataset.pending;
});
