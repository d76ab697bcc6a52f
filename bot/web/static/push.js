/* Signals on this browser: offered, turned on by a touch, as easily off; gone with whoever leaves the device. ES5. */
(function () {
  "use strict";
  var doc = document, nav = navigator, box = doc.getElementById("push"), answer = doc.getElementById("answer"),
    chat = box && box.getAttribute("data-in") === "chat", NO = "boussole-signe", busy = false, fresh = false;
  if (!nav.serviceWorker || !window.PushManager || !window.Notification || !window.Promise || !window.fetch) { return; }

  function one(what) { return box.querySelector("[data-push-" + what + "]"); }
  function refused(set) { // « non merci », on this browser only
    try { if (set !== undefined) { if (set) { localStorage.setItem(NO, "non"); } else { localStorage.removeItem(NO); } } return localStorage.getItem(NO) === "non"; } catch (e) { return false; }
  }
  function show(state, words) {
    box.hidden = false;
    ["off", "on", "denied"].forEach(function (name) { one(name).hidden = name !== state; });
    one("said").textContent = words || "";
  }
  function ask(path, endpoint) {
    var data = new FormData(), csrf = doc.querySelector("input[name=csrf]");
    data.set("csrf", csrf ? csrf.value : "");
    data.set("endpoint", endpoint || "");
    return fetch(path, { method: "POST", body: data, headers: { "X-Boussole": "1" }, credentials: "same-origin" }).then(function (got) {
      return got.json().then(function (news) { news.ok = got.ok; return news; });
    });
  }
  function current() {
    return nav.serviceWorker.getRegistration("/").then(function (worker) {
      return worker && worker.pushManager ? worker.pushManager.getSubscription() : null;
    });
  }
  function drop(found) { // here at once, at the centre as soon as there is a network
    return found.unsubscribe()["catch"](function () { return false; }).then(function () { return ask("/push/desabonner", found.endpoint); });
  }
  function leave(gone) { // `gone`: nobody is here any more, so nothing of the worker stays either
    return nav.serviceWorker.getRegistration("/").then(function (worker) {
      if (!worker || !worker.pushManager) { return null; }
      return worker.pushManager.getSubscription().then(function (found) {
        return found ? drop(found)["catch"](function () { return null; }) : null;
      }).then(function () { return worker.getNotifications ? worker.getNotifications() : []; }).then(function (shown) {
        shown.forEach(function (note) { note.close(); });
        return gone ? worker.unregister() : null;
      });
    });
  }

  // ------------------------------------------------ on and off

  function bytes(text) {
    var raw = atob((text + "====".slice(text.length % 4 || 4)).replace(/-/g, "+").replace(/_/g, "/")), out = new Uint8Array(raw.length), i;
    for (i = 0; i < raw.length; i += 1) { out[i] = raw.charCodeAt(i); }
    return out;
  }
  function subscribe() {
    var wanted = { userVisibleOnly: true, applicationServerKey: bytes(box.getAttribute("data-key")) };
    return nav.serviceWorker.register("/sw.js", { scope: "/" }).then(function () { return nav.serviceWorker.ready; }).then(function (worker) {
      return worker.pushManager.subscribe(wanted)["catch"](function (error) {
        if (error.name !== "InvalidStateError") { throw error; } // an older key: begin anew
        return worker.pushManager.getSubscription().then(function (old) { return old && old.unsubscribe(); }).then(function () {
          return worker.pushManager.subscribe(wanted);
        });
      });
    });
  }
  function on() {
    return subscribe().then(function (made) {
      return ask("/push/abonner", made.endpoint).then(function (news) {
        if (news.redirect) { location.href = news.redirect; return; }
        if (news.ok) { refused(false); show("on", "C’est allumé."); return; }
        made.unsubscribe();
        show("off", news.notice);
      }, function () { made.unsubscribe(); throw new Error("network"); });
    })["catch"](function () {
      if (Notification.permission === "denied") { show("denied"); return; }
      show("off", "Ça n’a pas marché. Rien n’a changé : tu peux réessayer.");
    });
  }
  function off() {
    return current().then(function (found) { return found ? drop(found) : null; }).then(function () { show("off", "C’est éteint."); }, function () {
      show("off", "C’est éteint sur cet appareil."); // the browser is deaf now, even if the centre has not heard of it
    });
  }
  function press(act) {
    return function () {
      if (busy) { return; }
      busy = true;
      box.setAttribute("aria-busy", "true");
      function done() { busy = false; box.removeAttribute("aria-busy"); }
      act().then(done, done);
    };
  }

  // ------------------------------------------------ what is true when the page opens

  function undecided() { // each answer asks along whether reminders were said yes to
    var mark = doc.createElement("input");
    mark.type = "hidden";
    mark.name = "push";
    mark.value = "1";
    answer.appendChild(mark);
    doc.addEventListener("boussole:push", function () { mark.disabled = true; fresh = true; show("off"); });
  }
  function ours(found) { // made with the key of now: a push service refuses signals with another
    var made = found.options && found.options.applicationServerKey, wanted = bytes(box.getAttribute("data-key"));
    return !made || Array.prototype.join.call(new Uint8Array(made)) === Array.prototype.join.call(wanted);
  }
  function opened(found) {
    if (!box.hasAttribute("data-person")) { return Promise.resolve({ ok: true }); }
    return ask("/push/etat", found ? found.endpoint : "");
  }
  function begin(found) {
    return opened(found).then(function (news) {
      var mine = !!(found && news.mine && ours(found));
      if (!news.ok) { return null; }
      if (found && !mine) { // of whoever was here before, of an older key, or forgotten at the centre
        if (news.mine) { drop(found)["catch"](function () { return null; }); } else { found.unsubscribe(); }
      }
      if (mine) { if (!chat) { show("on"); } return null; }
      if (!chat) { show(Notification.permission === "denied" ? "denied" : "off"); return null; }
      if (Notification.permission === "denied" || refused()) { return null; }
      if (news.wanted) { show("off"); } else { undecided(); }
      return null;
    });
  }

  if (doc.body.hasAttribute("data-shared") || doc.querySelector("[data-left]")) {
    refused(false);
    leave(!!doc.querySelector("[data-left]"))["catch"](function () { return null; });
    return;
  }
  if (!box) { return; }
  one("yes").addEventListener("click", press(on));
  one("stop").addEventListener("click", press(off));
  if (chat) { // whoever goes on talking has seen it; « mes données » keeps it
    doc.addEventListener("boussole:messages", function () { if (!fresh && !busy) { box.hidden = true; } fresh = false; });
  }
  if (one("no")) { one("no").addEventListener("click", function () { refused(true); box.hidden = true; }); }
  current().then(function (found) { return begin(found); })["catch"](function () { return null; });
}());
