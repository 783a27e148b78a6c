// Turns the big screen through its views and keeps it up to date: asks for the content every minute, replaces it only
// where it changed, and goes on with what it has while the server or the network is away.
(() => {
  const MINUTE = 60_000;
  const FIRST_RETRY = 5_000;
  const PATIENCE = 20_000;
  const QUIET = 4_000;
  const USUAL = 20;

  const main = document.getElementById("screen");
  const filters = new URLSearchParams(window.location.search);
  const state = { view: "", isHeld: false, etag: "", asked: new Date(), since: null, retry: FIRST_RETRY };
  const timers = { turn: 0, ask: 0, quiet: 0 };

  const part = (selector) => main.querySelector(selector);
  const parts = (selector) => [...main.querySelectorAll(selector)];
  const views = () => parts("[data-view]").map((one) => one.dataset.view);
  const seconds = () => Number(part(".show").dataset.seconds) || USUAL;
  const later = (name, act, after) => {
    window.clearTimeout(timers[name]);
    timers[name] = window.setTimeout(act, after);
  };

  // --- turning -------------------------------------------------------------------------------------------------------

  const mark = () => {
    for (const one of parts("[data-view]")) one.hidden = one.dataset.view !== state.view;
    for (const one of parts("[data-mark]")) one.classList.toggle("on", one.dataset.mark === state.view);
    for (const one of parts("[data-go]")) {
      if (one.dataset.go === state.view) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    }
    const hold = part("[data-do='hold']");
    if (hold) hold.setAttribute("aria-pressed", String(state.isHeld));
    part(".show").classList.toggle("held", state.isHeld);
    part(".show").style.setProperty("--seconds", `${seconds()}s`);
  };

  const wait = () => {
    window.clearTimeout(timers.turn);
    if (!state.isHeld && views().length > 1) later("turn", () => turn(1), seconds() * 1000);
  };

  const go = (view) => {
    if (!views().includes(view)) return;
    state.view = view;
    filters.set("view", view);
    window.history.replaceState(null, "", `?${filters}`);
    mark();
    wait();
  };

  const turn = (steps) => {
    const all = views();
    go(all[(all.indexOf(state.view) + steps + all.length) % all.length]);
  };

  const hold = () => {
    state.isHeld = !state.isHeld;
    mark();
    wait();
  };

  // --- what it shows -------------------------------------------------------------------------------------------------

  const settle = () => {
    for (const one of parts(".controls [hidden]")) one.hidden = false;
    document.documentElement.lang = part(".show").lang;
    document.title = part(".show").dataset.title;
    if (!views().includes(state.view)) state.view = views()[0] || "";
    mark();
    document.dispatchEvent(new Event("charts:refresh"));
  };

  const replace = (html) => {
    const isFocused = document.activeElement && main.contains(document.activeElement);
    const { go: view, do: act } = isFocused ? document.activeElement.dataset : {};
    const before = views().length;
    main.innerHTML = html;
    settle();
    if (views().length !== before) wait();
    const again = view ? `[data-go="${view}"]` : act && `[data-do="${act}"]`;
    if (again && part(again)) part(again).focus();
  };

  const clock = (moment) =>
    moment.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

  const tell = (word) => {
    const isAway = Boolean(word);
    const words = isAway ? part(".show").dataset[word] : "";
    const told = words.replace("[asked]", clock(state.asked)).replace("[since]", clock(state.since || new Date()));
    const place = part("[data-state]");
    if (place.textContent !== told) place.textContent = told;
    part(".show").classList.toggle("away", isAway);
    part("[data-sign-in]").hidden = word !== "wordSignedOut";
  };

  // --- asking --------------------------------------------------------------------------------------------------------

  const address = () => {
    const asked = new URLSearchParams(filters);
    asked.delete("view");
    return `${main.dataset.content}?${asked}`;
  };

  const answered = async (response) => {
    const isSignedOut = response.type === "opaqueredirect" || response.status === 401 || response.status === 403;
    if (isSignedOut) return "wordSignedOut";
    if (response.status !== 304 && !response.ok) return "wordGone";
    const html = response.status === 304 ? "" : await response.text();
    state.asked = new Date();
    state.since = null;
    // Who is reading the keys is not disturbed; without the new tag the next answer brings the same again.
    if (html && !part("[data-keys]").open) {
      state.etag = response.headers.get("ETag") || "";
      replace(html);
    }
    return "";
  };

  const ask = async () => {
    const headers = state.etag ? { "If-None-Match": state.etag } : {};
    const signal = AbortSignal.timeout(PATIENCE);
    const word = await fetch(address(), { headers, signal, redirect: "manual", cache: "no-store" })
      .then(answered)
      .catch(() => "wordGone");
    if (word && !state.since) state.since = new Date();
    tell(word);
    later("ask", ask, word ? state.retry : MINUTE);
    state.retry = word ? Math.min(2 * state.retry, MINUTE) : FIRST_RETRY;
  };

  // Both languages come from the server; while it is away the screen stays as it is.
  const changeLanguage = () => {
    filters.set("lang", new URL(part("[data-do='language']").href).searchParams.get("lang"));
    state.etag = "";
    ask();
  };

  // --- hands ---------------------------------------------------------------------------------------------------------

  const fill = () => {
    const change = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    change.catch(() => {});
  };
  const acts = {
    previous: () => turn(-1),
    next: () => turn(1),
    hold,
    full: fill,
    keys: () => part("[data-keys]").showModal(),
    language: changeLanguage,
  };
  const byKey = { ArrowLeft: acts.previous, ArrowRight: acts.next, " ": hold };
  const byLetter = { f: fill, l: changeLanguage, "?": acts.keys };

  main.addEventListener("click", (event) => {
    const control = event.target.closest("[data-do], [data-go]");
    if (!control || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (control.dataset.go) go(control.dataset.go);
    else acts[control.dataset.do]();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (part("[data-keys]").open || (event.key === " " && event.target.closest("a, button"))) return;
    const letters = document.body.dataset.shortcuts === "off" ? {} : byLetter;
    const view = document.body.dataset.shortcuts === "off" ? undefined : views()[Number(event.key) - 1];
    const act = byKey[event.key] || letters[event.key.toLowerCase()] || (view && (() => go(view)));
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("pointermove", () => {
    document.body.classList.add("awake");
    later("quiet", () => document.body.classList.remove("awake"), QUIET);
  });

  window.addEventListener("online", () => {
    state.retry = FIRST_RETRY;
    ask();
  });
  window.addEventListener("offline", ask);

  state.view = (part("[data-view]:not([hidden])") || { dataset: {} }).dataset.view || "";
  state.isHeld = part(".show").dataset.seconds === "0";
  settle();
  wait();
  later("ask", ask, MINUTE);
})();
