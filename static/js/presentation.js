// Walks a meeting's agenda by keys as a remote presenter sends them, and keeps the clocks of the item and the meeting.
// How long each item has taken is kept in this tab, so that a clock goes on from item to item and through a reload.
(() => {
  const SECOND = 1_000;
  const MINUTE = 60_000;

  const foot = document.querySelector(".foot");
  if (!foot) return;
  const part = (selector) => document.querySelector(selector);
  const dialog = part("[data-keys]");
  const agenda = document.getElementById("agenda");
  const { item, meeting } = foot.dataset;
  const allotted = Number(foot.dataset.minutes) * MINUTE;
  const before = Number(foot.dataset.before) * MINUTE;
  const key = `presentation-${meeting}`;

  // --- what is kept --------------------------------------------------------------------------------------------------

  const kept = (name, otherwise) => {
    try {
      return JSON.parse(window.sessionStorage.getItem(`${key}${name}`)) ?? otherwise;
    } catch {
      return otherwise;
    }
  };

  const keep = (name, value) => {
    try {
      window.sessionStorage.setItem(`${key}${name}`, JSON.stringify(value));
    } catch {
      // A browser that keeps nothing begins each item anew.
    }
  };

  // `spent` is in milliseconds by item; the item `at` has been running since `since`, which is null while it is held.
  const fresh = () => ({ spent: {}, at: item, since: Date.now() });
  let state = kept("", null) || fresh();

  const settle = () => {
    const now = Date.now();
    if (state.since !== null) {
      state.spent[state.at] = (state.spent[state.at] || 0) + Math.max(0, now - state.since);
      state.since = now;
    }
    state.at = item;
    keep("", state);
  };

  // --- the clocks ----------------------------------------------------------------------------------------------------

  const running = () => (state.since === null ? 0 : Math.max(0, Date.now() - state.since));
  const ofItem = () => (state.spent[item] || 0) + running();
  const ofMeeting = () => Object.values(state.spent).reduce((sum, one) => sum + one, 0) + running();
  const two = (number) => String(number).padStart(2, "0");

  const asClock = (span) => {
    const seconds = Math.floor(span / SECOND);
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${two(minutes)}:${two(seconds % 60)}`;
  };

  const write = (selector, text) => {
    const place = part(selector);
    if (place.textContent !== text) place.textContent = text;
  };

  const word = (name, span) => foot.dataset[name].replace("[minutes]", Math.floor(span / MINUTE));

  const course = () => {
    const behind = ofMeeting() - before - Math.min(ofItem(), allotted);
    if (behind >= MINUTE) return word("wordBehind", behind);
    return behind <= -MINUTE ? word("wordAhead", -behind) : foot.dataset.wordInTime;
  };

  // Told in words once a minute at most, so that who hears the page is not talked over.
  const told = () => {
    if (state.since === null) return foot.dataset.wordHeld;
    const over = ofItem() - allotted;
    if (over < 0) return "";
    return over < MINUTE ? foot.dataset.wordUp : word("wordOverBy", over);
  };

  const show = () => {
    const left = allotted - ofItem();
    const isOver = left < 0;
    write("[data-of-item]", isOver ? `+${asClock(-left)}` : asClock(Math.ceil(left / SECOND) * SECOND));
    write("[data-left]", isOver ? foot.dataset.wordOver : foot.dataset.wordLeft);
    write("[data-of-meeting]", asClock(ofMeeting()));
    write("[data-course]", course());
    write("[data-told]", told());
    foot.classList.toggle("overrun", isOver);
    part("[data-bar]").setAttribute("width", Math.round(1000 * Math.min(1, ofItem() / allotted)));
  };

  const mark = () => {
    const isHeld = state.since === null;
    const button = part("[data-do='hold']");
    button.setAttribute("aria-pressed", String(isHeld));
    button.textContent = isHeld ? foot.dataset.wordGoOn : foot.dataset.wordHold;
    foot.classList.toggle("held", isHeld);
    show();
  };

  // --- hands ---------------------------------------------------------------------------------------------------------

  const go = (where) => {
    const link = part(`[data-go='${where}']`);
    if (!link) return;
    const focused = document.activeElement && document.activeElement.dataset.go;
    keep("-focus", focused || null);
    settle();
    window.location.assign(link.href);
  };

  const hold = () => {
    settle();
    state.since = state.since === null ? Date.now() : null;
    keep("", state);
    mark();
  };

  const anew = () => {
    state = fresh();
    keep("", state);
    mark();
  };

  const showAgenda = (isShown) => {
    document.body.classList.toggle("no-agenda", !isShown);
    part("[data-do='agenda']").setAttribute("aria-expanded", String(isShown));
    keep("-agenda", isShown);
  };

  const full = () => {
    const change = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    change.catch(() => {});
  };

  const acts = {
    hold,
    anew,
    full,
    agenda: () => showAgenda(document.body.classList.contains("no-agenda")),
    keys: () => dialog.showModal(),
    language: () => part("[data-do='language']").click(),
  };
  const byKey = {
    ArrowRight: "next",
    PageDown: "next",
    ArrowLeft: "previous",
    PageUp: "previous",
    Home: "first",
    End: "last",
  };
  const byLetter = { h: acts.hold, a: acts.agenda, f: acts.full, l: acts.language, "?": acts.keys };

  document.addEventListener("click", (event) => {
    const control = event.target.closest("[data-do], [data-go]");
    if (!control || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (control.dataset.go) keep("-focus", control.dataset.go);
    else if (control.dataset.do !== "language") acts[control.dataset.do]();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || dialog.open) return;
    // A wide table takes the arrows while it has the focus.
    const isScrolling = event.key.startsWith("Arrow") && event.target.closest(".scroll");
    const where = isScrolling ? undefined : byKey[event.key];
    const letter = document.body.dataset.shortcuts === "off" ? undefined : byLetter[event.key.toLowerCase()];
    if (!where && !letter) return;
    event.preventDefault();
    if (where) go(where);
    else letter();
  });

  window.addEventListener("pagehide", settle);
  // A page that comes back out of the browser's memory goes on with what the other items have added since.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    state = kept("", null) || fresh();
    settle();
    mark();
  });

  // --- beginning -----------------------------------------------------------------------------------------------------

  settle();
  part("[data-clock]").hidden = false;
  for (const one of document.querySelectorAll(".tools [hidden]")) one.hidden = false;
  showAgenda(kept("-agenda", true));
  const again = kept("-focus", null);
  keep("-focus", null);
  if (again && part(`[data-go='${again}']`)) part(`[data-go='${again}']`).focus();
  const current = agenda.querySelector("[aria-current]");
  agenda.scrollTop = Math.max(0, current.offsetTop - agenda.clientHeight / 2);
  mark();
  window.setInterval(show, SECOND / 4);
})();
