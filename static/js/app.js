/* What a page does beyond links and forms. Everything works without it; it only says more and asks less. */
"use strict";

const body = document.body;
const messages = document.getElementById("messages");
const TOAST_MS = 8000;
const UNDO_MS = 15000;
const AGAIN_MS = 5000;

/* --- Messages: the live region ---------------------------------------------------------------------------------- */

function toast(text, level = "error") {
  if ([...messages.querySelectorAll(".message > p")].some((said) => said.textContent === text)) return;
  const message = document.createElement("div");
  message.className = "message";
  message.dataset.level = level;
  if (level === "error") message.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  Object.assign(close, { type: "button", className: "button", textContent: "×" });
  Object.assign(close.dataset, { kind: "quiet", close: "" });
  close.setAttribute("aria-label", body.dataset.close);
  message.append(words, close);
  messages.append(message);
}

/* An error stays until it is closed; anything else leaves by itself, but not from under a pointer or the focus. */
function letGo(message) {
  if (message.dataset.level === "error" || message.dataset.timed) return;
  message.dataset.timed = "";
  const leave = () => {
    if (message.matches(":hover, :focus-within")) setTimeout(leave, 1000);
    else message.remove();
  };
  setTimeout(leave, message.querySelector("form") ? UNDO_MS : TOAST_MS);
}

function watchMessages() {
  const present = [...messages.children];
  new MutationObserver(() => messages.querySelectorAll(".message").forEach(letGo)).observe(messages, { childList: true });
  // Screen readers speak only of what changes in a live region, so what came with the page is put in once more.
  if (present.length) setTimeout(() => messages.replaceChildren(...present), 150);
  messages.addEventListener("click", (event) => {
    if (event.target.closest("button[data-close]")) event.target.closest(".message").remove();
  });
}

/* --- htmx: failures, focus, busy --------------------------------------------------------------------------------- */

const FAILURES = { 401: "signedOut", 403: "refused", 404: "gone", 410: "gone" };

/* Signing in again in another tab changes the token; a form that waited here takes the new one along. */
function renewToken(request) {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (!token) return;
  request.headers["x-csrftoken"] = token;
  if (request.parameters.has("csrfmiddlewaretoken")) request.parameters.set("csrfmiddlewaretoken", token);
}

function watchRequests() {
  body.addEventListener("htmx:configRequest", (event) => renewToken(event.detail));
  body.addEventListener("htmx:responseError", (event) => {
    toast(body.dataset[FAILURES[event.detail.xhr.status] || "broken"]);
  });
  // What a page asks by itself is asked again; connection.js says that the line is down.
  body.addEventListener("htmx:sendError", ({ detail }) => detail.requestConfig.verb !== "get" && toast(body.dataset.lost));
  body.addEventListener("htmx:timeout", () => toast(body.dataset.lost));
  body.addEventListener("htmx:beforeRequest", (event) => event.detail.target.setAttribute("aria-busy", "true"));
  body.addEventListener("htmx:afterRequest", (event) => event.detail.target.removeAttribute("aria-busy"));
  let unfolded = [];
  body.addEventListener("htmx:beforeSwap", ({ detail }) => {
    unfolded = [...detail.target.querySelectorAll("details[id][open]")].map(({ id }) => id);
  });
  body.addEventListener("htmx:afterSettle", (event) => {
    const swapped = event.detail.elt;
    for (const id of unfolded) swapped.querySelector(`#${id}`)?.setAttribute("open", "");
    refreshTimes(swapped);
    fillZones(swapped);
    if (swapped === messages) return;
    const wanted = swapped.matches("[data-focus]") ? swapped : swapped.querySelector("[autofocus], [data-focus]");
    wanted?.focus();
  });
}

/* A form that htmx does not send: a second press of its button changes nothing, unless the answer fails to come. */
function watchForms() {
  const sent = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (sent.has(form)) return event.preventDefault();
    sent.add(form);
    event.submitter?.setAttribute("aria-disabled", "true");
    setTimeout(() => {
      sent.delete(form);
      event.submitter?.removeAttribute("aria-disabled");
    }, AGAIN_MS);
  });
}

/* What is typed into a field, where it will be seen: in brackets before the words of an example. */
function watchExamples() {
  body.addEventListener("input", ({ target }) => {
    const example = document.getElementById(target.dataset.example);
    const words = target.value.trim().replace(/^\[|\]$/g, "");
    if (example) example.textContent = words && `[${words}] `;
  });
}

/* An example that can be said is put into the line of quick-add, which says what it would do; Enter sets it. */
function watchSayings() {
  body.addEventListener("click", (event) => {
    const field = document.getElementById("quick-text");
    const example = event.target.closest("[data-say]");
    if (!field || !example || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    field.value = example.dataset.say;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}

/* A button that copies a field. Where pages are given no clipboard (no HTTPS), the old way is tried. */
function watchCopies() {
  body.addEventListener("click", async ({ target }) => {
    const button = target.closest("button[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      if (!document.execCommand("copy")) return;
    }
    toast(button.dataset.copied, "success");
  });
}

/* What is shown once: neither Back nor a reload asks to send the form again; they lead to the page that it names. */
function forgetSecret() {
  const field = document.querySelector("input[data-once]");
  if (!field) return;
  history.replaceState(null, "", field.dataset.once);
  addEventListener("pagehide", () => field.setAttribute("value", ""));
}

/* --- Times and zones ------------------------------------------------------------------------------------------------ */

/* The same words as the tag `relative` in templatetags/page.py. */
function span(milliseconds) {
  const [min, hour, day, days] = body.dataset.units.split("|");
  const minutes = Math.floor(milliseconds / 60000);
  if (minutes < 60) return `${minutes} ${min}`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} ${hour}`;
  const n = Math.floor(minutes / 1440);
  return `${n} ${n === 1 ? day : days}`;
}

function refreshTimes(root) {
  for (const time of root.querySelectorAll("time[data-future]")) {
    const away = new Date(time.dateTime) - Date.now();
    const words = away >= 0 ? time.dataset.future : time.dataset.past;
    const text = Math.abs(away) < 60000 ? time.dataset.now : words.replace("%s", span(Math.abs(away)));
    if (time.textContent !== text) time.textContent = text;
  }
}

/* A zone that nobody has chosen yet is the browser's; one that was chosen is never touched. */
function fillZones(root) {
  for (const field of root.querySelectorAll("[data-zone]")) {
    if (field.value) continue;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const name = CSS.escape(zone);
    field.value = field.querySelector(`[value="${name}"], [data-was~="${name}"]`)?.value ?? "";
  }
}

/* The server compares the device's zone with the account's, from the cookie of the page before. */
function tellZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  const asked = document.getElementById("clocks");
  if (asked && asked.dataset.device !== zone) asked.remove(); // it asks about where the device was
}

function refreshClocks() {
  for (const clock of document.querySelectorAll("time[data-clock]")) {
    const timeZone = clock.dataset.clock;
    clock.textContent = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone });
  }
}

/* --- At the beginning -------------------------------------------------------------------------------------------------- */

/* A form that the Back button shows again is still the same filling-in, although the server names each page anew. */
function keepToken() {
  const field = document.querySelector('.writing input[name="token"]');
  if (!field) return;
  if (history.state?.token) field.value = history.state.token;
  else history.replaceState({ ...history.state, token: field.value }, "");
}

body.addEventListener("scheme:changed", ({ detail }) => (document.documentElement.dataset.scheme = detail.value));

if (messages) watchMessages();
keepToken();
watchRequests();
watchForms();
watchExamples();
watchSayings();
watchCopies();
forgetSecret();
fillZones(document);
tellZone();
setInterval(() => {
  refreshTimes(document);
  refreshClocks();
  tellZone();
}, 60000);
