/*
 * What every page does: tokens, dialogs, toasts, theme, shortcuts. No inline code, no dependencies;
 * htmx is welcome but not needed. Loaded first: it defines `qf`, which the other scripts use.
 *
 * Attributes it understands:
 *   data-qf-show="#id"        opens that <dialog>          data-qf-close      closes the one around it
 *   data-qf-dialog            a dialog emptied on closing  data-qf-dialog="keep"  one that is not
 *   data-qf-menu              a <details> that closes on Escape and on a click elsewhere
 *   data-qf-preference="x"    a form whose buttons set <html data-x> at once and are stored by POST
 *   data-qf-key="n"           a link or button pressed by that single key
 *   data-qf-go="r"            a link followed by g, then that key
 *   data-qf-search            the field that / goes to (else the first search field)
 *   data-qf-list              rows for j, k, x; each row's first link is its own
 *   data-qf-focus             takes the focus when it appears (error summaries)
 *   data-qf-reveal="id"       shows and hides a password    data-qf-print      prints
 *   data-qf-countdown="ISO"   time left by the server's clock, with data-qf-now="ISO" of the answer
 * Events it answers: qf:close-dialog, qf:session-ended, qf:toast {text, kind}. It sends qf:tick to
 * the body every 30 seconds while the page is in view.
 */
"use strict";

const qf = (() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const make = (tag, attributes = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...children);
    return element;
  };

  /** A sentence of components/_texts.html, each %s replaced in order. */
  function text(name, ...values) {
    const found = byId("qf-texts")?.dataset[name] ?? name;
    return values.reduce((sentence, value) => sentence.replace("%s", value), found);
  }

  /** The CSRF token of now: Django changes it at sign-in, a printed one may be older. */
  function token() {
    const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    return found ? decodeURIComponent(found[1]) : "";
  }

  function toast(sentence, kind = "ok") {
    const box = make("div", { className: `toast ${kind}` }, make("span", { className: "qf-grow" }, sentence));
    if (kind === "bad") box.setAttribute("role", "alert");
    byId("toasts")?.append(box);
  }

  function show(dialog) {
    if (dialog && !dialog.open) dialog.showModal();
  }

  function close(dialog) {
    if (dialog?.open) dialog.close();
  }

  const sessionEnded = () => show(byId("session-ended"));

  /** Digits grouped as 12,34,567 or 1,234,567, from an integer number of minor units. */
  function money(minor, places, lakh) {
    const digits = (minor < 0n ? -minor : minor).toString().padStart(places + 1, "0");
    const whole = digits.slice(0, digits.length - places);
    const fraction = places ? `.${digits.slice(-places)}` : "";
    const grouped = lakh
      ? whole.replace(/\B(?=(\d\d)*\d{3}$)/g, ",").replace(/^,/, "")
      : whole.replace(/\B(?=(\d{3})+$)/g, ",");
    return `${minor < 0n ? "-" : ""}${grouped}${fraction}`;
  }

  return { all, byId, make, text, token, toast, show, close, sessionEnded, money };
})();
window.qf = qf;

/* --- tokens ------------------------------------------------------------------------------------ */
document.addEventListener("submit", (event) => {
  const field = event.target.querySelector("input[name=csrfmiddlewaretoken]");
  if (field && qf.token()) field.value = qf.token();
}, true);
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (!qf.token()) return;
  detail.headers["X-CSRFToken"] = qf.token();
  if (detail.formData?.has("csrfmiddlewaretoken")) detail.formData.set("csrfmiddlewaretoken", qf.token());
});

/* --- the clock: lists and counters listen to qf:tick -------------------------------------------- */
setInterval(() => {
  if (document.visibilityState === "visible") document.body.dispatchEvent(new CustomEvent("qf:tick"));
}, 30000);

function countDown() {
  for (const element of qf.all("[data-qf-countdown]")) {
    element.qfAhead ??= Date.parse(element.dataset.qfNow || new Date().toISOString()) - Date.now();
    const minutes = Math.floor((Date.parse(element.dataset.qfCountdown) - Date.now() - element.qfAhead) / 60000);
    const hours = Math.floor(minutes / 60);
    if (minutes < 0) element.textContent = qf.text("closed");
    else if (hours >= 48) element.textContent = qf.text("days", Math.floor(hours / 24), hours % 24);
    else if (hours) element.textContent = qf.text("hours", hours, minutes % 60);
    else element.textContent = qf.text("minutes", minutes);
  }
}
document.addEventListener("qf:tick", countDown, true);

/* --- dialogs ----------------------------------------------------------------------------------- */
document.addEventListener("htmx:afterSwap", () => {
  const dialog = qf.byId("dlg");
  if (dialog?.childElementCount) qf.show(dialog);
});
document.addEventListener("close", ({ target }) => {
  if (target.matches("dialog[data-qf-dialog='']")) target.replaceChildren();
}, true);
document.addEventListener("qf:close-dialog", () => qf.close(qf.byId("dlg")));
document.addEventListener("qf:session-ended", qf.sessionEnded);

/* --- toasts: eight seconds, longer under the pointer or the focus; errors stay ------------------- */
document.addEventListener("qf:toast", ({ detail }) => qf.toast(detail.text ?? detail.value, detail.kind));

function keepToast(box) {
  const button = qf.make("button", { type: "button", className: "toast-close", textContent: "×" });
  button.setAttribute("aria-label", qf.text("close"));
  button.addEventListener("click", () => box.remove());
  box.append(button);
  if (box.matches(".bad")) return;
  let timer;
  const start = () => { timer = setTimeout(() => box.remove(), 8000); };
  const stop = () => clearTimeout(timer);
  for (const name of ["mouseenter", "focusin"]) box.addEventListener(name, stop);
  for (const name of ["mouseleave", "focusout"]) box.addEventListener(name, start);
  start();
}
const toasts = qf.byId("toasts");
if (toasts) {
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) if (node.nodeType === 1 && !node.querySelector(".toast-close")) keepToast(node);
    }
  }).observe(toasts, { childList: true });
}

/* --- refusals of htmx requests that no page part shows ------------------------------------------- */
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.serverResponse?.includes("data-qf-refusal")) return;
  Object.assign(detail, { shouldSwap: true, isError: false, swapOverride: "none" });
});
document.addEventListener("htmx:responseError", ({ detail }) => {
  const status = detail.xhr.status;
  if (status === 401) return;
  const reason = { 403: "forbidden", 404: "missing", 429: "tooOften" }[status] ?? "failed";
  qf.toast(qf.text(reason), "bad");
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => qf.toast(qf.text("offline"), "bad"));
}
document.addEventListener("htmx:beforeRequest", ({ detail }) => detail.target?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", ({ detail }) => detail.target?.removeAttribute("aria-busy"));

/* --- clicks ------------------------------------------------------------------------------------ */
document.addEventListener("click", (event) => {
  const hit = (selector) => event.target.closest(selector);
  for (const menu of qf.all("details[data-qf-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  if (hit("[data-qf-close]")) qf.close(hit("dialog"));
  if (hit("[data-qf-show]")) {
    hit("details[data-qf-menu]")?.removeAttribute("open");
    qf.show(document.querySelector(hit("[data-qf-show]").dataset.qfShow));
  }
  if (hit("[data-qf-print]")) window.print();
  const eye = hit("[data-qf-reveal]");
  if (eye) {
    const field = qf.byId(eye.dataset.qfReveal);
    field.type = field.type === "password" ? "text" : "password";
    eye.setAttribute("aria-pressed", String(field.type === "text"));
  }
  const link = hit(".errsum a[href^='#']");
  const target = link && qf.byId(link.hash.slice(1));
  if (target) {
    event.preventDefault();
    const field = target.matches("input,select,textarea") ? target : target.querySelector("input,select,textarea");
    (field ?? target).focus();
  }
});

/* --- preferences: at once here, for good on the server ------------------------------------------ */
document.addEventListener("submit", (event) => {
  const form = event.target;
  const name = form.dataset.qfPreference;
  if (!name || !event.submitter) return;
  event.preventDefault();
  document.documentElement.dataset[name] = event.submitter.value;
  for (const button of qf.all(`button[name=${name}]`, form)) {
    button.setAttribute("aria-pressed", String(button === event.submitter));
  }
  fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), redirect: "manual" })
    .catch(() => qf.toast(qf.text("offline"), "bad"));
});

/* --- keys -------------------------------------------------------------------------------------- */
const typing = (element) => element.closest?.("input:not([type=checkbox],[type=radio]),select,textarea,[contenteditable]");
const shown = (element) => element.getClientRects().length > 0;
const press = (selector) => {
  const element = qf.all(selector).find(shown);
  element?.click();
  return Boolean(element);
};
let afterG = 0;

function rows() {
  return qf.all("[data-qf-list] tbody tr, ul[data-qf-list] > li").filter((row) => shown(row) && row.querySelector("a[href]"));
}
function stepRow(by) {
  const list = rows();
  const here = list.findIndex((row) => row.contains(document.activeElement));
  const next = list[here < 0 ? (by > 0 ? 0 : list.length - 1) : here + by];
  next?.querySelector("a[href]").focus();
  return Boolean(next);
}
function tickRow() {
  const box = rows().find((row) => row.contains(document.activeElement))?.querySelector("input[type=checkbox]");
  box?.click();
  return Boolean(box);
}
function findField() {
  const field = qf.all("[data-qf-search], input[type=search]").find(shown);
  field?.focus();
  return Boolean(field);
}
function shortcut(key) {
  if (afterG && Date.now() - afterG < 1500) {
    afterG = 0;
    const link = qf.all("[data-qf-go]").find((element) => element.dataset.qfGo === key);
    if (link) window.location.assign(link.href);
    return Boolean(link);
  }
  if (key === "g") afterG = Date.now();
  if (key === "/") return findField();
  if (key === "?") return press("[data-qf-show='#shortcuts']") || (qf.show(qf.byId("shortcuts")), true);
  if (key === "j" || key === "k") return stepRow(key === "j" ? 1 : -1);
  if (key === "x") return tickRow();
  return press(`[data-qf-key="${CSS.escape(key)}"]`);
}
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.closest("form")?.requestSubmit();
    return;
  }
  if (event.key === "Escape") {
    for (const menu of qf.all("details[data-qf-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  const off = document.documentElement.dataset.shortcuts === "off" || document.querySelector("dialog[open]");
  if (off || event.ctrlKey || event.metaKey || event.altKey || event.key.length > 1 || typing(event.target)) return;
  if (shortcut(event.key)) event.preventDefault();
});

/* --- scripts that few pages need come when their element does; the addresses stand on our own tag -- */
const wanted = { "qf-grid": document.currentScript.dataset.grid, "[data-qf-matrix]": document.currentScript.dataset.matrix };
function fetchScripts() {
  for (const [selector, src] of Object.entries(wanted)) {
    if (!src || !document.querySelector(selector)) continue;
    delete wanted[selector];
    document.head.append(qf.make("script", { src }));
  }
}

/* --- whatever just appeared --------------------------------------------------------------------- */
function showTab(here) {
  const row = here.closest(".tabs");
  const hidden = here.getBoundingClientRect().right - row.getBoundingClientRect().right;
  if (hidden > 0) row.scrollLeft += hidden;
}
function settle(root) {
  root.querySelector?.("[data-qf-focus]")?.focus();
  qf.all(".tabs [aria-current]").forEach(showTab);
  countDown();
  fetchScripts();
}
document.addEventListener("htmx:afterSettle", ({ target }) => settle(target));
settle(document);
