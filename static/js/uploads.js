/*
 * How far an upload is. Without it a form with files works as ever; with it
 *   <form data-qf-upload hx-post="…">   is sent by htmx as the whole page it is, when a file is chosen, and
 *   <div data-qf-progress hidden>       with a labelled <progress> and a role=status shows how far it has come.
 * The server answers success with HX-Redirect; a page with refusals takes the place of the one that was sent.
 */
"use strict";

(() => {
  const chosen = (form) => [...form.querySelectorAll("input[type=file]")].some((field) => field.files.length);
  const isUpload = (element) => element instanceof Element && element.matches("form[data-qf-upload]");

  /** Says the quarters to those who listen; the bar moves for those who look. */
  function tell(form, percent) {
    const box = form.querySelector("[data-qf-progress]");
    const bar = box.querySelector("progress");
    box.hidden = percent === null;
    if (percent === null) return;
    bar.value = percent;
    bar.textContent = `${percent} %`;
    const said = percent < 100 ? qf.text("uploading", percent - (percent % 25)) : qf.text("uploaded");
    const status = box.querySelector("[role=status]");
    if (status.textContent !== said) status.textContent = said;
  }

  // A form without a file goes as it always went: what htmx listens to on the form does not hear of it.
  document.addEventListener("submit", (event) => {
    if (isUpload(event.target) && !chosen(event.target)) event.stopImmediatePropagation();
  }, true);
  document.addEventListener("htmx:configRequest", ({ target, detail }) => {
    if (isUpload(target)) detail.headers["HX-Boosted"] = "true"; // the answer is a page, no part of one
  });
  document.addEventListener("htmx:beforeRequest", ({ target, detail }) => {
    if (!isUpload(target)) return;
    detail.xhr.timeout = 0; // a large file may take minutes
    detail.target.removeAttribute("aria-busy"); // of a busy region nothing is read out, and it stands paler
    target.qfArrived = false;
    tell(target, 0);
  });
  document.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
    if (!isUpload(target) || target.qfArrived || !detail.lengthComputable) return;
    target.qfArrived = detail.loaded >= detail.total; // what comes after it is the answer's own progress
    tell(target, Math.floor((100 * detail.loaded) / detail.total));
  });
  document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
    if (isUpload(target) && !detail.successful) tell(target, null);
  });
})();
