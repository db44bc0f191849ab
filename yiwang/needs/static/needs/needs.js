/* Questions that depend on an answer appear with it. Without this file all of them are shown. */
(function () {
  'use strict';
  function refresh() {
    document.querySelectorAll('[data-when]').forEach(function (part) {
      var any = part.dataset.any.split(','), asked = document.querySelector('[data-question="' + part.dataset.when + '"]');
      var open = asked && !asked.hidden && Array.prototype.some.call(asked.querySelectorAll('input:checked'), function (one) { return any.indexOf(one.value) >= 0; });
      part.hidden = !open;
    });
  }
  document.addEventListener('change', refresh);
  refresh();
})();
