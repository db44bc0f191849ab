/* Before somebody logs out: say that forms were not sent; then clear what the telephone page kept. */
(function () {
  'use strict';
  var NAME = 'yiwang-collection', words = document.getElementById('c-leave').dataset;
  async function kept() {
    var all = indexedDB.databases ? await indexedDB.databases() : [{ name: NAME }];
    return all.some(function (d) { return d.name === NAME; });
  }
  function waiting() {
    return new Promise(function (done) {
      var r = indexedDB.open(NAME);
      r.onerror = function () { done(0); };
      r.onsuccess = function () {
        var d = r.result, c;
        if (!d.objectStoreNames.contains('outbox')) { d.close(); return done(0); }
        c = d.transaction('outbox').objectStore('outbox').count();
        c.onsuccess = function () { d.close(); done(c.result); };
      };
    });
  }
  function forget() { return new Promise(function (done) { var r = indexedDB.deleteDatabase(NAME); r.onsuccess = r.onerror = r.onblocked = done; }); }
  async function clear() {
    await forget();
    for (var name of await caches.keys()) if (name.startsWith('collection-')) await caches.delete(name);
    var found = await navigator.serviceWorker.getRegistration('/desk/collection/field/');
    if (found) await found.unregister();
  }
  document.addEventListener('submit', async function (e) {
    var f = e.target, d = document.getElementById('yw-confirm'), n;
    if (!/\/accounts\/logout\/$/.test(f.action) || !window.isSecureContext || !navigator.serviceWorker) return;
    e.preventDefault(); e.stopImmediatePropagation();
    if (!await kept()) return f.submit();
    n = await waiting();
    if (!n || !d) { await clear(); return f.submit(); }
    d.querySelector('p').textContent = words.unsent.replace('{}', n); d.returnValue = '';
    d.onclose = async function () { if (!d.returnValue) return; await clear(); f.submit(); };
    d.showModal();
  }, true);
})();
