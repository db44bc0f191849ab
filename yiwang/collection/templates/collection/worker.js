{% load static %}/* Keeps the shell of the telephone page for the day without a network; never a personal answer. */
'use strict';
const SHELL = ['{% url "collection:field" %}'{% for file in files %}, '{% static file %}'{% endfor %}];
const NAME = 'collection-' + SHELL.join().split('').reduce((n, c) => (n * 31 + c.charCodeAt(0)) >>> 0, 7);
self.addEventListener('install', e => e.waitUntil(caches.open(NAME).then(c => c.addAll(SHELL.map(u => new Request(u, { cache: 'reload' })))).then(() => self.skipWaiting())));
self.addEventListener('activate', e => e.waitUntil(caches.keys().then(all => Promise.all(all.filter(n => n.startsWith('collection-') && n !== NAME).map(n => caches.delete(n)))).then(() => self.clients.claim())));
self.addEventListener('fetch', e => {
  const path = new URL(e.request.url).pathname;
  if (e.request.method !== 'GET' || !SHELL.includes(path)) return;
  e.respondWith(fetch(e.request).catch(() => caches.match(path)));
});
