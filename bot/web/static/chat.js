/* The conversation without reloading: sends, shows, follows the stream, reads aloud. The page works without it. */
(function () {
  "use strict";
  var doc = document, form = doc.getElementById("answer");
  function all(root, what, fn) { Array.prototype.forEach.call(root.querySelectorAll(what), fn); }
  function make(tag, kind, text) {
    var it = doc.createElement(tag);
    if (kind) { it.className = kind; }
    if (text) { it.textContent = text; }
    return it;
  }

  // ------------------------------------------------ on every page: the quick exit, menus, copying, a shared device
  doc.addEventListener("click", function (event) {
    var on = event.target.closest ? event.target : doc.body, exit = on.closest("[data-exit]"), copy = on.closest("[data-copy]");
    if (exit) { event.preventDefault(); doc.body.hidden = true; location.replace(exit.href); }
    if (copy) { navigator.clipboard.writeText(copy.getAttribute("data-copy")).then(function () { copy.textContent = "Copié"; }); }
    all(doc, ".menu[open], .bar details[open]", function (one) {
      if (!one.contains(on) || on.closest("button")) { one.open = false; }
    });
  });
  doc.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    all(doc, ".menu[open], .bar details[open]", function (one) { one.open = false; one.querySelector("summary").focus(); });
  });
  function copies(root) { if (navigator.clipboard) { all(root, "[data-copy]", function (one) { one.hidden = false; }); } }
  copies(doc);
  var lastAct = Date.now();
  if (doc.body.getAttribute("data-shared")) {
    ["pointerdown", "keydown", "scroll"].forEach(function (name) {
      doc.addEventListener(name, function () { lastAct = Date.now(); }, { passive: true });
    });
    setInterval(function () {
      var leave = doc.getElementById("leave");
      if (Date.now() - lastAct > 600000 && leave) { lastAct = Date.now(); leave.submit(); }
    }, 5000);
  }
  if (!form || !window.fetch || !window.FormData) { return; }

  // ------------------------------------------------ the conversation
  var log = doc.getElementById("log"), screen = doc.getElementById("screen"), notice = doc.getElementById("notice"),
    text = doc.getElementById("text"), count = doc.getElementById("count"), field = form.elements,
    busy = false, source = null, pressed = null, MAX = +form.getAttribute("data-max");

  function seq() { return +field.seq.value || 0; }
  function say(words, again) {
    notice.textContent = words || "";
    if (again) {
      var button = make("button", "quiet", "Réessayer");
      button.type = "button";
      button.onclick = again;
      notice.appendChild(button);
    }
  }
  function toEnd() {
    var old = log.querySelectorAll(".msg"), last = old[old.length - 1];
    if (last && screen.offsetHeight + 260 > window.innerHeight) { last.scrollIntoView({ block: "start" }); }
    else { doc.getElementById("fin").scrollIntoView({ block: "end" }); window.scrollTo(0, doc.documentElement.scrollHeight); }
  }
  function grow() {
    text.style.height = "auto";
    text.style.height = Math.min(text.scrollHeight + 3, 150) + "px";
    var asked = screen.querySelector("[data-chars]"), limit = (asked && +asked.getAttribute("data-chars")) || 0,
      most = limit || MAX, left = most - text.value.length, near = limit ? text.value.length > 0 : left < 300;
    count.hidden = !near;
    count.className = left < 0 ? "hint over" : "hint";
    count.textContent = !near ? "" : left < 0 ? -left + (left < -1 ? " signes de trop" : " signe de trop") : text.value.length + " signes sur " + most;
  }

  function append(html, known) {
    var box = make("div"), first = null;
    box.innerHTML = html;
    while (box.firstElementChild) {
      var item = box.firstElementChild, at = +item.getAttribute("data-seq");
      box.removeChild(item);
      if (at && at <= known) { continue; }
      log.appendChild(item);
      if (!first && item.classList.contains("bot")) { first = item; }
    }
    return first;
  }
  function setScreen(html, force) {
    var box = make("div"), now = screen.querySelector("[data-screen]"), next;
    box.innerHTML = html || "";
    next = box.querySelector("[data-screen]");
    if (!force && now && next && now.getAttribute("data-screen") === next.getAttribute("data-screen")) { return; }
    screen.innerHTML = html || "";
    field.screen.value = next ? next.getAttribute("data-screen") : "";
    enhance();
  }
  function show(data, mine) {
    var known = seq(), typing = doc.activeElement === text && !mine, first;
    if (!mine && data.seq <= known) { return; }
    first = append(data.html, known);
    field.seq.value = Math.max(known, data.seq || 0);
    setScreen(data.screen, mine);
    speakers();
    if (!typing) { toEnd(); }
    return first;
  }

  // ------------------------------------------------ sending
  function send(button) {
    if (busy) { return; }
    var data = new FormData(form), name = button && button.name, only = name === "pick" || name === "command" || (button && button.hasAttribute("data-without")), file = field.file;
    if (!data.get("text") && !name) { return; }
    if (name === "send" && button.value === "text" && !text.value.trim() && !(file && file.value) && !screen.querySelector(":checked") && !(field.date && field.date.value)) { text.focus(); return; }
    if (file && file.files[0] && file.files[0].size > 5242880) { say("Cette image est trop lourde : 5 Mo au plus. Choisis-en une autre."); return; }
    if (only) { data.set("text", ""); }
    if (name === "command") { data.delete("file"); }
    if (name) { if (name === "pick") { data.delete("pick"); } data.set(name, button.value); }
    busy = true;
    pressed = button;
    if (button) { button.classList.add("pressed"); }
    form.classList.add("busy");
    form.setAttribute("aria-busy", "true");
    say("");
    post(data, !only, button);
  }
  function done() {
    busy = false;
    if (pressed) { pressed.classList.remove("pressed"); }
    form.classList.remove("busy");
    form.removeAttribute("aria-busy");
  }
  function failed(data, wasText, button) {
    done();
    say("Pas envoyé. Ta réponse est toujours là.", function () { busy = true; say(""); post(data, wasText, button); });
  }
  function post(data, wasText, button) {
    fetch("/chat", { method: "POST", body: data, headers: { "X-Boussole": "1" }, credentials: "same-origin" }).then(function (answer) {
      return answer.json().then(function (news) { return { ok: answer.ok, status: answer.status, news: news }; });
    }).then(function (got) {
      var news = got.news, sent = text.value;
      if (news.redirect) { location.href = news.redirect; return; }
      if (!got.ok && got.status >= 500) { failed(data, wasText, button); return; }
      done();
      if (!got.ok) { say(news.notice); return; }
      if (wasText && !news.notice && sent === data.get("text")) { text.value = ""; }
      if (news.csrf) { field.csrf.value = news.csrf; }
      field.key.value = news.key;
      field.visit.value = news.visit || "";
      arrived(news, button);
    })["catch"](function () { failed(data, wasText, button); });
  }
  function arrived(news, button) {
    var first = show(news, true), control, box;
    say(news.notice);
    grow();
    if (news.person && form.getAttribute("data-stream") !== "1") {
      form.setAttribute("data-stream", "1");
      all(doc, "[data-known]", function (one) { one.hidden = false; });
      all(doc, "[data-unknown]", function (one) { one.hidden = true; });
      all(doc, "#leave [name=csrf]", function (one) { one.value = news.csrf || field.csrf.value; });
      follow();
    }
    if (news.code) {
      box = make("div");
      box.innerHTML = news.code;
      while (box.firstChild) { log.appendChild(box.firstChild); }
      copies(log);
      control = log.querySelector("[data-code]");
      control.scrollIntoView({ block: "start" });
      control.focus({ preventScroll: true });
      return;
    }
    if (news.notice) { text.focus({ preventScroll: true }); return; }
    if (button === null || (button && button.className === "send")) { text.focus({ preventScroll: true }); return; }
    control = screen.querySelector("button, input:not([type=hidden]), select");
    if (control) { control.focus({ preventScroll: true }); }
    else if (first && matchMedia("(pointer: coarse)").matches) { log.focus({ preventScroll: true }); }
    else { text.focus({ preventScroll: true }); }
  }
  form.addEventListener("submit", function (event) {
    var button = event.submitter === undefined ? pressed : event.submitter;
    if (button && button.form !== form) { return; }
    event.preventDefault();
    send(button && button.className === "default" ? form.querySelector(".send") : button);
  });
  form.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (button && button.form === form && button.type === "submit") { pressed = button; }
  });
  text.addEventListener("input", grow);
  text.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !matchMedia("(pointer: coarse)").matches) {
      event.preventDefault();
      send(form.querySelector(".send"));
    }
  });

  // ------------------------------------------------ ticking, ordering, pictures
  function enhance() {
    var ask = screen.querySelector("[data-kind]"), most = ask ? +ask.getAttribute("data-maximum") : 0;
    if (field.file) {
      field.file.onchange = function () {
        var file = field.file.files[0];
        doc.getElementById("file-said").textContent = file ? file.name + " : touche Envoyer." : "";
        if (file) { form.querySelector(".send").focus(); }
      };
    }
    if (ask && ask.getAttribute("data-kind") === "multi" && most > 1) {
      var limit = function () {
        var full = ask.querySelectorAll(":checked").length >= most;
        all(ask, "[type=checkbox]", function (one) { one.disabled = full && !one.checked; });
      };
      ask.addEventListener("change", limit);
      limit();
    }
    if (ask && ask.getAttribute("data-kind") === "rank") { ranks(ask, most); }
    grow();
  }
  function ranks(ask, most) {
    var order = [], go = ask.querySelector(".go"), items = [];
    doc.getElementById("rank-how").textContent = "Touche dans l’ordre : ton premier d’abord. Touche encore pour enlever.";
    function draw() {
      items.forEach(function (it) {
        var at = order.indexOf(it);
        it.button.setAttribute("aria-pressed", at >= 0 ? "true" : "false");
        it.place.textContent = at >= 0 ? at + 1 : "";
        it.select.value = at >= 0 ? String(at + 1) : "";
      });
      go.disabled = order.length === 0;
    }
    all(ask, ".rank", function (row) {
      var it = { select: row.querySelector("select"), button: make("button", "pick rank-tap"), place: make("span", "place") };
      it.button.type = "button";
      it.button.appendChild(it.place);
      all(row, "label > *", function (part) { it.button.appendChild(part); });
      it.button.onclick = function () {
        var at = order.indexOf(it);
        if (at >= 0) { order.splice(at, 1); } else if (order.length < most) { order.push(it); }
        draw();
      };
      row.className = "";
      row.querySelector("label").hidden = true;
      it.select.hidden = true;
      row.appendChild(it.button);
      items.push(it);
    });
    draw();
  }

  // ------------------------------------------------ reading aloud
  var voice = window.speechSynthesis && window.SpeechSynthesisUtterance;
  function speakers() {
    if (!voice) { return; }
    all(log, ".speak", function (old) { old.parentNode.removeChild(old); });
    var items = log.querySelectorAll(".msg"), at = items.length - 1, group = [], button;
    while (at >= 0 && items[at].classList.contains("bot")) { group.unshift(items[at]); at -= 1; }
    group = group.filter(function (one) { return one.querySelector(".bubble, .card"); });
    if (!group.length) { return; }
    button = make("button", "speak");
    button.type = "button";
    button.setAttribute("aria-label", "Écouter");
    button.innerHTML = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 9v6h4l5 4V5L8 9zM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11"/></svg>';
    button.onclick = function () {
      if (voice.speaking) { voice.cancel(); return; }
      group.forEach(function (one) {
        var part = new SpeechSynthesisUtterance(one.querySelector(".bubble, .card").textContent.replace(/\s+/g, " "));
        part.lang = "fr-BE";
        voice.getVoices().forEach(function (v) { if (v.lang === "fr-BE" || (v.lang.indexOf("fr") === 0 && !part.voice)) { part.voice = v; } });
        voice.speak(part);
      });
    };
    group[group.length - 1].appendChild(button);
  }

  // ------------------------------------------------ the stream: one for a browser, only while the page is seen
  function follow() {
    if (source) { source.close(); source = null; }
    if (form.getAttribute("data-stream") !== "1" || doc.hidden || !window.EventSource) { return; }
    source = new EventSource("/chat/flux?apres=" + seq());
    source.addEventListener("vue", function (event) { show(JSON.parse(event.data), false); });
  }
  doc.addEventListener("visibilitychange", follow);
  window.addEventListener("pagehide", function () { if (source) { source.close(); source = null; } });

  enhance();
  speakers();
  follow();
  if (log.querySelector("[data-code]")) { log.querySelector("[data-code]").scrollIntoView(); } else { toEnd(); }
})();
