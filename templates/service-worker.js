{% load static %}/* Keeps static files and the offline page, and nothing that belongs to anybody. */
"use strict";

const CACHE = "static-{{ version }}";
const OFFLINE = "{% url 'offline' %}";
const STATIC = "{{ prefix }}";
const NEEDED_OFFLINE = [
  "{% static 'css/reset.css' %}",
  "{% static 'css/tokens.css' %}",
  "{% static 'css/base.css' %}",
  "{% static 'css/shell.css' %}",
  "{% static 'css/button.css' %}",
  "{% static 'css/entrance.css' %}",
  "{% static 'icons/favicon.svg' %}",
  "{% static 'vendor/inter/inter-latin-wght-normal.woff2' %}",
];

/* Without the cookies of whoever installs it. */
async function fill() {
  const cache = await caches.open(CACHE);
  const offline = await fetch(OFFLINE, { credentials: "omit", cache: "reload" });
  if (!offline.ok) throw new Error(`${OFFLINE}: ${offline.status}`);
  await Promise.all([cache.put(OFFLINE, offline), cache.addAll(NEEDED_OFFLINE)]);
}

async function dropOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}

/* The name of a static file changes with what is in it. */
async function kept(request) {
  const cache = await caches.open(CACHE);
  const had = await cache.match(request);
  if (had) return had;
  const answer = await fetch(request);
  if (answer.status === 200) await cache.put(request, answer.clone());
  return answer;
}

async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const cache = await caches.open(CACHE);
    return (await cache.match(OFFLINE)) ?? Promise.reject(error);
  }
}

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(dropOthers().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (address.pathname.startsWith(STATIC)) event.respondWith(kept(request));
  else if (request.mode === "navigate") event.respondWith(page(request));
});
