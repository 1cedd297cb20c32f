/*
 * Forms that save themselves, and lists whose rows can be selected.
 *
 * <form data-qf-autosave="URL"> posts itself 600 ms after the last change, without its files, with
 * the header X-Autosave: 1. The answer is JSON:
 *   200 {version, saved_at_text, errors: {name: [..]}, values: {name: value}}   `values` sets hidden fields
 *       (the ids of lines stored for the first time)
 *   409 {message, reload_url, theirs: {name: {label, value}}}
 * The state is said in #savestate. Leaving the page with unsaved changes asks first.
 *
 * Selection, inside a form or [data-qf-list]: input[data-qf-select-all], input[data-qf-select],
 * [data-qf-bulk] shown while something is selected, [data-qf-selected] holds the number.
 *   data-qf-fill="id"    a chip that writes its data-text into that field
 *   data-qf-submit-text  a radio whose words become the text of [data-qf-submit] in its form
 */
"use strict";

/** One form that saves itself; `state` is clean, dirty, saving or conflict. */
class Autosave {
  constructor(form) {
    this.form = form;
    this.state = "clean";
    this.touched = new Set();
    for (const name of ["input", "change", "qf:change"]) form.addEventListener(name, (event) => this.changed(event));
    form.addEventListener("submit", (event) => this.submitted(event), true);
    window.addEventListener("beforeunload", (event) => {
      if (this.state !== "clean" && form.isConnected) event.preventDefault();
    });
    window.addEventListener("online", () => this.state === "dirty" && form.isConnected && this.save());
  }

  changed({ target }) {
    if (target.name) this.touched.add(target.name);
    if (this.state === "conflict") return;
    this.again = this.state === "saving";
    if (!this.again) this.state = "dirty";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), 600);
  }

  /** A pending save is part of the submission; a running one must finish first. */
  submitted(event) {
    clearTimeout(this.timer);
    if (this.running) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const submitter = event.submitter;
      this.again = false;
      this.running.finally(() => this.form.requestSubmit(submitter));
    } else if (this.state !== "conflict") {
      setTimeout(() => { if (!event.defaultPrevented) this.state = "clean"; });
    }
  }

  save() {
    if (this.state === "saving" || this.state === "conflict") return;
    this.state = "saving";
    this.running = this.post().finally(() => {
      this.running = null;
      if (this.again) this.changed({ target: {} });
    });
  }

  async post() {
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    body.set("csrfmiddlewaretoken", qf.token());
    const headers = { "X-CSRFToken": qf.token(), "X-Autosave": "1", Accept: "application/json" };
    this.again = false;
    try {
      const answer = await fetch(this.form.dataset.qfAutosave, { method: "POST", body, headers, redirect: "manual" });
      await this.heard(answer);
    } catch {
      this.failed(qf.text("unsaved"));
    }
  }

  async heard(answer) {
    if (answer.status === 401 || answer.type === "opaqueredirect") {
      this.failed(qf.text("unsaved"));
      qf.sessionEnded();
    } else if (answer.status === 200) {
      this.saved(await answer.json());
    } else if (answer.status === 409) {
      this.conflict(await answer.json());
    } else if (answer.status === 422) {
      const { errors, message } = await answer.json();
      this.failed(message || qf.text("unsaved"));
      this.showErrors(errors);
    } else {
      this.failed(qf.text(answer.status === 429 ? "tooOften" : "unsaved"));
    }
  }

  saved({ version, saved_at_text: at, errors, values }) {
    this.state = "clean";
    this.set("version", version);
    for (const [name, value] of Object.entries(values ?? {})) this.set(name, value);
    this.say(/^\d/.test(at) ? qf.text("saved", at) : at);
    this.showErrors(errors);
  }

  failed(sentence) {
    this.state = "dirty";
    const retry = qf.make("button", { type: "button", className: "btn-link", textContent: qf.text("retry") });
    retry.addEventListener("click", () => this.save());
    this.say(sentence, "bad", retry);
  }

  conflict({ message, reload_url: reload, theirs }) {
    this.state = "conflict";
    this.again = false;
    this.say(qf.text("unsaved"), "bad");
    const head = qf.make("tr", {}, qf.make("td"), qf.make("th", { scope: "col", textContent: qf.text("theirs") }),
      qf.make("th", { scope: "col", textContent: qf.text("yours") }));
    const body = Object.entries(theirs ?? {}).map(([name, { label, value }]) => qf.make("tr", {},
      qf.make("th", { scope: "row", textContent: label }), qf.make("td", { textContent: value }),
      qf.make("td", { textContent: this.shown(name) })));
    const link = qf.make("a", { href: reload, className: "btn", textContent: qf.text("reload") });
    link.addEventListener("click", () => { this.state = "clean"; });
    const box = qf.make("div", { className: "conflict", tabIndex: -1 }, qf.make("h2", { textContent: message }),
      qf.make("table", {}, head, ...body), link);
    box.setAttribute("role", "alert");
    this.form.prepend(box);
    box.focus();
  }

  shown(name) {
    const control = this.form.elements[name];
    return control?.selectedOptions?.[0]?.text ?? control?.value ?? "";
  }

  set(name, value) {
    const field = this.form.elements[name];
    if (field?.type === "hidden" && value !== undefined) field.value = value;
  }

  say(sentence, tone = "", ...more) {
    const box = qf.byId("savestate");
    if (!box) return;
    box.className = `savestate ${tone}`;
    box.replaceChildren(sentence, ...more);
  }

  /** Show what is wrong with fields this person has touched; leave the untouched in peace. */
  showErrors(errors = {}) {
    for (const field of this.form.elements) {
      if (!field.name || field.type === "hidden" || !(this.touched.has(field.name) || errors[field.name] === undefined)) continue;
      this.mark(field, errors[field.name]);
    }
  }

  mark(field, sentences) {
    const id = `${field.id || field.name}_error`;
    let note = qf.byId(id);
    if (!sentences) {
      if (note?.dataset.qfNote === undefined) return;
      note.remove();
      field.removeAttribute("aria-invalid");
      return;
    }
    if (!note) {
      note = qf.make("span", { className: "err", id });
      note.dataset.qfNote = "";
      field.after(note);
      field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
    }
    note.textContent = sentences.join(" ");
    field.setAttribute("aria-invalid", "true");
  }
}

const selectionOf = (box) => box.closest("form") ?? box.closest("[data-qf-list]") ?? document;

function countSelection() {
  for (const head of qf.all("input[data-qf-select-all]")) {
    const scope = selectionOf(head);
    const boxes = qf.all("input[data-qf-select]", scope);
    const chosen = boxes.filter((box) => box.checked);
    head.checked = boxes.length > 0 && chosen.length === boxes.length;
    head.indeterminate = chosen.length > 0 && !head.checked;
    for (const box of boxes) box.closest("tr, li")?.classList.toggle("is-selected", box.checked);
    for (const bar of qf.all("[data-qf-bulk]", scope)) bar.hidden = chosen.length === 0;
    for (const number of qf.all("[data-qf-selected]", scope)) number.textContent = chosen.length;
  }
}

document.addEventListener("change", ({ target }) => {
  if (target.matches("input[data-qf-select-all]")) {
    const scope = selectionOf(target);
    for (const box of qf.all("input[data-qf-select]", scope)) box.checked = target.checked;
  }
  if (target.matches("input[data-qf-select], input[data-qf-select-all]")) countSelection();
  if (target.dataset.qfSubmitText) {
    const button = target.form.querySelector("[data-qf-submit]");
    if (button) button.textContent = target.dataset.qfSubmitText;
  }
});
document.addEventListener("click", ({ target }) => {
  const chip = target.closest("[data-qf-fill]");
  const field = chip && qf.byId(chip.dataset.qfFill);
  if (!field) return;
  field.value = chip.dataset.text ?? chip.textContent.trim();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

function startForms() {
  for (const form of qf.all("form[data-qf-autosave]")) form.qfAutosave ??= new Autosave(form);
  countSelection();
}
document.addEventListener("htmx:afterSettle", startForms);
startForms();
