/*
 * The supplier portal. Without it every page works; with it a moment is also told in the reader's own
 * zone: data-qf-local marks the element that says it in GMT until then, and tells how many minutes the
 * site's own zone is ahead of that.
 */
"use strict";

(() => {
  const words = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" };
  for (const place of document.querySelectorAll("[data-qf-local] time")) {
    const moment = new Date(place.dateTime);
    const told = place.closest("[data-qf-local]");
    if (-moment.getTimezoneOffset() === Number(told.dataset.qfLocal)) told.remove(); // the site's own zone: said already
    else place.textContent = new Intl.DateTimeFormat(document.documentElement.lang, words).format(moment);
  }
})();
