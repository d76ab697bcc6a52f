/* What a script makes easier in an answer: ticking no more than allowed, ordering by touch, a picture's name, the voice. ES5. */
(function () {
  "use strict";
  var doc = document, form = doc.getElementById("answer"), voice = window.speechSynthesis;
  if (!form) { return; }
  var log = doc.getElementById("log"), screen = doc.getElementById("screen");
  function all(root, what, act) { Array.prototype.forEach.call(root.querySelectorAll(what), act); }
  function make(tag, kind) { var it = doc.createElement(tag); it.className = kind; if (tag === "button") { it.type = "button"; } return it; }

  function prepare() {
    var ask = screen.querySelector("[data-kind]"), kind = ask && ask.getAttribute("data-kind"), most = ask ? +ask.getAttribute("data-maximum") : 0;
    if (form.elements.file) { pictures(form.elements.file); }
    if (kind === "multi" && most > 1) { ticks(ask, most); }
    if (kind === "rank") { ranks(ask, most); }
  }
  function pictures(file) {
    file.onchange = function () {
      if (!file.files[0]) { return; }
      doc.getElementById("file-said").textContent = file.files[0].name + " : touche la flèche pour l’envoyer.";
      form.querySelector(".send").focus();
    };
  }
  function ticks(ask, most) {
    function limit() {
      var full = ask.querySelectorAll(":checked").length >= most;
      all(ask, "[type=checkbox]", function (one) { one.disabled = full && !one.checked; });
    }
    ask.addEventListener("change", limit);
    limit();
  }
  function ranks(ask, most) {
    var order = [], rows = [];
    doc.getElementById("rank-how").textContent = "Touche dans l’ordre : ton premier d’abord. Touche encore pour enlever.";
    function draw() {
      rows.forEach(function (row) {
        var at = order.indexOf(row) + 1;
        row.touch.setAttribute("aria-pressed", at ? "true" : "false");
        row.place.textContent = at || "";
        row.select.value = at || "";
      });
      ask.querySelector(".go").disabled = !order.length;
    }
    all(ask, ".rank", function (item) {
      var row = { select: item.querySelector("select"), touch: make("button", "pick rank-tap"), place: make("span", "place") }, label = item.querySelector("label");
      row.touch.appendChild(row.place);
      all(label, "label > *", function (part) { row.touch.appendChild(part); });
      row.touch.onclick = function () {
        var at = order.indexOf(row);
        if (at >= 0) { order.splice(at, 1); } else if (order.length < most) { order.push(row); }
        draw();
      };
      item.className = "";
      label.hidden = row.select.hidden = true;
      item.appendChild(row.touch);
      rows.push(row);
    });
    draw();
  }

  // the voice of the device reads the last bubbles of the robot
  function say(group) {
    if (voice.speaking) { voice.cancel(); return; }
    group.forEach(function (part) {
      var said = new SpeechSynthesisUtterance(part.textContent.replace(/\s+/g, " "));
      said.lang = "fr-BE";
      voice.getVoices().forEach(function (one) {
        if (one.lang === "fr-BE" || (one.lang.indexOf("fr") === 0 && !said.voice)) { said.voice = one; }
      });
      voice.speak(said);
    });
  }
  function speakers() {
    var items = log.querySelectorAll(".msg"), at = items.length - 1, group = [], button, last;
    if (!voice || !window.SpeechSynthesisUtterance) { return; }
    all(log, ".speak", function (old) { old.parentNode.removeChild(old); });
    if (log.lastElementChild && log.lastElementChild.hasAttribute("data-code")) { return; }
    while (at >= 0 && items[at].classList.contains("bot")) {
      all(items[at], ".bubble, .card", function (part) { group.unshift(part); });
      at -= 1;
    }
    last = group[group.length - 1];
    if (!last) { return; }
    button = make("button", "speak");
    button.setAttribute("aria-label", "Écouter");
    button.innerHTML = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 9v6h4l5 4V5L8 9zM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11"/></svg>';
    button.onclick = function () { say(group); };
    (last.querySelector(".kind") || last.parentNode).appendChild(button);
  }

  doc.addEventListener("boussole:screen", prepare);
  doc.addEventListener("boussole:messages", speakers);
  prepare();
  speakers();
}());
