// Single-letter keys for a page: <a data-key="n"> or <button data-key="a">. Off while typing, with a modifier held,
// or where the person switched them off (<body data-shortcuts="off">).
(() => {
  const isTyping = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

  document.addEventListener("keydown", (event) => {
    if (document.body.dataset.shortcuts === "off") return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
    if (isTyping(event.target)) return;
    if (event.key.length !== 1) return;
    const key = event.key.toLowerCase();
    const control = Array.from(document.querySelectorAll("[data-key]")).find((one) => one.dataset.key === key);
    if (!control || control.disabled) return;
    event.preventDefault();
    control.click();
  });
})();
