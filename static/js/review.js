// The review page: counts what is ticked, puts ready reasons into the box, and goes through the queue by arrow keys.
(() => {
  const queue = document.querySelector("[data-queue]");
  const ticks = queue ? Array.from(queue.querySelectorAll("input[name=report]")) : [];
  const all = queue && queue.querySelector("[data-all]");

  const count = () => {
    const ticked = ticks.filter((one) => one.checked).length;
    for (const place of queue.querySelectorAll("[data-count]")) place.textContent = ticked;
    queue.querySelector("[data-approve]").disabled = ticked === 0;
    all.checked = ticked > 0;
    all.indeterminate = ticked > 0 && ticked < ticks.length;
  };

  if (ticks.length) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const one of ticks) one.checked = all.checked;
      count();
    });
    queue.addEventListener("change", count);
    count();
  }

  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-insert]");
    if (!chip) return;
    event.preventDefault();
    const box = document.getElementById(chip.dataset.into);
    const words = chip.dataset.insert;
    if (!box.value.includes(words)) box.value = box.value.trim() ? `${box.value.trim()}\n${words}` : words;
    box.focus();
  });

  // Beside the queue the opened report stays in sight, so going through a long queue keeps the place in it.
  const isWide = window.matchMedia("(min-width: 1200px)").matches;
  const keepPlace = () => sessionStorage.setItem("review-place", String(window.scrollY));
  const place = sessionStorage.getItem("review-place");
  sessionStorage.removeItem("review-place");
  if (queue && isWide && place !== null) window.addEventListener("load", () => window.scrollTo(0, Number(place)));
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[href$='#opened']")) keepPlace();
  });

  // A second click on a button whose request is on its way does nothing.
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "1";
    keepPlace();
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  document.addEventListener("keydown", (event) => {
    if (document.body.dataset.shortcuts === "off" || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    const step = document.querySelector(`[data-arrow="${CSS.escape(event.key)}"]`);
    if (!step) return;
    event.preventDefault();
    step.click();
  });
})();
