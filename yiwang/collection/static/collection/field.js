/* The telephone page: the list of the day, one form, the queue. */
(function () {
  'use strict';
  var store = window.collectionStore, form = window.collectionForm, el = form.el, doc = document, words = doc.getElementById('c-words').dataset;
  var list = id('c-list'), place = id('c-place'), sheet = id('c-sheet'), fields = id('c-fields'), banner = id('c-banner'), now = { tasks: [], items: [] }, current = null, why = '';
  function id(name) { return doc.getElementById(name); }
  function say(text) { id('c-said').textContent = text; }
  function task(item) { return now.tasks.find(function (t) { return t.id === item.task; }); }

  async function show() {
    now = await store.read();
    var waiting = await store.outbox(), stuck = waiting.filter(function (w) { return w.trouble; }), at = place.value;
    var buildings = Array.from(new Set(now.items.map(function (i) { return i.building; })));
    place.textContent = ''; place.append(new Option(words.all, ''));
    buildings.forEach(function (b) { place.append(new Option(b || words.nowhere, b, false, b === at)); });
    list.textContent = '';
    now.items.filter(function (i) { return !place.value || i.building === place.value; }).forEach(function (item) {
      list.append(line(item, waiting.find(function (w) { return w.item === item.id; })));
    });
    id('c-none').hidden = now.items.length > 0;
    id('c-count').textContent = now.items.length;
    banner.hidden = !waiting.length && navigator.onLine;
    id('c-queue').textContent = waiting.length ? words.queue.replace('{}', waiting.length) : '';
    id('c-why').textContent = stuck.length ? words.stuck.replace('{}', stuck.length) : navigator.onLine ? (words[why] || '') : words.offline;
    id('c-login').hidden = why !== 'login';
    id('c-send').hidden = !waiting.length || !navigator.onLine;
  }
  function line(item, queued) {
    var li = el('li', 'c-item'), b = el('button', 'btn btn-quiet cell-main', item.title), sub = el('span', 'cell-sub', item.address + ' · ' + task(item).title), chip;
    b.type = 'button'; b.onclick = function () { edit(item, queued); };
    b.disabled = item.state === 'conflict';   /* settled on its page, where both forms are shown */
    if (queued && queued.trouble) chip = el('span', 'chip chip-danger', queued.words || words.refused);
    else if (queued) chip = el('span', 'chip chip-warn', words.waiting);
    else if (item.state === 'conflict') { chip = el('a', 'chip chip-danger', words.conflict); chip.href = '/desk/collection/items/' + item.id + '/'; }
    else if (Object.keys(item.marks).length) chip = el('span', 'chip chip-danger', words.marked);
    else chip = el('span', 'chip', words.todo);
    b.append(sub); li.append(b, chip); return li;
  }

  async function edit(item, queued) {
    var body = queued && await store.body(queued);
    current = item; say('');
    id('c-title').textContent = item.title; id('c-where').textContent = item.address;
    form.draw(fields, item, task(item), body && body.answers);
    id('c-listing').hidden = true; sheet.hidden = false; id('c-title').focus();
  }
  function back() { current = null; sheet.hidden = true; fields.textContent = ''; id('c-listing').hidden = false; }

  sheet.addEventListener('submit', async function (e) {
    e.preventDefault();
    var bad = form.fault(fields), item = current;
    if (bad) { say(words.faults); bad.focus(); return; }
    await store.put(item, { key: crypto.randomUUID ? crypto.randomUUID() : String(Date.now()) + Math.random(), base: item.version, collected_at: new Date().toISOString(), device: device(), answers: form.answers(fields) });
    back(); say(words.kept); await show(); send();
  });
  function device() { return (navigator.userAgentData ? navigator.userAgentData.platform : navigator.platform || '').slice(0, 40); }
  async function send() {
    if (!navigator.onLine) return show();
    why = await store.flush(show);
    await show();
    if (!why && !await store.count()) say(words.sent);
  }

  id('c-back').onclick = back; place.onchange = show; id('c-send').onclick = send;
  id('c-get').onclick = async function () {
    this.disabled = true;
    try { await store.flush(); await store.keep(await store.fetchPack()); why = ''; say(words.got); }
    catch (e) { why = e.message === 'login' ? 'login' : 'offline'; banner.hidden = false; say(words[why]); }
    this.disabled = false; show();
  };
  id('c-wipe').onclick = function () { id('c-sure').returnValue = ''; id('c-sure').showModal(); };
  id('c-sure').onclose = async function () { if (this.returnValue !== 'ok') return; await store.wipe(); back(); say(words.wiped); show(); };
  window.addEventListener('online', send); window.addEventListener('offline', show);
  doc.addEventListener('visibilitychange', function () { if (!doc.hidden) send(); });
  if (!window.isSecureContext || !navigator.serviceWorker) { say(words.insecure); id('c-get').disabled = true; return; }
  navigator.serviceWorker.register('/desk/collection/field/worker.js', { scope: '/desk/collection/field/' });
  show().then(send);
})();
