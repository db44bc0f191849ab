// Passkey buttons: starts the library's ceremony and says in words when it fails.
(function () {
  "use strict";
  var buttons = document.querySelectorAll("[data-passkey]");
  var forms = window.allauth && window.allauth.webauthn && window.allauth.webauthn.forms;
  buttons.forEach(function (button) {
    var fault = document.getElementById(button.getAttribute("data-passkey-fault"));
    if (!window.PublicKeyCredential || !forms) {
      button.disabled = true;
      if (fault) { fault.textContent = fault.getAttribute("data-missing"); fault.hidden = false; }
      return;
    }
    forms[button.getAttribute("data-passkey") + "Form"]({ ids: JSON.parse(button.getAttribute("data-ids")) });
    document.addEventListener("allauth.error", function (event) {
      event.preventDefault();
      if (fault) { fault.textContent = fault.getAttribute("data-failed"); fault.hidden = false; }
    });
    button.addEventListener("click", function () { if (fault) { fault.hidden = true; } });
  });
})();
