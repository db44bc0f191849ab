/* The list under the search box: arrow keys, Escape, and gone when one looks elsewhere. */
(function () {
  'use strict';
  var form = document.querySelector('form[data-found]'); if (!form) return;
  var box = form.querySelector('input'), list = form.querySelector('.found');
  function links() { return Array.from(list.querySelectorAll('a')); }
  function clear() { list.textContent = ''; }
  form.addEventListener('keydown', function (e) {
    var all = links(), at = all.indexOf(document.activeElement);
    /* The first Escape closes the list, only the second empties the box. */
    if (e.key === 'Escape' && list.firstChild) { e.preventDefault(); clear(); box.focus(); }
    if ((e.key !== 'ArrowDown' && e.key !== 'ArrowUp') || !all.length) return;
    e.preventDefault();
    at += e.key === 'ArrowDown' ? 1 : -1;
    if (at < 0) box.focus(); else all[Math.min(at, all.length - 1)].focus();
  });
  box.addEventListener('input', function () { if (!box.value.trim()) clear(); });
  document.addEventListener('click', function (e) { if (!form.contains(e.target)) clear(); });
  form.addEventListener('focusout', function (e) {
    if (e.relatedTarget && !form.contains(e.relatedTarget)) clear();
  });
})();
