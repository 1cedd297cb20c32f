/*
 * The comparison: what the picks add up to, for the eye only; the server counts again.
 *
 * <table data-qf-matrix data-places="2" data-lakh> holds one radio group per line. A radio carries
 * data-amount (whole minor units), data-supplier and, when it is the line's lowest, data-lowest.
 * Shown: [data-qf-picked="<supplier>"] and [data-qf-picked-lines="<supplier>"] per column,
 * [data-qf-picked-total], [data-qf-picked-count] and, for screen readers, [data-qf-picked-status].
 * [data-qf-lowest] (or the key l, as data-qf-key="l") picks each line's lowest; ties stay for a person.
 */
"use strict";

function addUp(table) {
  const places = Number(table.dataset.places ?? 2);
  const lakh = table.dataset.lakh !== undefined;
  const sums = new Map();
  const lines = new Map();
  const groups = new Set(qf.all("input[type=radio]", table).map((radio) => radio.name));
  const picks = qf.all("input[type=radio]:checked", table).filter((radio) => radio.dataset.amount);
  let total = 0n;
  for (const { dataset } of picks) {
    const amount = BigInt(dataset.amount);
    total += amount;
    sums.set(dataset.supplier, (sums.get(dataset.supplier) ?? 0n) + amount);
    lines.set(dataset.supplier, (lines.get(dataset.supplier) ?? 0) + 1);
  }
  for (const cell of qf.all("[data-qf-picked]", table)) {
    cell.textContent = sums.has(cell.dataset.qfPicked) ? qf.money(sums.get(cell.dataset.qfPicked), places, lakh) : "—";
  }
  for (const cell of qf.all("[data-qf-picked-lines]", table)) {
    cell.textContent = lines.get(cell.dataset.qfPickedLines) ?? 0;
  }
  for (const cell of qf.all("[data-qf-picked-total]")) cell.textContent = qf.money(total, places, lakh);
  for (const cell of qf.all("[data-qf-picked-count]")) cell.textContent = qf.text("of", picks.length, groups.size);
}

function pickLowest(table) {
  const groups = new Map();
  for (const radio of qf.all("input[type=radio][data-lowest]:enabled", table)) {
    groups.set(radio.name, [...(groups.get(radio.name) ?? []), radio]);
  }
  const single = [...groups.values()].filter((radios) => radios.length === 1).flat();
  const ties = groups.size - single.length;
  for (const radio of single) radio.checked = true;
  single[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  const said = [qf.text("lowest", single.length), ties ? qf.text("ties", ties) : ""].join(" ").trim();
  const status = document.querySelector("[data-qf-picked-status]");
  if (status) status.textContent = said;
  else qf.toast(said, "info");
}

document.addEventListener("change", ({ target }) => {
  const table = target.closest?.("table[data-qf-matrix]");
  if (table) addUp(table);
});
document.addEventListener("click", (event) => {
  const table = event.target.closest("[data-qf-lowest]") && document.querySelector("table[data-qf-matrix]");
  if (!table) return;
  event.preventDefault();
  pickLowest(table);
});
document.addEventListener("click", (event) => {
  // one listener for thousands of cells; without this the link leads to a page with the same working
  const link = event.target.closest(".qf-mx tbody a");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || !window.htmx) return;
  event.preventDefault();
  htmx.ajax("GET", link.getAttribute("href"), { source: link, target: "#dlg", swap: "innerHTML" });
});
function startMatrix() {
  for (const table of qf.all("table[data-qf-matrix]")) addUp(table);
}
document.addEventListener("htmx:afterSettle", startMatrix);
startMatrix();
