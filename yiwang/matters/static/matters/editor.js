/* The chosen part of the editor comes into view where the row of parts is wider than the screen. */
document.addEventListener('DOMContentLoaded', function () {
  var tab = document.querySelector('.tabs [aria-current="page"]');
  if (tab) tab.scrollIntoView({ block: 'nearest', inline: 'center' });
});
