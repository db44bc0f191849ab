/* Keys of the review page: what carries data-hotkey is pressed by that key. The page works without. */
(function () {
  'use strict';
  document.addEventListener('keydown', function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey || e.repeat || e.target.closest('input:not([type=radio]):not([type=checkbox]),textarea,select,dialog')) return;
    var meant = /^[a-z0-9]$/i.test(e.key) && document.querySelector('[data-hotkey="' + e.key.toLowerCase() + '"]');
    if (meant && !meant.disabled) { e.preventDefault(); meant.click(); }
  });
})();
