// The pages that take tables: one send for one click, a dropped file goes into its box, and unchanged rows can be hidden.
(() => {
  for (const form of document.querySelectorAll("[data-once], [data-import]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    });
  }
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  for (const form of document.querySelectorAll("[data-import]")) {
    const box = form.querySelector("input[type=file]");
    form.addEventListener("dragover", (event) => event.preventDefault());
    form.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      box.files = event.dataTransfer.files;
    });
  }

  const choice = document.querySelector("[data-only-changed]");
  const table = document.querySelector(".preview-tbl");
  if (choice && table) {
    choice.hidden = false;
    choice.addEventListener("change", (event) => table.classList.toggle("only-changed", event.target.checked));
  }
})();
