// Drop-downs are <details>: this closes them on Escape, on a click elsewhere and when another opens, and dismisses toasts.
(() => {
  const openOnes = () => document.querySelectorAll("details[data-drop][open]");

  document.addEventListener("click", (event) => {
    for (const drop of openOnes()) {
      if (!drop.contains(event.target)) drop.open = false;
    }
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".toasty").remove();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const drop of openOnes()) {
      const hadFocus = drop.contains(document.activeElement);
      drop.open = false;
      if (hadFocus) drop.querySelector("summary").focus();
    }
  });

  document.addEventListener("focusin", (event) => {
    for (const drop of openOnes()) {
      if (!drop.contains(event.target)) drop.open = false;
    }
  });
})();
