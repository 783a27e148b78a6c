// Sets light or dark before the first paint. The person's choice stands on <html data-theme>; "auto" follows the system.
(() => {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  const show = () => {
    const choice = root.dataset.theme;
    const isDark = choice === "dark" || (choice !== "light" && system.matches);
    root.dataset.bsTheme = isDark ? "dark" : "light";
  };

  show();
  if (system.addEventListener) system.addEventListener("change", show);
})();
