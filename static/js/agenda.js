// The agenda builder: an item that is dragged by its grip, or moved with Alt and an arrow key, goes to its new place, and
// the new order is sent. Without scripts the arrows beside each item do the same.
(() => {
  const form = document.getElementById("agenda-order");
  const lists = Array.from(document.querySelectorAll(".builder"));
  if (!form || !lists.length) return;
  const items = () => lists.flatMap((list) => Array.from(list.querySelectorAll("li[data-item]")));
  const order = () => items().map((one) => `${one.dataset.item}:${one.closest(".builder").dataset.session}`);
  // An address with a fragment keeps the browser from giving the focus back to the arrow that was pressed.
  const again = document.querySelector(".builder [autofocus]");
  if (again) window.addEventListener("load", () => again.focus());
  const before = order().join();
  let dragged = null;

  for (const hint of document.querySelectorAll(".only-js, .builder .grip")) hint.hidden = false;

  const send = () => {
    if (order().join() === before) return;
    for (const told of order()) {
      const box = document.createElement("input");
      box.type = "hidden";
      box.name = "item";
      box.value = told;
      form.append(box);
    }
    form.submit();
  };

  for (const one of items()) {
    one.draggable = true;
    one.addEventListener("dragstart", (event) => {
      dragged = one;
      one.classList.add("is-dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", one.dataset.item);
    });
    one.addEventListener("dragend", () => {
      one.classList.remove("is-dragged");
      dragged = null;
      send();
    });
    one.addEventListener("dragover", (event) => {
      if (!dragged || dragged === one) return;
      event.preventDefault();
      const box = one.getBoundingClientRect();
      const isBelow = event.clientY > box.top + box.height / 2;
      one.parentElement.insertBefore(dragged, isBelow ? one.nextElementSibling : one);
    });
    one.addEventListener("drop", (event) => event.preventDefault());
  }

  document.addEventListener("keydown", (event) => {
    const row = event.target.closest && event.target.closest(".builder li[data-item]");
    if (!row || !event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    const button = row.querySelector(`button[name=to][value=${event.key === "ArrowUp" ? "up" : "down"}]`);
    if (button && !button.disabled) button.click();
  });
})();
