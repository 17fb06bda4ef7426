/* Parts of a page that look again by themselves: every so many seconds (data-live), not while nobody sees them, and
   without taking focus, scroll, open menus or what is being typed away. */
"use strict";

const EVERY_MS = 1000;
const openedAt = Date.now();
const looked = new WeakMap();

function look(region) {
  looked.set(region, Date.now());
  htmx.trigger(region, "live");
}

function isTime(region) {
  const every = Number(region.dataset.live) * 1000;
  const isAnswering = region.querySelector("[data-pending]");
  return every && !isAnswering && Date.now() - (looked.get(region) ?? openedAt) >= every;
}

/* A hidden page has nothing to show; one that is shown again is behind. */
function watchRegions() {
  const regions = () => [...document.querySelectorAll("[data-live]")];
  setInterval(() => document.hidden || regions().filter(isTime).forEach(look), EVERY_MS);
  document.addEventListener("visibilitychange", () => document.hidden || regions().forEach(look));
}

const isLook = (event) => event.detail.requestConfig?.triggeringEvent?.type === "live";

/* What nobody asked for says nothing when it fails, and leads nobody away from what they are writing. */
function watchLooks() {
  for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(failure, (event) => isLook(event) && event.stopPropagation(), { capture: true });
  }
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!isLook(event) || !event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    event.preventDefault();
    toast(document.body.dataset.signedOut);
  });
}

/* The new page is written into the old one. What a person has opened or filled in is theirs. */
function keepWhatIsTheirs() {
  const isDirty = (field) => field.matches?.("input, textarea") && field.type !== "hidden" && field.value !== field.defaultValue;
  Object.assign(Idiomorph.defaults.callbacks, {
    beforeNodeMorphed: (node) => !isDirty(node),
    beforeAttributeUpdated: (name, node) => !(name === "open" && node.matches("details")),
  });
}

/* A menu whose choice was taken is done with, and so is what was filled in there. */
function closeWhatIsDone() {
  document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
    const menu = target.closest?.("details.menu");
    if (!menu || !detail.successful) return;
    menu.querySelectorAll("form").forEach((form) => form.reset());
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  });
}

watchRegions();
watchLooks();
keepWhatIsTheirs();
closeWhatIsDone();
