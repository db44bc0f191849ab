/* What the telephone keeps: encrypted with a key that cannot be taken out, for the day only; forms
   that were sent are deleted, forms that were not stay until they are. */
(function () {
  'use strict';
  var NAME = 'yiwang-collection', CACHE = 'collection-', SCOPE = '/desk/collection/field/', opened = null, now = null;

  function db() {
    opened = opened || idb.openDB(NAME, 1, {
      upgrade: function (d) { d.createObjectStore('meta'); d.createObjectStore('pack'); d.createObjectStore('outbox', { keyPath: 'key' }); },
      blocking: function () { close(); }
    });
    return opened;
  }
  function close() { if (opened) opened.then(function (d) { d.close(); }); opened = null; }
  function today() { var d = new Date(); return new Date(d - d.getTimezoneOffset() * 60000).toISOString().slice(0, 10); }
  function cookie(name) { var m = document.cookie.match('(?:^|; )' + name + '=([^;]*)'); return m ? m[1] : ''; }

  async function vault() {
    var d = await db(), key = await d.get('meta', 'vault');
    if (!key) {
      key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
      await d.put('meta', key, 'vault');
    }
    return key;
  }
  async function seal(thing) {
    var iv = crypto.getRandomValues(new Uint8Array(12)), text = new TextEncoder().encode(JSON.stringify(thing));
    return { iv: iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv: iv }, await vault(), text) };
  }
  async function unseal(box) {
    var text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: box.iv }, await vault(), box.data);
    return JSON.parse(new TextDecoder().decode(text));
  }

  /* The day's forms, as the server gave them. */
  async function keep(pack) {
    var d = await db(), boxes = [], tasks = await seal(pack.tasks);
    for (var item of pack.items) boxes.push([item.id, await seal(item)]);
    var t = d.transaction(['meta', 'pack'], 'readwrite');
    t.objectStore('pack').clear();
    t.objectStore('meta').put(today(), 'day'); t.objectStore('meta').put(pack.who, 'who'); t.objectStore('meta').put(tasks, 'tasks');
    boxes.forEach(function (pair) { t.objectStore('pack').put(pair[1], pair[0]); });
    await t.done;
    now = null;
  }
  async function load() {
    var d = await db(), items = [], sealed = await d.get('meta', 'tasks');
    if (!sealed) return { tasks: [], items: [] };
    if (await d.get('meta', 'day') !== today()) {
      await d.clear('pack');
      if (!await d.count('outbox')) { await d.delete('meta', 'tasks'); return { tasks: [], items: [] }; }
    }
    for (var box of await d.getAll('pack')) items.push(await unseal(box));
    items.sort(function (a, b) { return a.building.localeCompare(b.building, 'zh') || a.id - b.id; });
    return { tasks: await unseal(sealed), items: items, day: today() };
  }
  /* Read once; later changes are made here and in the database alike. */
  async function read() {
    if (!now || (now.day && now.day !== today())) now = await load();
    return now;
  }

  /* Filled forms. A form filled again before it was sent takes the place of the earlier one. */
  async function put(item, body) {
    var d = await db(), box = await seal(body), t, old;
    t = d.transaction('outbox', 'readwrite');
    for (old of await t.store.getAll()) if (old.item === item.id) await t.store.delete(old.key);
    await t.store.put({ key: body.key, item: item.id, at: Date.now(), box: box, trouble: 0 });
    await t.done;
  }
  async function outbox() {
    var rows = await (await db()).getAll('outbox');
    for (var one of rows) one.words = one.said ? await unseal(one.said) : '';
    return rows.sort(function (a, b) { return a.at - b.at; });
  }
  async function count() { return (await db()).count('outbox'); }
  async function drop(key) { await (await db()).delete('outbox', key); }

  async function signedIn() {
    var r = await fetch(SCOPE + 'who/', { redirect: 'manual', cache: 'no-store' });
    return r.ok ? (await r.json()).who : 0;
  }
  async function send(one) {
    return fetch('/api/v1/collection/items/' + one.item + '/forms', {
      method: 'POST', redirect: 'manual', body: JSON.stringify(await unseal(one.box)),
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': one.key, 'X-CSRFToken': cookie('csrftoken') }
    });
  }
  async function arrived(one, said) {
    var d = await db(), held = await read(), item = held.items.find(function (i) { return i.id === one.item; });
    if (item && said.item.state === 'filled' && !Object.keys(said.item.marks).length) {
      held.items.splice(held.items.indexOf(item), 1);
      await d.delete('pack', one.item);
    } else if (item) {
      item.version = said.item.version; item.state = said.item.state; item.marks = said.item.marks;
      item.people.forEach(function (p) { p.fields.forEach(function (f) { f.mark = said.item.marks[p.id + '.' + f.code] || ''; }); });
      await d.put('pack', await seal(item), one.item);
    }
    await drop(one.key);
  }
  async function refused(one, r) {
    var d = await db(), row = await d.get('outbox', one.key), said = await r.json().catch(function () { return {}; });
    if (!row) return;
    row.trouble = r.status; row.said = await seal(said.detail || '');
    await d.put('outbox', row);
  }

  /* Sends what waits, one after the other. Gives why it stopped: '' all tried, offline, login, other. */
  async function flush(step) {
    var waiting = await outbox(), who, r, one;
    if (!waiting.length) return '';
    try { who = await signedIn(); } catch (e) { return 'offline'; }
    if (!who) return 'login';
    if (who !== await (await db()).get('meta', 'who')) return 'other';
    for (one of waiting) {
      try { r = await send(one); } catch (e) { return 'offline'; }
      if (r.ok) await arrived(one, await r.json());
      else if ([404, 409, 422].includes(r.status)) await refused(one, r);
      else return r.status === 401 || r.status === 403 || r.type === 'opaqueredirect' ? 'login' : 'offline';
      if (step) await step();
    }
    return '';
  }
  var running = null;
  function flushOnce(step) {
    function go() { return flush(step); }
    if (!running) {
      running = (navigator.locks ? navigator.locks.request(NAME, go) : go()).finally(function () { running = null; });
    }
    return running;
  }

  async function fetchPack() {
    var r = await fetch(SCOPE + 'package/', { method: 'POST', redirect: 'manual', headers: { 'X-CSRFToken': cookie('csrftoken') } });
    if (!r.ok) throw new Error(r.status >= 500 ? 'offline' : 'login');
    return r.json();
  }
  async function wipe() {
    close();
    await idb.deleteDB(NAME);
    now = null;
    for (var name of await caches.keys()) if (name.startsWith(CACHE)) await caches.delete(name);
  }
  window.collectionStore = { keep: keep, read: read, put: put, outbox: outbox, count: count, body: function (one) { return unseal(one.box); }, flush: flushOnce, fetchPack: fetchPack, wipe: wipe };
})();
