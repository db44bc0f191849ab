/* The pad of a signature that was hidden when the page came is made once it is shown. */
document.addEventListener('change', function () {
  var pad = document.getElementById('sign');
  if (!pad || pad.width || !pad.clientWidth) return;
  pad.dispatchEvent(new CustomEvent('htmx:load', { bubbles: true, detail: { elt: pad.parentNode } }));
});
