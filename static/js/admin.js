/* The library that makes the back office's search boxes names none of their parts; this gives each the name of its field. */
"use strict";
(() => {
  const nameOf = (select) => {
    const label = document.querySelector(`label[for="${select.id}"]`);
    const cell = select.closest("td[class^='field-']");
    const heads = cell ? cell.closest("table").tHead.rows[0].cells : [];
    const words = label || [...heads].find((head) => cell.classList.contains(head.className.replace("column-", "field-").split(" ")[0]));
    return words ? words.textContent.replace(":", "").trim() : select.name;
  };
  const nameAll = () => {
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
      const box = select.nextElementSibling;
      if (!box || !box.classList.contains("select2")) continue;
      for (const part of box.querySelectorAll("[role=combobox], [role=textbox], input[type=search]")) {
        part.removeAttribute("aria-labelledby");
        part.setAttribute("aria-label", nameOf(select));
      }
      for (const part of box.querySelectorAll("ul.select2-selection__rendered, ul.select2-selection__rendered > li")) {
        part.setAttribute("role", "presentation");
      }
    }
  };
  document.addEventListener("DOMContentLoaded", () => django.jQuery(() => setTimeout(nameAll)));
  document.addEventListener("formset:added", () => setTimeout(nameAll));
})();
