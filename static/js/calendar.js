/* Arrow keys walk over the days of the month, PageUp and PageDown over months; Enter follows the day's link. Only the
   links of one day are stops of the Tab key, so that a month is not a hundred of them. */
"use strict";

(() => {
  const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  const rtl = document.documentElement.dir === "rtl";
  let awaited = ""; // the day to stand on when its month has come

  const month = () => document.querySelector("#calendar .month");
  const linkOf = (name) => month()?.querySelector(`[data-day="${name}"]`);
  const nameOf = (day) => day.toISOString().slice(0, 10);

  /* UTC, in which every day has 24 hours. */
  const dateOf = (name) => new Date(`${name}T00:00:00Z`);

  function stand(link, { focus = true } = {}) {
    for (const each of month().querySelectorAll("td a")) each.tabIndex = -1;
    for (const each of link.closest("td").querySelectorAll("a")) each.tabIndex = 0;
    if (focus) link.focus();
  }

  function begin() {
    if (!month()) return;
    month().setAttribute("role", "grid");
    const first = linkOf(awaited) ?? month().querySelector("[data-looked-at] [data-day]") ?? month().querySelector("[data-day]");
    stand(first, { focus: first === linkOf(awaited) });
    awaited = "";
  }

  function target(link, key) {
    const day = dateOf(link.dataset.day);
    if (key in STEPS) day.setUTCDate(day.getUTCDate() + STEPS[key] * (rtl && Math.abs(STEPS[key]) === 1 ? -1 : 1));
    else if (key === "Home" || key === "End") {
      const days = [...link.closest("tr").querySelectorAll("[data-day]")];
      return days.at(key === "Home" ? 0 : -1).dataset.day;
    } else if (key === "PageUp" || key === "PageDown") {
      const wanted = day.getUTCDate();
      day.setUTCDate(1);
      day.setUTCMonth(day.getUTCMonth() + (key === "PageUp" ? -1 : 1));
      const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
      day.setUTCDate(Math.min(wanted, last)); // from the 31st to the last of a shorter month
    } else return "";
    return nameOf(day);
  }

  /* The day may be of another month: then the link to that one is followed first. */
  function go(name, key) {
    const link = linkOf(name);
    const paging = key.startsWith("Page");
    if (link && !paging) return stand(link);
    const shown = document.getElementById("calendar").dataset.month;
    if (name.startsWith(shown)) return link && stand(link);
    const way = document.getElementById(name < shown ? "calendar-previous" : "calendar-next");
    if (!way) return;
    awaited = name;
    way.click();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === "Escape" && event.target.closest?.("#day")) return linkOf(month()?.querySelector("[data-looked-at] [data-day]")?.dataset.day)?.focus();
    const cell = event.target.closest?.(".month td");
    const link = cell?.querySelector("[data-day]");
    const name = link && target(link, event.key);
    if (!name) return;
    event.preventDefault();
    go(name, event.key);
  });

  document.addEventListener("focusin", ({ target }) => {
    const link = target.closest?.(".month td")?.querySelector("[data-day]");
    if (link && link.tabIndex) stand(link, { focus: false });
  });

  document.addEventListener("htmx:afterSettle", begin);
  document.addEventListener("htmx:historyRestore", begin);
  begin();
})();
