/* The live board of a fair draws itself anew every minute; what cannot be reached stays as it was. ES5. */
(function () {
  "use strict";
  var board = document.getElementById("board");
  if (!board || !window.fetch || !window.DOMParser) { return; }
  setInterval(function () {
    if (document.hidden) { return; }
    fetch(location.href, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok || answer.redirected) { return ""; }
      return answer.text();
    }).then(function (html) {
      var next = html && new DOMParser().parseFromString(html, "text/html").getElementById("board");
      if (next) { board.innerHTML = next.innerHTML; }
    }).catch(function () { /* the next minute */ });
  }, 60000);
}());
