/* Says that the line is down, keeps a form from being lost to it, and has the service worker installed. */
const { body } = document;
const notice = document.getElementById("connection");
const AGAIN_MS = 5000;
let away = false;

/* A device without a network may still reach a server on itself, and one with a network may reach nobody. */
async function reachable() {
  try {
    await fetch("/healthz", { cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}

function say(gone) {
  if (gone === away) return;
  away = gone;
  notice.textContent = gone ? body.dataset.offline : "";
  if (gone) setTimeout(look, AGAIN_MS);
}

async function look() {
  const there = await reachable();
  say(!there);
  if (!there) setTimeout(look, AGAIN_MS);
}

addEventListener("offline", look);
addEventListener("online", look);
body.addEventListener("htmx:sendError", () => say(true));
body.addEventListener("htmx:afterRequest", ({ detail }) => detail.xhr.status && say(false));
if (!navigator.onLine) look();

/* A form that htmx does not send would leave the page with what was typed into it. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || (navigator.onLine && !away)) return;
  event.preventDefault();
  const { submitter } = event;
  if (!(await reachable())) {
    say(true);
    return toast(body.dataset.lost);
  }
  say(false);
  if (submitter?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value }));
  form.action = submitter?.formAction ?? form.action;
  form.submit();
});

if (body.dataset.worker && "serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register(body.dataset.worker).catch(() => {}));
}
