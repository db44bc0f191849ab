/* The calling screen reads new calls aloud once somebody has switched the sound on. */
(function () {
  'use strict';
  var say = window.speechSynthesis, button = document.getElementById('q-sound'), known = {}, on = false;
  if (!say || !button) return;
  function calls() { return Array.from(document.querySelectorAll('#q-board [data-call]')).reverse(); }
  function listen() {
    calls().forEach(function (one) {
      if (on && !known[one.dataset.call]) {
        /* Number letter by letter, or a voice says "A thousand". */
        var words = new SpeechSynthesisUtterance(one.dataset.say.replace(/([A-Z])(\d+)/, function (all, letter, digits) { return [letter].concat(digits.split('')).join(' '); }));
        words.lang = document.documentElement.lang; words.rate = 0.85; say.speak(words);
      }
      known[one.dataset.call] = true;
    });
  }
  button.hidden = false;
  button.addEventListener('click', function () {
    on = !on; button.setAttribute('aria-pressed', on);
    if (!on) say.cancel();
  });
  document.addEventListener('htmx:afterSwap', listen);
  listen();
})();
