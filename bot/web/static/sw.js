/* Shows a signal and opens the conversation; beside it, the notes of a fair open without network. ES5. */
importScripts("/static/sw-notes.js");
(function () {
  "use strict";
  var NAME = "Boussole", PAGE = "/chat";

  self.addEventListener("install", function () { self.skipWaiting(); });
  self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
  self.addEventListener("push", function (event) {
    // whatever came with it is not looked at: on a phone that lies on a table, this says nothing of anybody
    event.waitUntil(self.registration.showNotification(NAME + " : il y a du nouveau pour toi.", { tag: "nouveau", lang: "fr" }));
  });
  self.addEventListener("notificationclick", function (event) {
    event.notification.close();
    event.waitUntil(self.clients.matchAll({ type: "window", includeUncontrolled: true }).then(function (open) {
      var i;
      for (i = 0; i < open.length; i += 1) {
        if (new URL(open[i].url).pathname === PAGE && open[i].focus) { return open[i].focus(); }
      }
      return self.clients.openWindow(PAGE);
    }));
  });
}());
