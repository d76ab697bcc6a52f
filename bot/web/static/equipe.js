/* The team's pages: a password can be shown, and a page kept by the browser is asked for again. ES5. */
(function () {
  "use strict";
  Array.prototype.forEach.call(document.querySelectorAll("[data-show]"), function (button) {
    var field = document.getElementById(button.getAttribute("data-show"));
    button.hidden = false;
    button.addEventListener("click", function () {
      var shown = field.type === "text";
      field.type = shown ? "password" : "text";
      button.textContent = shown ? "Montrer" : "Cacher";
      button.setAttribute("aria-pressed", shown ? "false" : "true");
      field.focus();
    });
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted) { location.reload(); } });
}());
