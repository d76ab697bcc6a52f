/* Without network, the notes of a fair still open: an empty page and its static files, nothing of anybody. ES5. Part of /sw.js. */
(function () {
  "use strict";
  var CACHE = "boussole-notes", PAGE = /^\/forum\/\d+\/notes$/, LONG = 5000;

  function page(request, at) {
    return caches.match(at).then(function (held) {
      if (!held) { return fetch(request); }
      return new Promise(function (done) { // a network that hangs is no network
        var late = setTimeout(function () { done(held); }, LONG);
        fetch(request).then(function (answer) {
          clearTimeout(late);
          done(answer.status >= 500 ? held : answer);
        }, function () {
          clearTimeout(late);
          done(held);
        });
      });
    });
  }
  self.addEventListener("fetch", function (event) {
    var request = event.request, url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) { return; }
    if (request.mode === "navigate" && PAGE.test(url.pathname)) {
      event.respondWith(page(request, url.pathname + "/hors-ligne"));
    } else if (url.pathname.indexOf("/static/") === 0) {
      event.respondWith(caches.open(CACHE).then(function (drawer) { return drawer.match(request); }).then(function (held) { return held || fetch(request); }));
    }
  });
}());
