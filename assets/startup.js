// What the page says where it cannot start: nothing else of it would be on screen.
//
// It comes before everything else and is a classic script in a file of its own: under file:// browsers load no modules,
// and the page's Content-Security-Policy allows no inline script. It is written in ECMAScript 5, because old browsers are
// among those that need it.
(function () {
  "use strict";

  // The build writes the texts of lang/*.ftl here: see xtask/src/languages.rs.
  var TEXTS = {};

  // Where src/ui/browser/language.rs keeps the reader's choice.
  var LANGUAGE = "attnscope-language";

  var shown = null;
  // The binary runs: what went wrong before that did not keep it from it.
  var runs = false;

  /** A parameter of the address; null where it is not there. */
  function parameter(name) {
    var found = new RegExp("[?&]" + name + "(?:=([^&]*))?(?=&|$)").exec(location.search);
    return found ? found[1] || "" : null;
  }

  /** A parameter that is on, as src/ui/browser/frame.rs reads it. */
  function isOn(name) {
    var value = parameter(name);
    return value !== null && value.trim() !== "0" && value.trim() !== "false";
  }

  /**
   * Says what the style sheet shows before the page itself is there, so that nothing moves when it comes: the bars and
   * boxes of what was asked for and, for the bare address in English, the first sentence with its edges. The same
   * attributes are set by src/ui/browser/frame.rs, theme.rs and the lesson.
   */
  function lay() {
    var root = document.documentElement;
    var theme = parameter("theme");
    var kept = null;
    try {
      kept = localStorage.getItem("attnscope-theme");
    } catch (refused) {
      // The reader forbids storage: the system's theme holds.
    }
    if (theme !== "dark" && theme !== "light") theme = kept;
    if (theme === "dark" || theme === "light") root.setAttribute("data-theme", theme);
    var language = texts();
    root.setAttribute("lang", language[0]);
    if (language[1]) root.setAttribute("dir", language[1].direction);
    if (isOn("embed")) {
      var controls = parameter("controls");
      root.setAttribute("data-embed", controls === "none" || controls === "simple" ? controls : "full");
      if (isOn("lock")) root.setAttribute("data-lock", "");
      if (parameter("grid") === "closed") root.setAttribute("data-grid", "closed");
    }
    if (location.hash.indexOf("#/lesson") === 0) root.setAttribute("data-lesson", "");
    var isBare = !isOn("embed") && location.hash.length < 2 && language[0] === "en";
    root.setAttribute("data-first", isBare ? "picture" : "boxes");
  }

  /** The texts in the reader's language, chosen as src/ui/browser/language.rs does. */
  function texts() {
    var tags = [];
    var asked = /[?&]lang=([^&]*)/.exec(location.search);
    if (asked) tags.push(asked[1]);
    try {
      tags.push(localStorage.getItem(LANGUAGE));
    } catch (refused) {
      // The reader forbids storage: then nothing is kept there.
    }
    tags = tags.concat(navigator.languages || navigator.language);
    for (var i = 0; i < tags.length; i++) {
      var code = String(tags[i]).split("-")[0].toLowerCase();
      if (Object.prototype.hasOwnProperty.call(TEXTS, code)) return [code, TEXTS[code]];
    }
    return ["en", TEXTS.en];
  }

  function started() {
    return document.querySelector("main") !== null;
  }

  /** Puts a sentence at the top of the page, with `value` in its place, which keeps a direction of its own. */
  function say(name, value) {
    var line = document.createElement("p");
    var found = texts();
    line.className = "fault";
    line.lang = found[0];
    line.dir = found[1].direction;
    line.textContent = found[1][name].split("$").join("\u2068" + value + "\u2069");
    line.setAttribute("role", "alert");
    function put() {
      document.body.insertBefore(line, document.body.firstChild);
    }
    if (document.body) put();
    else document.addEventListener("DOMContentLoaded", put);
    return line;
  }

  /** Says once why the page does not start. */
  function fail(name, value) {
    if (!shown && !started()) shown = say(name, value);
  }

  function fileName(address) {
    return address.split(/[?#]/)[0].split("/").pop();
  }

  /** The addresses of what the page cannot start without, as far as they are known. */
  function parts() {
    var all = [];
    var named = document.querySelectorAll('script[src], link[rel="modulepreload"], link[type="application/wasm"]');
    for (var i = 0; i < named.length; i++) all.push(named[i].src || named[i].href);
    // Scripts that others import have no element.
    performance.getEntriesByType("resource").forEach(function (entry) {
      if (/\.(js|wasm)$/.test(entry.name)) all.push(entry.name);
    });
    return all.filter(function (address, i) {
      return address.indexOf(location.origin) === 0 && all.indexOf(address) === i;
    });
  }

  /** Something went wrong before the page stood: a part that is not there is named, or else the browser's own words. */
  function investigate(message) {
    if (shown || started() || location.protocol === "file:") return;
    if (!window.fetch || !window.Promise) return fail("failed", message);
    var ran = runs;
    var missing = parts().map(function (address) {
      return fetch(address, { method: "HEAD" }).then(
        function (answer) { return answer.ok ? null : address; },
        function () { return address; }
      );
    });
    Promise.all(missing).then(function (all) {
      if (runs !== ran) return;
      var lost = all.filter(Boolean)[0];
      if (lost) fail("part", fileName(lost));
      else fail("failed", message);
    });
  }

  /** Even the smallest module is refused where a policy or the reader forbids WebAssembly. */
  function hasWebAssembly() {
    try {
      new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
      return true;
    } catch (refused) {
      return false;
    }
  }

  lay();

  // Files that do not come report their error on their elements, and only on the way down to these.
  addEventListener("error", function (event) {
    var element = event.target;
    if (!element || element === window) return investigate(event.message);
    if (element.localName === "script") investigate(fileName(element.src));
    if (element.localName === "link" && element.rel === "stylesheet") say("part", fileName(element.href));
  }, true);
  addEventListener("unhandledrejection", function (event) {
    investigate(String(event.reason));
  });
  // An error of something else, such as an extension of the browser, did not keep the page from starting.
  addEventListener("TrunkApplicationStarted", function () {
    runs = true;
    if (shown) shown.parentNode.removeChild(shown);
    shown = null;
  });

  if (location.protocol === "file:") {
    addEventListener("load", function () { fail("file"); });
  } else if (!hasWebAssembly()) {
    fail("wasm");
  } else if (!("noModule" in document.createElement("script"))) {
    fail("failed", "no JavaScript modules");
  }
})();
