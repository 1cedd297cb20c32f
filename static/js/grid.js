/*
 * <qf-grid>: a table of labelled inputs that behaves like a small spreadsheet.
 *
 * Inside it: a table whose tbody rows are a Django formset, the formset's management form,
 * <template data-qf-row> with one row (__prefix__ is its index, __line__ its number for people), and
 *   [data-qf-add]       adds a row (may be a submit button that does so without JavaScript)
 *   [data-qf-remove]    in a row: strikes it through, ticks its DELETE box, becomes Undo
 *   [data-qf-delete]    in a row: the label around the DELETE box, hidden once this script runs
 *   [data-qf-lineno]    in a row: its number
 *   .results [data-code] anywhere on the page: an item (data-description, -specification, -unit,
 *                       -hsn) whose click fills the first empty row
 *   [data-qf-status]    where the grid speaks (made when missing)
 * A cell takes numbers when it says inputmode="decimal" or "numeric", with data-qf-percent also 18%.
 *
 * Amounts shown while typing (the server counts again): a row with [data-qf-total] shows quantity x
 * price / basis less discount; its controls are marked data-qf-quantity, data-qf-price,
 * data-qf-discount, or the fixed ones stand on the element as data-quantity, data-basis. [data-qf-sum]
 * in the grid shows the total. data-places and data-lakh on <qf-grid> say how amounts are written.
 */
"use strict";

/** A number as people and spreadsheets write it, as plain digits; null when it is none. */
function plainNumber(text) {
  let digits = text.replace(/[\s\u00a0\u2009\u202f\u20b9$\u20ac\u00a3]/g, "").replace(/^(?:INR|USD|EUR|GBP|Rs\.?)/i, "").replace(/\/-$/, "");
  const bracketed = /^\((.+)\)$/.exec(digits);
  if (bracketed) digits = `-${bracketed[1]}`;
  digits = digits.replace(/^\u2212/, "-");
  if (/^-?(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3})(?:\.\d+)?$/.test(digits)) digits = digits.replaceAll(",", "");
  return /^-?(?:\d+\.?\d*|\.\d+)$/.test(digits) ? digits : null;
}

/** The rows and cells of a spreadsheet's clipboard; quoted cells may hold tabs and line ends. */
function clipboardRows(text) {
  const rows = [[""]];
  let quoted = false;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at];
    const row = rows[rows.length - 1];
    const fresh = row[row.length - 1] === "";
    if (sign === '"' && (quoted || fresh)) {
      if (quoted && source[at + 1] === '"') {
        row[row.length - 1] += '"';
        at += 1;
      } else quoted = !quoted;
    } else if (sign === "\t" && !quoted) row.push("");
    else if (sign === "\n" && !quoted) rows.push([""]);
    else row[row.length - 1] += sign;
  }
  if (quoted) return clipboardRows(source.replaceAll('"', "\u2033"));
  return rows.map((row) => row.map((cell) => cell.replace(/\s+/g, " ").trim()));
}

/** [integer, decimals] of a written number, for exact arithmetic; null when it is none. */
function exact(text) {
  const digits = plainNumber(text ?? "");
  if (digits === null) return null;
  const [whole, fraction = ""] = digits.split(".");
  return [BigInt(whole + fraction), fraction.length];
}

/** value / 10^scale / divisor in units of 10^-places, halves away from zero. */
function rounded(value, scale, divisor, places) {
  const above = value * 10n ** BigInt(places) * 2n;
  const below = 10n ** BigInt(scale) * divisor;
  const sign = above < 0n ? -1n : 1n;
  return sign * ((above * sign + below) / (below * 2n));
}

const CELLS = "input:not([type=hidden],[type=checkbox],[type=radio],[type=file]),select,textarea";
const isNumber = (cell) => /^(decimal|numeric)$/.test(cell.inputMode);
/** The plain digits of a cell's text; a percentage, [data-qf-percent], may carry its sign. */
const digitsOf = (cell, text) => plainNumber("qfPercent" in cell.dataset ? text.replace(/\s*%\s*$/, "") : text);

class QfGrid extends HTMLElement {
  connectedCallback() {
    if (this.body) return;
    this.body = this.querySelector("tbody");
    this.total = this.querySelector("input[name$='-TOTAL_FORMS']");
    this.status = this.querySelector("[data-qf-status]") ?? this.appendChild(qf.make("p", { className: "grid-status" }));
    this.status.setAttribute("role", "status");
    this.before = new WeakMap();
    this.addEventListener("focusin", ({ target }) => this.before.set(target, target.value));
    this.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("paste", (event) => this.pasted(event));
    this.addEventListener("input", (event) => { if (event.isTrusted) this.direct = false; this.count(); });
    this.addEventListener("change", ({ target }) => { this.check(target); this.attention(); });
    this.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("click", ({ target }) => {
      const item = this.isConnected && target.closest(".results [data-code]");
      if (item) this.take(item.dataset);
    });
    for (const row of this.rows().filter((one) => this.deleteBox(one)?.checked)) this.strike(row, true);
    this.count();
  }

  rows() { return [...this.body.rows]; }
  cells(row) { return qf.all(CELLS, row).filter((cell) => !cell.disabled); }
  deleteBox(row) { return row.querySelector("input[name$='-DELETE']"); }
  tell() { this.count(); this.dispatchEvent(new CustomEvent("qf:change", { bubbles: true })); }

  /* --- keys --- */
  key(event) {
    const cell = event.target;
    if (!cell.matches(CELLS) || event.isComposing || cell.getAttribute("aria-expanded") === "true") return;
    const control = event.ctrlKey || event.metaKey;
    const act = control ? this.controlKey(event, cell) : !event.altKey && this.plainKey(event, cell);
    if (act) event.preventDefault();
  }

  controlKey({ key, shiftKey }, cell) {
    const letter = key.toLowerCase();
    if (letter === "d") return this.copyDown(cell);
    if (key === "Delete") return this.remove(cell.closest("tr"));
    if (letter === "z" && !shiftKey && this.undoable && this.direct) return this.undo();
    return false;
  }

  plainKey({ key, shiftKey }, cell) {
    if (cell.matches("textarea")) return key === "Escape" && this.restore(cell);
    const native = cell.matches("select, [type=date], [type=datetime-local], [type=time]");
    if (key === "Enter") return this.move(cell, shiftKey ? -1 : 1, 0) || (!shiftKey && this.append(cell));
    if (key === "Escape") return this.restore(cell);
    if (native || shiftKey) return false;
    if (key === "ArrowDown") return this.move(cell, 1, 0);
    if (key === "ArrowUp") return this.move(cell, -1, 0);
    const { selectionStart: start, selectionEnd: end, value } = cell;
    const whole = start === 0 && end === value.length;
    if (key === "ArrowLeft" && (whole || (start === 0 && end === 0))) return this.move(cell, 0, -1);
    if (key === "ArrowRight" && (whole || (start === value.length && end === start))) return this.move(cell, 0, 1);
    return false;
  }

  move(cell, down, right) {
    const row = cell.closest("tr");
    const rows = this.rows();
    const to = this.cells(rows[rows.indexOf(row) + down] ?? qf.make("tr"))[this.cells(row).indexOf(cell) + right];
    to?.focus();
    to?.select?.();
    return Boolean(to);
  }

  append(cell) {
    const column = this.cells(cell.closest("tr")).indexOf(cell);
    const row = this.add();
    if (row) this.cells(row)[column]?.focus();
    return true;
  }

  restore(cell) {
    if (!this.before.has(cell) || cell.value === this.before.get(cell)) return false;
    this.put(cell, this.before.get(cell));
    this.tell();
    return true;
  }

  copyDown(cell) {
    const rows = this.rows();
    const above = rows[rows.indexOf(cell.closest("tr")) - 1];
    const source = above && this.cells(above)[this.cells(cell.closest("tr")).indexOf(cell)];
    if (source) { this.put(cell, source.value); this.tell(); }
    return true;
  }

  /* --- rows --- */
  add({ quiet = false } = {}) {
    const index = Number(this.total.value);
    const most = Number(this.querySelector("input[name$='-MAX_NUM_FORMS']")?.value || 1000);
    const template = this.querySelector("template[data-qf-row]");
    if (!template || index >= most) { this.say(qf.text("full")); return null; }
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", index).replaceAll("__line__", this.body.rows.length + 1);
    const row = holder.content.querySelector("tr");
    this.body.append(row);
    this.total.value = index + 1;
    window.htmx?.process(row);
    if (!quiet) {
      this.forget();
      this.say(qf.text("added", this.body.rows.length));
      this.tell();
    }
    this.count();
    return row;
  }

  /** An item of the catalogue fills the first empty line; only its quantity is left to type. */
  take({ code, description, specification, unit, hsn }) {
    const empty = (row) => !this.deleteBox(row)?.checked && this.cells(row).every((cell) => cell.matches("select") || !cell.value.trim());
    const row = this.rows().find(empty) ?? this.add({ quiet: true });
    if (!row) return;
    for (const [name, value] of Object.entries({ item_code: code, description, specification, unit, hsn })) {
      const cell = row.querySelector(`[name$="-${name}"]`);
      if (cell) this.put(cell, value);
    }
    this.forget();
    this.say(qf.text("added", this.rows().indexOf(row) + 1));
    row.querySelector("[name$='-quantity']")?.focus();
    this.tell();
  }

  remove(row) {
    const gone = !row.classList.contains("is-deleted");
    const box = this.deleteBox(row);
    if (!box) return true;
    box.checked = gone;
    this.strike(row, gone);
    this.forget();
    this.say(qf.text(gone ? "removed" : "restored"));
    this.tell();
    return true;
  }

  strike(row, gone) {
    row.classList.toggle("is-deleted", gone);
    const button = row.querySelector("[data-qf-remove]");
    if (!button) return;
    button.qfLook ??= [...button.childNodes];
    button.replaceChildren(...(gone ? [qf.text("undo")] : button.qfLook));
    button.classList.toggle("btn-icon", !gone);
  }

  clicked(event) {
    if (event.target.closest("[data-qf-add]")) {
      event.preventDefault();
      const row = this.add();
      if (row) this.cells(row)[0]?.focus();
    }
    const remove = event.target.closest("[data-qf-remove]");
    if (remove) this.remove(remove.closest("tr"));
  }

  /* --- paste --- */
  pasted(event) {
    const cell = event.target;
    if (!cell.matches(CELLS)) return;
    const text = event.clipboardData.getData("text/plain");
    if (!/[\t\n]/.test(text.replace(/\r?\n$/, ""))) {
      if (isNumber(cell)) this.single(event, cell, text);
      return;
    }
    event.preventDefault();
    this.fill(cell, clipboardRows(text));
  }

  /** One pasted number is written plainly, as if typed. */
  single(event, cell, text) {
    const digits = digitsOf(cell, text);
    if (digits === null || digits === text) return;
    event.preventDefault();
    cell.setRangeText(digits, cell.selectionStart, cell.selectionEnd, "end");
    this.tell();
  }

  fill(cell, block, { asked = false } = {}) {
    const first = this.rows().indexOf(cell.closest("tr"));
    const column = this.cells(cell.closest("tr")).indexOf(cell);
    const undo = { cells: [], added: 0, invalid: [] };
    while (this.body.rows.length < first + block.length && this.add({ quiet: true })) undo.added += 1;
    const rows = this.rows();
    block.forEach((values, down) => {
      const targets = rows[first + down] ? this.cells(rows[first + down]).slice(column) : [];
      values.slice(0, targets.length).forEach((value, right) => {
        const target = targets[right];
        if (target.readOnly) return;
        undo.cells.push([target, target.value, target.getAttribute("aria-invalid")]);
        this.put(target, value);
      });
    });
    this.undoable = undo;
    this.direct = true;
    this.tell();
    const heading = !asked && block.length > 1 && this.isHeading(block, this.cells(rows[first]).slice(column));
    this.report(qf.text("pasted", Math.min(block.length, rows.length - first)), heading && (() => {
      this.undo();
      this.fill(cell, block.slice(1), { asked: true });
    }));
  }

  /** Words where numbers belong, in the first row alone, or the words of the columns' heads. */
  isHeading(block, cells) {
    const heads = qf.all("thead th", this).map((head) => head.textContent.trim().toLowerCase()).filter(Boolean);
    const [first, second] = block;
    const named = first.filter((value) => heads.includes(value.toLowerCase())).length;
    const odd = (values) => cells.some((cell, at) => isNumber(cell) && values[at] && digitsOf(cell, values[at]) === null);
    return named > 1 || (odd(first) && !odd(second));
  }

  /** Write one value; numbers plainly, choices by value or word; what does not fit stays and is marked. */
  put(cell, value) {
    if (cell.matches("select")) {
      const wanted = value.toLowerCase();
      const option = [...cell.options].find((one) => [one.value, one.text].some((word) => word.trim().toLowerCase() === wanted));
      if (option) cell.value = option.value;
      this.mark(cell, option ? "" : qf.text("choice"));
      return;
    }
    cell.value = isNumber(cell) ? digitsOf(cell, value) ?? value : value;
    this.check(cell);
  }

  check(cell) {
    if (!cell.matches(CELLS)) return;
    const bad = isNumber(cell) && cell.value.trim() !== "" && digitsOf(cell, cell.value) === null;
    this.mark(cell, bad ? qf.text("number") : "");
  }

  mark(cell, reason) {
    cell.title = reason;
    if (reason) cell.setAttribute("aria-invalid", "true");
    else cell.removeAttribute("aria-invalid");
  }

  undo() {
    for (const [cell, value, invalid] of this.undoable.cells) {
      cell.value = value;
      this.mark(cell, "");
      if (invalid) cell.setAttribute("aria-invalid", invalid);
    }
    for (let left = this.undoable.added; left > 0; left -= 1) {
      this.body.rows[this.body.rows.length - 1].remove();
      this.total.value = Number(this.total.value) - 1;
    }
    this.forget();
    this.say(qf.text("undone"));
    this.tell();
    return true;
  }

  forget() { this.undoable = null; }

  /* --- what it says --- */
  report(sentence, skip) {
    const button = (name, act) => {
      const one = qf.make("button", { type: "button", className: "btn btn-sm", textContent: qf.text(name) });
      one.addEventListener("click", act);
      return one;
    };
    const parts = [sentence, button("undoPaste", () => this.undoable && this.undo())];
    if (skip) parts.push(qf.text("heading"), button("skipFirst", skip));
    this.say(...parts);
  }

  say(...parts) {
    this.bad = qf.make("strong", { className: "bad" });
    this.status.replaceChildren(...parts.map((part) => (part instanceof Node ? part : qf.make("span", {}, part))), this.bad);
    this.attention();
  }

  attention() {
    const cells = qf.all("[aria-invalid=true]", this.body).filter((cell) => !cell.closest(".is-deleted")).length;
    if (!this.bad) { if (!cells) return; this.say(); }
    this.bad.textContent = cells === 0 ? "" : cells === 1 ? qf.text("attentionOne") : qf.text("attention", cells);
  }

  /* --- numbers and amounts --- */
  count() {
    this.rows().forEach((row, at) => {
      const number = row.querySelector("[data-qf-lineno]");
      if (number) number.textContent = at + 1;
    });
    const places = Number(this.dataset.places ?? 2);
    const write = (amount) => (amount === null ? "—" : qf.money(amount, places, this.dataset.lakh !== undefined));
    let sum = 0n;
    for (const row of this.rows()) {
      const cell = row.querySelector("[data-qf-total]");
      if (!cell) continue;
      const amount = row.classList.contains("is-deleted") ? null : this.amount(row, cell.dataset, places);
      cell.textContent = write(amount);
      sum += amount ?? 0n;
    }
    for (const cell of qf.all("[data-qf-sum]", this)) cell.textContent = write(sum);
  }

  /** Minor units of one line: the discount is rounded as an amount, then taken off. */
  amount(row, { quantity, basis = "1" }, places) {
    const read = (name) => row.querySelector(`[data-qf-${name}]`)?.value;
    const count = exact(read("quantity") ?? quantity);
    const price = exact(read("price"));
    if (!count || !price) return null;
    const gross = rounded(count[0] * price[0], count[1] + price[1], BigInt(read("basis") ?? basis), places);
    const discount = exact(read("discount")) ?? [0n, 0];
    return gross - rounded(gross * discount[0], discount[1] + places, 100n, places);
  }
}
customElements.define("qf-grid", QfGrid);
