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
  sheet.addEventListener("click", (event) => take(event.target.closest("[data-take]")));
  sheet.addEventListener("click", (event) => keepMine(event.target.closest("[data-keep-mine]")));
  sheet.addEventListener("submit", once);
  window.addEventListener("beforeunload", (event) => {
    if (!sheet.dataset.sent && isUnsaved()) event.preventDefault();
  });
}

function isUnsaved() {
  return boxesOf(sheet).some((box) => "kept" in box.dataset && !isSame(box.value, box.dataset.kept));
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
  // Two people typed different things: nothing is written over the other's until this person has chosen.
  if (section.querySelector(".meanwhile")) return;
  section.dataset.busy = "1";
  try {
    const sent = new Map(boxesOf(section).map((box) => [box, box.value]));
    const response = await send(section.dataset.save, fieldsOf(sent));
    if (response.redirected || ![200, 409].includes(response.status)) throw new Error(response.status);
    const fresh = merge(await response.text(), section);
    if (response.status === 200) keep(sent);
    if (response.status === 409 && fresh && "conflict" in fresh.dataset) reconcile(section, fresh);
    else shown(response.status === 200);
  } catch {
    shown(false);
  } finally {
    delete section.dataset.busy;
  }
}

// What a box held when it was last saved: what it holds now tells whether somebody has typed since.
function keep(sent) {
  sent.forEach((value, box) => {
    if ("kept" in box.dataset) box.dataset.kept = value;
  });
}

function boxesOf(section) {
  return [...section.querySelectorAll("input[name], select[name], textarea[name]")].filter((box) => box.type !== "file");
}

function fieldsOf(sent) {
  const fields = new FormData();
  sent.forEach((value, box) => fields.append(box.name, value));
  return fields;
}

// Somebody else saved this report meanwhile. What only they changed is taken over, what only I changed stays, and
// where both did, both stand there until I choose.
function reconcile(section, fresh) {
  for (const box of boxesOf(section).filter((one) => "kept" in one.dataset)) {
    const other = fresh.querySelector(`[name="${CSS.escape(box.name)}"]`);
    if (!other) continue;
    const theirs = other.dataset.kept;
    const isMine = !isSame(box.value, box.dataset.kept);
    const isTheirs = !isSame(theirs, box.dataset.kept);
    box.dataset.kept = theirs;
    if (!isTheirs || isSame(box.value, theirs)) continue;
    if (isMine) contest(box, theirs);
    else box.value = theirs;
  }
  const told = section.querySelector("[id$='-told']");
  if (section.querySelector(".meanwhile")) {
    told.querySelector(".note > div").append(document.getElementById("keep-mine").content.cloneNode(true));
    shown(false);
  } else {
    told.hidden = true;
    save(section);
  }
}

function isSame(one, other) {
  const [left, right] = [one.trim(), other.trim()];
  return left === right || (left !== "" && right !== "" && Number(left.replaceAll(",", "")) === Number(right.replaceAll(",", "")));
}

function contest(box, theirs) {
  const note = document.getElementById("meanwhile").content.cloneNode(true).firstElementChild;
  const choice = box.tagName === "SELECT" && [...box.options].find((option) => option.value === theirs);
  note.querySelector("b").textContent = (choice ? choice.text : theirs) || "–";
  note.querySelector("[data-take]").value = box.name;
  (box.closest(".inp") || box).after(note);
}

// The last choice of a report's conflict saves it.
function take(button) {
  if (!button) return;
  const box = sheet.elements[button.value];
  box.value = box.dataset.kept;
  button.closest(".meanwhile").remove();
  box.focus();
  settled(sectionOf(box));
}

function keepMine(button) {
  if (!button) return;
  const section = sectionOf(button);
  for (const note of section.querySelectorAll(".meanwhile")) note.remove();
  section.querySelector(".inp input").focus();
  settled(section);
}

function settled(section) {
  if (section.querySelector(".meanwhile")) return;
  section.querySelector("[id$='-told']").hidden = true;
  save(section);
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
  return fresh.getElementById(section.id);
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
