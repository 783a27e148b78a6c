// Gives a name to what Django's administration leaves without one: the boxes of a table of rows are named by their
// column, an empty column head by its table, and a search box by the label of the list that it stands for.
(() => {
  const words = (element) => (element ? element.textContent.trim() : "");

  const headOf = (cell) => {
    const head = cell.closest("table").tHead;
    return head && head.rows[0].cells[cell.cellIndex];
  };

  const nameBoxes = () => {
    for (const cell of document.querySelectorAll(".inline-group .tabular tbody td")) {
      const name = words(headOf(cell));
      for (const box of cell.querySelectorAll("input:not([type=hidden]), select, textarea")) {
        if (name && !box.labels.length && !box.hasAttribute("aria-label")) box.setAttribute("aria-label", name);
      }
    }
  };

  const nameHeads = () => {
    for (const head of document.querySelectorAll(".inline-group .tabular thead th")) {
      if (words(head)) continue;
      const name = document.createElement("span");
      name.className = "visually-hidden";
      name.textContent = words(head.closest("fieldset, .tabular").querySelector("h2, h3")) || "–";
      head.append(name);
    }
  };

  const nameSearches = () => {
    for (const list of document.querySelectorAll("select.admin-autocomplete")) {
      const shown = list.nextElementSibling && list.nextElementSibling.querySelector(".select2-selection__rendered");
      const name = list.getAttribute("aria-label") || words(list.labels[0]).replace(/[:：]$/, "");
      if (!shown || !name) continue;
      shown.setAttribute("aria-label", name);
      const combobox = shown.closest("[role=combobox]");
      if (combobox) combobox.setAttribute("aria-label", name);
    }
  };

  const nameAll = () => [nameHeads, nameBoxes, nameSearches].forEach((name) => name());

  // The search boxes come after the page, and their text is drawn anew with each choice.
  window.addEventListener("load", () => {
    nameAll();
    new MutationObserver(nameSearches).observe(document.body, { childList: true, subtree: true });
  });
  document.addEventListener("formset:added", () => setTimeout(nameAll));
})();
