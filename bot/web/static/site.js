/* On every page: the quick exit, menus that close, copying, a shared device that closes by itself. ES5. */
(function () {
  "use strict";
  var doc = document, MENUS = ".menu[open], .bar details[open]", IDLE = 600000, shared = doc.body.getAttribute("data-shared"), last = Date.now();
  function all(root, what, act) { Array.prototype.forEach.call(root.querySelectorAll(what), act); }

  // notes of a fair that wait for a network go with whoever leaves
  function waiting() {
    var found = [], i, name;
    try {
      for (i = 0; i < localStorage.length; i += 1) {
        name = localStorage.key(i);
        if (name.indexOf("boussole.note") === 0) { found.push(name); }
      }
    } catch (e) { return []; }
    return found;
  }
  function forget() {
    waiting().forEach(function (name) { localStorage.removeItem(name); });
    if (window.caches) { caches["delete"]("boussole-notes")["catch"](function () { return null; }); }
  }
  doc.addEventListener("submit", function (event) {
    var notes = event.target.id === "leave" ? waiting().filter(function (name) { return name.indexOf("boussole.note.") === 0; }).length : 0;
    if (notes && !confirm((notes > 1 ? notes + " notes ne sont pas encore envoyées" : "Une note n’est pas encore envoyée") + ". Quitter les efface. Quitter quand même ?")) {
      event.preventDefault();
    }
  });
  if (doc.querySelector("[data-left]")) { forget(); }

  doc.addEventListener("click", function (event) {
    var at = event.target, exit = at.closest && at.closest("[data-exit]"), copy = at.closest && at.closest("[data-copy]");
    if (exit) {
      event.preventDefault();
      doc.documentElement.hidden = true;
      if (shared) { forget(); }
      if (shared && navigator.sendBeacon) { navigator.sendBeacon("/quitter"); }
      location.replace(exit.href);
    }
    if (copy) {
      navigator.clipboard.writeText(copy.getAttribute("data-copy")).then(function () { copy.textContent = "Copié"; });
    }
    all(doc, MENUS, function (one) { if (!one.contains(at) || (at.closest && at.closest("button"))) { one.open = false; } });
  });
  doc.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      all(doc, MENUS, function (one) { one.open = false; one.querySelector("summary").focus(); });
    }
  });
  doc.addEventListener("focusin", function (event) {
    all(doc, MENUS, function (one) { if (!one.contains(event.target)) { one.open = false; } });
  });
  function copies() { if (navigator.clipboard) { all(doc, "[data-copy]", function (one) { one.hidden = false; }); } }
  doc.addEventListener("boussole:code", copies);
  copies();

  // a page kept by the browser may show somebody who has left since
  window.addEventListener("pageshow", function (event) { if (event.persisted) { location.reload(); } });
  if (shared) {
    ["click", "keydown", "touchstart", "scroll"].forEach(function (name) {
      doc.addEventListener(name, function () { last = Date.now(); }, true);
    });
    setInterval(function () {
      var leave = doc.getElementById("leave");
      if (Date.now() - last > IDLE && leave) { last = Date.now(); forget(); leave.submit(); }
    }, 5000);
  }
}());
