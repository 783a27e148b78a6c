// Saves a report while it is being filled and puts what the server answers around the boxes, never into them.
// Without this script the page's own buttons do the same.

const sheet = document.querySelector("[data-sheet]");
const announce = document.getElementById("announce");
const waiting = new Map();
const PAUSE = 700;

if (sheet) {
  sheet.addEventListener("input", (event) => later(event.target));
  sheet.addEventListener("change", (event) => changed(event.target));
  sheet.addEventListener("click", (event) => removed(event));
  sheet.addEventListener("click", (event) => sayWhy(event.target.closest("[data-why]")));
  sheet.addEventListener("submit", once);
  window.addEventListener("beforeunload", (event) => {
    if (waiting.size && !sheet.dataset.sent) event.preventDefault();
  });
}

function sectionOf(element) {
  return element.closest("tbody[data-save]");
}

function later(element) {
  const section = sectionOf(element);
  if (!section || element.type === "file" || element.dataset.same) return;
  clearTimeout(waiting.get(section));
  waiting.set(section, setTimeout(() => save(section), PAUSE));
}

// "No figure this month" opens the box for the reason.
function sayWhy(button) {
  if (!button) return;
  const row = document.getElementById(button.dataset.why);
  row.hidden = false;
  row.querySelector("input").focus();
}

function changed(element) {
  if (element.dataset.same) return takeLast(element);
  if (element.dataset.upload) return upload(element);
}

// "No change" writes last month's figure, and takes back what stood there before when it is unticked.
function takeLast(tick) {
  const box = document.getElementById(tick.dataset.same);
  if (tick.checked) {
    box.dataset.before = box.value;
    box.value = box.dataset.last;
  } else {
    box.value = box.dataset.before || "";
  }
  later(box);
}

async function save(section) {
  if (section.dataset.busy) return later(section.querySelector("input"));
  waiting.delete(section);
  section.dataset.busy = "1";
  try {
    const response = await send(section.dataset.save, fieldsOf(section));
    if (response.redirected || ![200, 409].includes(response.status)) throw new Error(response.status);
    merge(await response.text(), section);
    shown(response.status === 200);
  } catch {
    shown(false);
  } finally {
    delete section.dataset.busy;
  }
}

function fieldsOf(section) {
  const fields = new FormData();
  for (const input of section.querySelectorAll("input[name], select[name], textarea[name]")) {
    if (input.type !== "file") fields.append(input.name, input.value);
  }
  return fields;
}

function send(address, fields) {
  fields.append("csrfmiddlewaretoken", sheet.querySelector("[name=csrfmiddlewaretoken]").value);
  return fetch(address, { method: "POST", body: fields, headers: { "X-Requested-With": "fetch" } });
}

// The answer is the section drawn anew. Only marked places are taken over, so that no caret moves.
function merge(html, section) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const reportId = section.dataset.report;
  for (const place of fresh.querySelectorAll("[data-live]")) {
    const here = document.getElementById(place.id);
    if (here && (section.contains(here) || !here.closest("tbody")) && !here.contains(document.activeElement)) {
      if (place.id !== "foot-state" || here.innerHTML !== place.innerHTML) here.innerHTML = place.innerHTML;
    }
  }
  for (const place of fresh.querySelectorAll("[data-live-attrs]")) {
    const here = document.getElementById(place.id);
    if (!here || !section.contains(here)) continue;
    here.className = place.className;
    if (place.tagName === "INPUT") here.value = place.value;
    // A note's row that somebody is writing in stays open.
    here.hidden = place.hidden && !here.contains(document.activeElement);
  }
  for (const place of fresh.querySelectorAll("[data-live-check] input")) {
    const here = document.querySelector(`[data-same="${CSS.escape(place.dataset.same)}"]`);
    if (here) here.checked = place.checked;
  }
  for (const box of section.querySelectorAll(`#r${CSS.escape(reportId)} .inp input`)) {
    box.toggleAttribute("aria-invalid", box.parentElement.classList.contains("err"));
    if (box.hasAttribute("aria-invalid")) box.setAttribute("aria-invalid", "true");
  }
}

function shown(isSaved) {
  const mark = sheet.querySelector("[data-saved]");
  if (!mark) return;
  mark.hidden = false;
  mark.classList.toggle("failed", !isSaved);
  if (!isSaved) mark.lastElementChild.textContent = sheet.dataset.notSaved;
  announce.textContent = mark.textContent.trim();
}

async function upload(input) {
  for (const file of input.files) {
    const fields = new FormData();
    fields.append("file", file);
    await redraw(input, await send(input.dataset.upload, fields));
  }
}

async function removed(event) {
  const button = event.target.closest("[data-remove]");
  if (!button) return;
  event.preventDefault();
  await redraw(button, await send(button.getAttribute("formaction"), new FormData()));
}

async function redraw(element, response) {
  const box = document.getElementById(element.closest("[data-files]").id);
  if (response.status === 413) return (announce.textContent = sheet.dataset.tooLarge);
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-files]");
  if (fresh) box.replaceWith(fresh);
}

// A second click while the page is being sent does nothing.
function once(event) {
  if (sheet.dataset.sent) return event.preventDefault();
  sheet.dataset.sent = "1";
  for (const timer of waiting.values()) clearTimeout(timer);
  setTimeout(() => delete sheet.dataset.sent, 8000);
}
