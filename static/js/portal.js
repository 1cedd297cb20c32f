/*
 * The supplier portal. Without it every page works; with it a moment is also told in the reader's own
 * zone: data-qf-local marks the element that says it in GMT until then.
 */
"use strict";

(() => {
  const words = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" };
  for (const place of document.querySelectorAll("[data-qf-local] time")) {
    place.textContent = new Intl.DateTimeFormat(document.documentElement.lang, words).format(new Date(place.dateTime));
  }
})();
