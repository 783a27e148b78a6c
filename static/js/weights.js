// Adds up the weights while they are typed. Without this the server says the sum when the form is sent.
(() => {
  const form = document.querySelector("form[data-weights]");
  const sum = form?.querySelector("[data-weight-sum]");
  if (!sum) return;

  const hundredths = (text) => {
    const plain = text.normalize("NFKC").replace(/[,\s]/g, "");
    return /^\d+(\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : 0;
  };

  form.addEventListener("input", () => {
    const boxes = [...form.querySelectorAll("input[name$='-weight']")];
    const total = boxes.reduce((before, box) => before + hundredths(box.value), 0);
    sum.textContent = (total / 100).toFixed(2);
    sum.closest(".weight-sum").classList.toggle("is-off", total !== 10000);
  });
})();
