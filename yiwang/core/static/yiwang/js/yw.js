/* Pages work without this file, except signing, dialogs and drafts. */
(function () {
  'use strict';
  var doc = document, win = window, root = doc.documentElement, words = (doc.getElementById('yw-words') || root).dataset, pads = {};
  function id(name) { return doc.getElementById(name); }
  function all(css, fn, from) { (from || doc).querySelectorAll(css).forEach(fn); }
  function on(type, fn, capture) { doc.addEventListener(type, fn, capture); }

  /* In cookies: the server draws. */
  function display(kind, val) {
    doc.cookie = 'yw-' + kind + '=' + val + ';path=/;max-age=31536000;samesite=lax' + (location.protocol === 'https:' ? ';secure' : '');
    if (val) root.dataset[kind] = val; else delete root.dataset[kind];
    all('button[data-' + kind + ']', function (b) { b.setAttribute('aria-pressed', b.dataset[kind] === val); });
  }
  var here = new URL(location.href);
  ['size', 'contrast'].forEach(function (kind) {
    if (!here.searchParams.has(kind)) return;
    display(kind, root.dataset[kind] || '');
    here.searchParams.delete(kind); history.replaceState(history.state, '', here);
  });

  function toast(text) {
    var box = id('yw-toast'), p = doc.createElement('p'), b = doc.createElement('button'); if (!box) return;
    p.textContent = text; b.type = 'button'; b.className = 'btn btn-sm'; b.textContent = words.close;
    b.onclick = function () { box.textContent = ''; };
    box.textContent = ''; box.append(p, b);
  }

  /* By sentences: voices break off long texts. */
  function speak(el, btn) {
    var say = win.speechSynthesis; if (!say || !el) return;
    function done() { btn.setAttribute('aria-pressed', false); }
    if (say.speaking) { say.cancel(); return done(); }
    (el.innerText.match(/[^。！？；!?;\n]+[。！？；!?;\n]?/g) || []).forEach(function (text, n, parts) {
      var u = new SpeechSynthesisUtterance(text); u.lang = root.lang; u.rate = .9; u.onerror = done;
      if (!parts[n + 1]) u.onend = done;
      say.speak(u);
    });
    btn.setAttribute('aria-pressed', true);
  }

  on('click', function (e) {
    all('details.menu[open]', function (m) { if (!m.contains(e.target)) m.open = false; });
    var b = e.target.closest('button,a'), set = b && b.dataset; if (!b) return;
    if (b.matches('form [data-size], form [data-contrast]')) {
      var kind = 'size' in set ? 'size' : 'contrast';
      e.preventDefault(); display(kind, kind === 'contrast' && root.dataset.contrast ? '' : set[kind]);
    }
    else if (id(set.open)) { e.preventDefault(); id(set.open).showModal(); }
    else if ('close' in set) b.closest('dialog').close();
    else if ('print' in set) win.print();
    else if (set.read) speak(doc.querySelector(set.read), b);
    else if (pads[set.signClear]) pads[set.signClear].clear();
    else if (set.confirm && b.href) { e.preventDefault(); ask(set.confirm, function () { location.href = b.href; }); }
  });
  on('keydown', function (e) {
    var q = doc.querySelector('[data-key="/"]');
    if (e.key === 'Escape') all('details.menu[open]', function (m) { m.open = false; m.firstElementChild.focus(); });
    if (e.key === '/' && q && !e.ctrlKey && !e.metaKey && !e.altKey && !e.target.closest('input,textarea,select,dialog')) { e.preventDefault(); q.focus(); }
  });

  /* data-confirm on forms, buttons, links; hx-confirm */
  function ask(text, go) {
    var d = id('yw-confirm');
    d.querySelector('p').textContent = text; d.returnValue = '';
    d.onclose = function () { if (d.returnValue) go(); };
    d.showModal();
  }
  on('submit', function (e) {
    var f = e.target, by = e.submitter, text = (by && by.dataset.confirm) || f.dataset.confirm;
    if (!text || f.ywSure) { f.ywSure = false; return; }
    e.preventDefault(); e.stopImmediatePropagation();
    ask(text, function () { f.ywSure = true; if (by) by.click(); else f.requestSubmit(); });
  }, true);
  on('htmx:confirm', function (e) {
    if (e.detail.question) { e.preventDefault(); ask(e.detail.question, function () { e.detail.issueRequest(true); }); }
  });

  /* One submission at a time; data-again: answered by a download. */
  function lock(f, yes) {
    [f.ywLock, f.ywTimer].forEach(clearTimeout); f.ywDirty = false; if (f.ywStop) f.ywStop.abort();
    if (yes) f.setAttribute('aria-busy', true); else f.removeAttribute('aria-busy');
    (f.ywOff || []).forEach(function (b) { b.disabled = false; });
    f.ywOff = yes ? Array.from(f.elements || [f]).filter(function (b) { return b.matches('button,[type=submit]') && !b.disabled; }) : [];
    f.ywOff.forEach(function (b) { b.disabled = true; });
    if (yes) f.ywLock = setTimeout(lock, 30000, f, false);   /* stopped by the reader */
  }
  on('submit', function (e) {
    var f = e.target;
    if (f.hasAttribute('aria-busy')) e.preventDefault();
    if (e.defaultPrevented || f.getAttribute('method') !== 'post' || 'again' in f.dataset) return;
    setTimeout(lock, 0, f, true);   /* else the button is not sent */
  });
  on('htmx:beforeSend', function (e) { lock(e.detail.elt, true); });
  on('htmx:afterRequest', function (e) { lock(e.detail.elt, false); });

  on('htmx:beforeSwap', function (e) {
    if (/\/login\//.test(e.detail.xhr.responseURL)) { e.detail.shouldSwap = false; toast(words.expired); }
  });
  on('htmx:responseError', function (e) {
    var x = e.detail.xhr, said = new DOMParser().parseFromString(x.responseText, 'text/html').querySelector('[data-message]');
    toast(said ? said.textContent.trim() : words['on' + x.status] || words.failed);
  });
  on('htmx:sendError', function () { toast(words.offline); });

  /* Drafts, sent to data-autosave */
  function draft(f) {
    var data = new FormData(f);
    Array.from(data).forEach(function (pair) { if (pair[1] instanceof File) data.delete(pair[0]); });
    return data;
  }
  function save(f) {
    var at = doc.querySelector('[data-autosave-at]') || {};
    if (f.ywStop) f.ywStop.abort();
    f.ywStop = new AbortController(); f.ywDirty = false;
    fetch(f.dataset.autosave, { method: 'POST', body: draft(f), redirect: 'manual' /* to log-in: not saved */, signal: f.ywStop.signal }).then(function (r) {
      if (!r.ok) throw r;
      at.textContent = words.saved.replace('{}', new Date().toTimeString().slice(0, 5));
    }).catch(function (why) { if (why.name !== 'AbortError') { f.ywDirty = true; at.textContent = words.unsaved; } });
  }
  function dirty(fn) { all('form[data-autosave]', function (f) { if (f.ywDirty) fn(f); }); }
  on('input', function (e) {
    var f = e.target.form; if (!f || !f.dataset.autosave) return;
    f.ywDirty = true; clearTimeout(f.ywTimer); f.ywTimer = setTimeout(save, 1500, f);
  });

  function net() { var b = id('yw-offline'); if (b) b.hidden = navigator.onLine; if (navigator.onLine) dirty(save); }
  win.addEventListener('online', net); win.addEventListener('offline', net);
  win.addEventListener('pageshow', function () { all('form[aria-busy]', function (f) { lock(f, false); }); });
  win.addEventListener('pagehide', function () {
    if (win.speechSynthesis) speechSynthesis.cancel();
    dirty(function (f) { navigator.sendBeacon(f.dataset.autosave, draft(f)); });
  });

  /* Signatures: a PNG goes into the field of data-sign-into, and back. */
  function sign(c) {
    var into = id(c.dataset.signInto) || {}, r = win.devicePixelRatio, w = c.clientWidth, h = c.clientHeight;
    c.width = w * r; c.height = h * r; c.getContext('2d').scale(r, r);
    var pad = pads[c.id] = new SignaturePad(c, { penColor: '#16223a' }), clear = pad.clear;
    function put(data) { into.value = data; if (into.form) into.dispatchEvent(new Event('input', { bubbles: true })); }
    if (into.value) pad.fromDataURL(into.value, { width: w, height: h });
    pad.clear = function () { clear.call(pad); put(''); };
    pad.addEventListener('endStroke', function () { put(pad.toDataURL()); });
  }
  function ready(from) {
    if (win.SignaturePad) all('.sign canvas', sign, from);
    all('dialog[data-open-now]', function (d) { if (!d.open) d.showModal(); }, from);
    all('#error-summary', function (s) { s.focus(); }, from);
  }
  on('htmx:load', function (e) { if (e.detail.elt !== doc.body) ready(e.detail.elt); });
  net(); ready(doc);
})();
