/* Notes at a fair: each waits in this browser until it is sent, is sent once, then is gone from here. ES5. Without it, a form. */
(function () {
  "use strict";
  var doc = document, form = doc.getElementById("noting"), ONE = "boussole.note.", OWNER = "boussole.notes.owner", SHARED = "boussole.notes.shared",
    DRAFT = "boussole.notes.draft", CACHE = "boussole-notes", AGAIN = 20000, LONG = 12000, RATES = ["", "Non", "Bof", "Oui"],
    fair, owner, shell, shared, field, busy = false, again = false, memory = {};
  if (!form || !window.fetch || !window.Promise || !window.FormData || !FormData.prototype.set) { return; }
  fair = form.getAttribute("data-fair");
  field = form.elements;

  // ------------------------------------------------ the browser's drawer: one entry a note, so that two tabs lose nothing

  function read(name) { try { return localStorage.getItem(name); } catch (e) { return null; } }
  function drop(name) { delete memory[name]; try { localStorage.removeItem(name); } catch (e) { return; } }
  function write(name, value) { try { localStorage.setItem(name, value); return true; } catch (e) { return false; } }
  function names() {
    var found = Object.keys(memory), i, name;
    try {
      for (i = 0; i < localStorage.length; i += 1) {
        name = localStorage.key(i);
        if (name.indexOf(ONE) === 0 && found.indexOf(name) < 0) { found.push(name); }
      }
    } catch (e) { return found; }
    return found;
  }
  function note(name) { try { return JSON.parse(memory[name] || read(name)); } catch (e) { return null; } }
  function waiting() { // of this person, the first written first; nobody else's are shown or sent
    return names().map(function (name) {
      var held = note(name);
      if (held) { held.name = name; }
      return held;
    }).filter(function (held) { return held && held.owner === owner; }).sort(function (a, b) { return a.order - b.order; });
  }
  function put(held) {
    var text = JSON.stringify(held), name = ONE + held.key;
    if (write(name, text)) { return true; }
    memory[name] = text;
    return false;
  }
  function newKey() {
    var letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", bytes = new Uint8Array(20), out = "", i;
    (window.crypto || window.msCrypto).getRandomValues(bytes);
    for (i = 0; i < bytes.length; i += 1) { out += letters.charAt(bytes[i] % 62); }
    return out;
  }

  // ------------------------------------------------ showing

  function said(words, alert, link) {
    var box = doc.getElementById("said"), go;
    box.textContent = words || "";
    box.className = alert ? "notice alert" : "notice";
    if (link) {
      box.appendChild(doc.createTextNode(" "));
      go = box.appendChild(doc.createElement("a"));
      go.href = link;
      go.textContent = "Revenir avec mes quatre mots";
    }
  }
  function line(held) {
    var item = doc.createElement("li"), rate;
    item.appendChild(doc.createElement("strong")).textContent = held.stand;
    if (held.rating) {
      rate = item.appendChild(doc.createElement("span"));
      rate.className = "muted";
      rate.textContent = " " + RATES[+held.rating];
    }
    if (held.words) {
      item.appendChild(doc.createElement("br"));
      item.appendChild(doc.createTextNode(held.words));
    }
    return item;
  }
  function button(label, act) {
    var made = doc.createElement("button");
    made.type = "button";
    made.className = "quiet";
    made.textContent = label;
    made.onclick = act;
    return made;
  }
  function bad(held, item) { // the centre would not take it as it is: give the words back
    item.appendChild(doc.createElement("p")).textContent = held.bad;
    item.appendChild(button("Corriger", function () {
      drop(held.name); fill(held); show(); field.other.focus();
    }));
  }
  function show() {
    var list = doc.getElementById("waits"), held = waiting(), hidden = shared && !form.getAttribute("data-owner");
    list.innerHTML = "";
    doc.getElementById("waiting").hidden = !held.length;
    if (hidden && held.length) { // an offline page on a device of several: how many, not what
      list.appendChild(doc.createElement("li")).textContent = held.length + (held.length > 1 ? " notes attendent." : " note attend.");
      return;
    }
    held.forEach(function (one) {
      var item = line(one), mark = doc.createElement("span");
      mark.className = "waits";
      mark.textContent = one.bad ? "À corriger" : "En attente";
      item.insertBefore(doc.createTextNode(" "), item.firstChild);
      item.insertBefore(mark, item.firstChild);
      if (one.bad) { bad(one, item); }
      list.appendChild(item);
    });
  }
  function fill(held) {
    Array.prototype.forEach.call(form.querySelectorAll("input[type=radio]"), function (one) {
      one.checked = one.name === "rating" ? one.value === String(held.rating || "") : one.value === held.stand;
    });
    field.other.value = form.querySelector("input[name=stand]:checked") ? "" : held.stand || "";
    field.words.value = held.words || "";
  }

  // ------------------------------------------------ sending

  function quick(path, options) { // a network that never answers is no network
    return new Promise(function (done, fail) {
      var late = setTimeout(function () { fail(new Error("late")); }, LONG);
      options.credentials = "same-origin";
      options.headers = { "X-Boussole": "1" };
      fetch(path, options).then(function (answer) { clearTimeout(late); done(answer); }, function (error) { clearTimeout(late); fail(error); });
    });
  }
  function lost() { said("Ta session est finie sur cet appareil. Tes notes attendent ici.", true, "/retour?perdu=1"); }
  function post(held, csrf) {
    var data = new FormData();
    ["key", "words"].forEach(function (name) { data.set(name, held[name] || ""); });
    data.set("other", held.stand);
    data.set("rating", held.rating || "");
    data.set("csrf", csrf);
    return quick("/forum/" + held.fair + "/notes", { method: "POST", body: data }).then(function (answer) {
      return answer.json().then(function (news) { news.status = answer.status; return news; });
    });
  }
  function went(held, news) {
    var list = doc.getElementById("kept");
    drop(held.name);
    doc.getElementById("sent").hidden = false;
    list.insertBefore(line(held), list.firstChild);
    show();
    return news.redirect || "";
  }
  function each(csrf, left, to) {
    var held = left.shift();
    if (!held) { return Promise.resolve(to); }
    if (held.bad || !note(held.name)) { return each(csrf, left, to); } // another tab sent it meanwhile
    return post(held, csrf).then(function (news) {
      if (news.status === 200) { return each(csrf, left, went(held, news) || to); }
      if (news.status === 401) { lost(); return to; }
      if (news.status === 422 || news.status === 404) {
        held.bad = news.notice;
        put(held);
        show();
        return each(csrf, left, to);
      }
      throw new Error("later");
    });
  }
  function flush() {
    var count = waiting().filter(function (one) { return !one.bad; }).length;
    if (busy) { again = true; return; }
    if (!count || !owner) { return; }
    busy = true;
    quick("/forum/" + fair + "/notes/jeton", { method: "GET" }).then(function (answer) {
      if (answer.status === 401) { lost(); return ""; }
      if (!answer.ok) { throw new Error("later"); }
      return answer.json().then(function (found) {
        if (found.owner !== owner) { location.reload(); return ""; } // somebody else came back on this device
        return each(found.csrf, waiting(), "").then(function (to) {
          if (!waiting().length) { said(count > 1 ? "Tes notes sont gardées." : "C’est gardé."); }
          return to;
        });
      });
    }).then(function (to) {
      busy = false;
      if (to) { location.href = to; return; }
      if (again) { again = false; flush(); }
    }, function () {
      busy = again = false;
      said("Pas de réseau : ta note attend ici, elle partira toute seule.");
    });
  }

  form.addEventListener("submit", function (event) {
    var stand = form.querySelector("input[name=stand]:checked"), rating = form.querySelector("input[name=rating]:checked"), held;
    event.preventDefault();
    held = {
      key: newKey(), fair: fair, owner: owner, stand: field.other.value.trim() || (stand ? stand.value : ""),
      rating: rating ? rating.value : "", words: field.words.value.trim(), order: Date.now()
    };
    if (!held.stand) { said("Il manque le nom du stand.", true); field.other.focus(); return; }
    said(put(held) ? "Noté." : "Ce navigateur ne garde rien : laisse cette page ouverte jusqu’à ce que la note parte.");
    drop(DRAFT);
    form.reset();
    fill({});
    show();
    flush();
  });
  form.addEventListener("input", function () { // a tab that is killed in the middle of a word
    var stand = form.querySelector("input[name=stand]:checked"), rating = form.querySelector("input[name=rating]:checked");
    if (shared) { return; }
    write(DRAFT, JSON.stringify({
      owner: owner, fair: fair, stand: field.other.value || (stand ? stand.value : ""), rating: rating ? rating.value : "", words: field.words.value
    }));
  });

  // ------------------------------------------------ the page itself without network: its empty shell, nothing of anybody

  function keepShell() {
    var wanted = [form.getAttribute("data-shell-at")].concat(form.getAttribute("data-static").split(" "));
    if (shell || !navigator.serviceWorker || !window.caches) { return; }
    navigator.serviceWorker.register("/sw.js", { scope: "/" }).then(function () { return navigator.serviceWorker.ready; }).then(function () {
      return caches.open(CACHE);
    }).then(function (drawer) {
      return drawer.addAll(wanted).then(function () { return drawer.keys(); }).then(function (all) {
        return Promise.all(all.map(function (one) {
          var url = new URL(one.url);
          return wanted.indexOf(url.pathname + url.search) < 0 ? drawer["delete"](one) : null;
        }));
      });
    }).then(function () { doc.documentElement.setAttribute("data-offline", "ready"); })["catch"](function () { return null; });
  }

  function begin() {
    var draft;
    shell = form.getAttribute("data-shell") === "1";
    owner = form.getAttribute("data-owner");
    shared = form.getAttribute("data-shared") === "1";
    if (owner) {
      write(OWNER, owner);
      if (shared) { write(SHARED, "1"); } else { drop(SHARED); }
    } else {
      owner = read(OWNER) || "";
      shared = read(SHARED) === "1";
      form.hidden = !owner;
      if (shell) { said(owner ? "Pas de réseau. Tu peux écrire : tes notes partiront quand il revient." : "Pas de réseau. Reviens sur cette page quand il est là."); }
    }
    try { draft = JSON.parse(read(DRAFT) || "null"); } catch (e) { draft = null; }
    if (draft && draft.owner === owner && draft.fair === fair && !field.words.value && !field.other.value) { fill(draft); }
    show();
    if (form.getAttribute("data-owner") || shell) { flush(); }
    if (form.getAttribute("data-owner")) { keepShell(); }
  }
  window.addEventListener("online", flush);
  window.addEventListener("storage", show);
  doc.addEventListener("visibilitychange", function () { if (!doc.hidden) { flush(); } });
  setInterval(flush, AGAIN);
  begin();
}());
