/* The little script of the conversation, for old telephones too (ES5). Without it everything works by form posts. */
(function () {
  "use strict";
  var doc = document, form = doc.getElementById("answer");

  function id(name) { return doc.getElementById(name); }
  function each(list, act) { Array.prototype.slice.call(list).forEach(act); }
  function field(name) { return form.querySelector('input[name="' + name + '"]'); }

  // ---------------------------------------------------------------- every page: leave at once; a shared device closes by itself

  var exit = id("exit"), shared = doc.body.getAttribute("data-shared") === "1";
  if (exit) exit.addEventListener("click", function (event) {
    event.preventDefault();
    doc.documentElement.hidden = true;
    if (shared && navigator.sendBeacon) navigator.sendBeacon("/quitter");
    location.replace("/pause");
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted) location.reload(); });
  if (shared) {
    var touched = Date.now();
    ["click", "keydown", "touchstart", "scroll"].forEach(function (name) {
      doc.addEventListener(name, function () { touched = Date.now(); }, true);
    });
    setInterval(function () {
      if (Date.now() - touched < 600000) return;
      var leave = new XMLHttpRequest();
      leave.onloadend = function () { location.replace("/quitte"); };
      leave.open("POST", "/quitter");
      leave.send();
    }, 5000);
  }
  if (!form || !window.FormData || !window.XMLHttpRequest) return;

  // ---------------------------------------------------------------- the conversation

  var log = id("log"), controls = id("controls"), text = id("text"), notice = id("notice"), failed = id("failed");
  var seq = +log.getAttribute("data-seq") || 0, busy = false, pressed = null, waiting = null, source = null;
  var calm = window.matchMedia && matchMedia("(prefers-reduced-motion: reduce)").matches;

  function down() {
    var end = log.lastElementChild;
    if (!end) return;
    window.scrollTo({ top: doc.documentElement.scrollHeight, behavior: calm ? "auto" : "smooth" });
  }

  function add(html) {
    var box = doc.createElement("div"), first = null;
    box.innerHTML = html;
    each(box.children, function (item) {
      var number = +item.getAttribute("data-seq");
      if (number && number <= seq) return;
      if (number) seq = number;
      item.className += " new";
      log.appendChild(item);
      first = first || item;
    });
    voices();
    return first;
  }

  function show(data) {
    var first = add(data.html || "");
    if (data.seq > seq) seq = data.seq;
    field("seq").value = seq;
    if (typeof data.screen === "string") { controls.innerHTML = data.screen; prepare(); }
    return first;
  }

  function dots(on) {
    if (on && !waiting) {
      waiting = doc.createElement("div");
      waiting.className = "m bot wait is-text";
      waiting.setAttribute("aria-hidden", "true");
      waiting.innerHTML = '<div class="said"><i></i><i></i><i></i></div>';
      log.appendChild(waiting);
      down();
    } else if (!on && waiting) { log.removeChild(waiting); waiting = null; }
  }

  function fail(said, body, typed) {
    failed.textContent = said || "Pas envoyé. Ce que tu as écrit est encore là.";
    var again = doc.createElement("button");
    again.type = "button";
    again.className = "go again";
    again.textContent = "Réessayer";
    again.onclick = function () { send(body, typed, false); };
    failed.appendChild(again);
    failed.hidden = false;
    down();
  }

  function send(body, typed, byButton) {
    if (busy) return;
    busy = true;
    form.className = "answer busy";
    failed.hidden = true;
    notice.textContent = "";
    var timer = setTimeout(function () { dots(true); }, 400), ask = new XMLHttpRequest();
    ask.open("POST", "/chat");
    ask.timeout = 30000;
    ask.setRequestHeader("X-Boussole", "1");
    ask.onloadend = function () {
      var data = null;
      clearTimeout(timer);
      dots(false);
      busy = false;
      form.className = "answer";
      try { data = JSON.parse(ask.responseText); } catch (ignored) { data = null; }
      if (data && data.redirect) { location.href = data.redirect; return; }
      if (ask.status !== 200 || !data) { fail(data && data.notice, body, typed); return; }
      answered(data, typed, byButton);
    };
    ask.send(body);
  }

  function answered(data, typed, byButton) {
    field("key").value = data.key;
    field("visit").value = data.visit || "";
    if (data.csrf) field("csrf").value = data.csrf;
    notice.textContent = data.notice || "";
    if (typed && !data.notice && text.value === typed) { text.value = ""; grow(); }
    show(data);
    if (data.code) {
      id("code-place").innerHTML = data.code;
      if (id("visit-note")) id("visit-note").hidden = true;
      id("code").focus();
    } else if (byButton && id("screen")) id("screen").focus({ preventScroll: true });
    if (data.person && log.getAttribute("data-stream") !== "1") { log.setAttribute("data-stream", "1"); follow(); }
    down();
  }

  form.addEventListener("click", function (event) {
    var at = event.target;
    while (at && at !== form && at.tagName !== "BUTTON") at = at.parentNode;
    pressed = at && at.tagName === "BUTTON" && at.type === "submit" ? at : null;
  });

  form.addEventListener("submit", function (event) {
    var button = event.submitter || pressed, body, typed = text.value;
    pressed = null;
    if (button && button.getAttribute("formaction")) return;
    event.preventDefault();
    if (id("more")) id("more").removeAttribute("open");
    body = new FormData(form);
    if (button && button.name) body.append(button.name, button.value);
    else body.append("send", "1");
    if (button && button.name !== "send") { body["delete"] && body["delete"]("text"); typed = ""; }
    send(body, typed, !!button && button.className !== "send" && button.className !== "first");
  });

  // ---------------------------------------------------------------- the stream: one, for the tab that is looked at

  function follow() {
    if (!window.EventSource || source || doc.hidden || log.getAttribute("data-stream") !== "1") return;
    source = new EventSource("/chat/flux?apres=" + seq);
    source.addEventListener("vue", function (event) {
      var data = JSON.parse(event.data), was = seq;
      if (data.seq <= was || busy) return;
      show(data);
      down();
    });
    source.onerror = function () { if (source && source.readyState === 2) stop(); };
  }
  function stop() { if (source) { source.close(); source = null; } }
  doc.addEventListener("visibilitychange", function () { if (doc.hidden) stop(); else follow(); });
  window.addEventListener("online", function () { stop(); follow(); });
  window.addEventListener("pagehide", stop);
  setInterval(follow, 15000);

  // ---------------------------------------------------------------- the field, and the controls that a script makes easier

  function grow() { text.style.height = "auto"; text.style.height = Math.min(text.scrollHeight + 3, 160) + "px"; }
  function left() {
    var hint = id("hint"), most = id("screen") ? +id("screen").getAttribute("data-max") : 0;
    if (!hint || !most) return;
    var over = text.value.length - most;
    hint.textContent = over > 0 ? "C’est " + over + " de trop : " + most + " caractères au plus." : text.value ? "Encore " + -over + " caractères." : most + " caractères au plus.";
    id("hint-live").textContent = over > 0 ? hint.textContent : "";
  }
  text.addEventListener("input", function () { grow(); left(); });
  text.addEventListener("keydown", function (event) {
    var mouse = window.matchMedia && matchMedia("(pointer: fine)").matches;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && mouse) {
      event.preventDefault();
      form.querySelector("button.send").click();
    }
  });

  function ticks() {
    var boxes = controls.querySelectorAll('.ticks input[type="checkbox"]'), count = id("count");
    if (!boxes.length || !count) return;
    function tell() {
      var on = controls.querySelectorAll(".ticks input:checked").length;
      count.textContent = on + (on > 1 ? " choisis" : " choisi");
    }
    each(boxes, function (box) { box.addEventListener("change", tell); });
    tell();
  }

  function ranks() {
    var list = id("ranks"), order = [];
    if (!list) return;
    list.querySelector(".plain").hidden = true;
    list.querySelector("legend .touch").hidden = false;
    function draw() {
      each(list.querySelectorAll(".rank"), function (row) {
        var select = row.querySelector("select"), place = order.indexOf(select) + 1;
        select.value = place || "";
        row.className = place ? "rank on" : "rank";
        row.querySelector(".place").textContent = place || "";
        row.querySelector(".touch").setAttribute("aria-pressed", place ? "true" : "false");
      });
    }
    each(list.querySelectorAll(".rank"), function (row) {
      var select = row.querySelector("select"), label = row.querySelector("label"), touch = doc.createElement("button");
      touch.type = "button";
      touch.className = "touch";
      touch.innerHTML = '<span class="place"></span>' + label.innerHTML;
      touch.onclick = function () {
        var at = order.indexOf(select);
        if (at < 0) order.push(select); else order.splice(at, 1);
        draw();
      };
      label.hidden = true;
      select.hidden = true;
      row.insertBefore(touch, label);
    });
    draw();
  }

  function prepare() {
    var box = id("screen");
    if (box && box.getAttribute("data-current") && !text.value) text.value = box.getAttribute("data-current");
    ticks();
    ranks();
    left();
    grow();
  }

  // ---------------------------------------------------------------- the browser's own voice

  function say(words) {
    var voice = new SpeechSynthesisUtterance(words);
    voice.lang = "fr-BE";
    speechSynthesis.cancel();
    speechSynthesis.speak(voice);
  }
  function words(item) { return item.querySelector(".said").textContent.replace(/^\s*[^:]{1,40}:/, ""); }
  function voices() {
    if (!window.speechSynthesis) return;
    each(log.querySelectorAll(".bot.is-text:not(.wait)"), function (item) {
      if (item.querySelector(".speak")) return;
      var button = doc.createElement("button");
      button.type = "button";
      button.className = "speak";
      button.setAttribute("aria-label", "Écouter cette bulle");
      button.innerHTML = '<svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="M5 10v4h3l4 4V6l-4 4z"/><path d="M16 9a4 4 0 0 1 0 6"/></svg>';
      button.onclick = function () { say(words(item)); };
      item.querySelector(".said").appendChild(button);
    });
  }
  if (window.speechSynthesis && id("listen")) {
    id("listen").hidden = false;
    id("listen").onclick = function () {
      var last = [], items = log.querySelectorAll(".bot"), at = items.length - 1;
      while (at >= 0 && last.length < 4 && (at === items.length - 1 || items[at].nextElementSibling === items[at + 1])) last.unshift(words(items[at--]));
      id("more").removeAttribute("open");
      say(last.join(". "));
    };
  }

  prepare();
  voices();
  if (log.children.length > 3 || location.hash === "#fin") { calm = true; down(); calm = window.matchMedia && matchMedia("(prefers-reduced-motion: reduce)").matches; }
  follow();
}());
