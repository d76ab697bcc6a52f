/* The conversation without reloading: sends, shows, follows the stream. ES5. Without it everything works by form posts. */
(function () {
  "use strict";
  var doc = document, form = doc.getElementById("answer");
  if (!form || !window.fetch || !window.FormData || !FormData.prototype.set) { return; }
  var log = doc.getElementById("log"), screen = doc.getElementById("screen"), notice = doc.getElementById("notice"),
    text = doc.getElementById("text"), count = doc.getElementById("count"), field = form.elements,
    MAX = +form.getAttribute("data-max"), MAX_FILE = 5242880, busy = false, source = null, pressed = null;

  function all(root, what, act) { Array.prototype.forEach.call(root.querySelectorAll(what), act); }
  function tell(name) { var event = doc.createEvent("Event"); event.initEvent("boussole:" + name, true, false); doc.dispatchEvent(event); }
  function seq() { return +field.seq.value || 0; }
  function touch() { return window.matchMedia && matchMedia("(pointer: coarse)").matches; }

  // ------------------------------------------------ showing

  function say(words, again) {
    var button;
    notice.textContent = words || "";
    if (!again) { return; }
    button = doc.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = "Réessayer";
    button.onclick = again;
    notice.appendChild(button);
    notice.scrollIntoView({ block: "center" });
  }
  function toNew(first) {
    var top, room = window.innerHeight - doc.querySelector(".top").offsetHeight - doc.querySelector(".dock").offsetHeight;
    if (first && doc.getElementById("fin").getBoundingClientRect().top - first.getBoundingClientRect().top > room) {
      top = first.getBoundingClientRect().top + window.pageYOffset - doc.querySelector(".top").offsetHeight - 12;
      window.scrollTo(0, top);
    } else { window.scrollTo(0, doc.documentElement.scrollHeight); }
  }
  function grow() {
    var ask = screen.querySelector("[data-chars]"), limit = (ask && +ask.getAttribute("data-chars")) || 0,
      most = limit || MAX, size = text.value.length, over = size - most, near = limit ? size > 0 : over > -300;
    text.style.height = "auto";
    text.style.height = Math.min(text.scrollHeight + 3, 150) + "px";
    count.hidden = !near;
    count.className = over > 0 ? "hint over" : "hint";
    count.textContent = !near ? "" : over > 0 ? over + (over > 1 ? " signes de trop" : " signe de trop") : size + " signes sur " + most;
  }
  function append(html, known) {
    var box = doc.createElement("div"), first = null, item, at;
    box.innerHTML = html;
    while (box.firstElementChild) {
      item = box.removeChild(box.firstElementChild);
      at = +item.getAttribute("data-seq");
      if (at && at <= known) { continue; }
      log.appendChild(item);
      first = first || item;
    }
    return first;
  }
  function setScreen(html, force) {
    var box = doc.createElement("div"), now = screen.querySelector("[data-screen]"), next;
    box.innerHTML = html || "";
    next = box.querySelector("[data-screen]");
    if (!force && now && next && now.getAttribute("data-screen") === next.getAttribute("data-screen")) { return; }
    screen.innerHTML = html || "";
    field.screen.value = next ? next.getAttribute("data-screen") : "";
    if (next && next.getAttribute("data-current") && !text.value) { text.value = next.getAttribute("data-current"); }
    tell("screen");
    grow();
  }
  function show(data, mine) {
    var known = seq(), first;
    if (!mine && data.seq <= known) { return; }
    first = append(data.html || "", known);
    field.seq.value = Math.max(known, data.seq || 0);
    setScreen(data.screen, mine);
    tell("messages");
    if (mine || doc.activeElement !== text) { toNew(first); }
  }

  // ------------------------------------------------ sending

  function empty() {
    return !text.value.trim() && !(field.file && field.file.value) && !(field.date && field.date.value) && !screen.querySelector(":checked");
  }
  function send(button) {
    var data, name = button.name, alone = name !== "send" || button.hasAttribute("data-without");
    if (busy) { return; }
    if (button.value === "text" && name === "send" && empty()) { text.focus(); return; }
    if (field.file && field.file.files[0] && field.file.files[0].size > MAX_FILE) {
      say("Cette image est trop lourde : 5 Mo au plus. Choisis-en une autre.");
      return;
    }
    data = new FormData(form);
    if (alone) { data.set("text", ""); }
    if (name === "command") { data["delete"]("file"); }
    data.set(name, button.value);
    post(data, button);
  }
  function state(sending, button) {
    busy = sending;
    form.classList.toggle("busy", sending);
    if (button) { button.classList.toggle("pressed", sending); }
  }
  function post(data, button) {
    function failed() {
      state(false, button);
      say("Pas envoyé. Ta réponse est toujours là.", function () { post(data, button); });
    }
    state(true, button);
    say("");
    fetch("/chat", { method: "POST", body: data, headers: { "X-Boussole": "1" }, credentials: "same-origin" }).then(function (answer) {
      return answer.json().then(function (news) {
        if (news.redirect) { location.href = news.redirect; return; }
        if (answer.status >= 500) { failed(); return; }
        state(false, button);
        if (!answer.ok) { say(news.notice); return; }
        if (!news.notice && data.get("text") && text.value === data.get("text")) { text.value = ""; }
        arrived(news, button);
      });
    })["catch"](failed);
  }
  function arrived(news, button) {
    field.key.value = news.key;
    field.visit.value = news.visit || "";
    if (news.csrf) { all(doc, "input[name=csrf]", function (one) { one.value = news.csrf; }); }
    if (news.push) { tell("push"); }
    show(news, true);
    say(news.notice);
    if (news.person && form.getAttribute("data-stream") !== "1") {
      form.setAttribute("data-stream", "1");
      all(doc, "[data-known]", function (one) { one.hidden = false; });
      all(doc, "[data-unknown]", function (one) { one.hidden = true; });
      follow();
    }
    if (news.code) { showCode(news.code); } else { focus(button, news.notice); }
  }
  function showCode(html) {
    var box = doc.createElement("div"), code;
    box.innerHTML = html;
    while (box.firstChild) { log.appendChild(box.firstChild); }
    tell("code");
    tell("messages");
    code = log.querySelector("[data-code]");
    code.focus({ preventScroll: true });
    toNew(code);
  }
  function focus(button, notice) {
    var control = screen.querySelector("button, input:not([type=hidden]):not([tabindex]), select:not([hidden])");
    if (notice || button.className === "send" || !control) {
      if (!touch() || button.className === "send") { text.focus({ preventScroll: true }); } else { log.focus({ preventScroll: true }); }
    } else { control.focus({ preventScroll: true }); }
  }

  form.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    pressed = button && button.form === form && button.type === "submit" ? button : pressed;
  });
  form.addEventListener("submit", function (event) {
    var button = event.submitter || pressed;
    event.preventDefault();
    pressed = null;
    send(!button || button.className === "default" ? form.querySelector(".send") : button);
  });
  text.addEventListener("input", grow);
  text.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !touch()) {
      event.preventDefault();
      send(form.querySelector(".send"));
    }
  });

  // ------------------------------------------------ the stream: only for the tab that is looked at

  function stop() { if (source) { source.close(); source = null; } }
  function follow() {
    if (doc.hidden) { stop(); return; }
    if (source || !window.EventSource || form.getAttribute("data-stream") !== "1") { return; }
    source = new EventSource("/chat/flux?apres=" + seq());
    source.addEventListener("vue", function (event) { if (!busy) { show(JSON.parse(event.data), false); } });
    source.onerror = function () { if (source && source.readyState === 2) { source = null; } };
  }
  doc.addEventListener("visibilitychange", follow);
  window.addEventListener("online", function () { stop(); follow(); });
  window.addEventListener("pagehide", stop);

  function lastTurn() {
    var items = log.children, at = items.length - 1;
    while (at > 0 && !items[at - 1].classList.contains("me")) { at -= 1; }
    return log.querySelector("[data-code]") || items[at];
  }
  grow();
  toNew(lastTurn());
  follow();
}());
