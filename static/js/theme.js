// The theme: the system's unless chosen here. A classic script in the head, so that no page flashes in the wrong one.
{
  const KEY = "normball-theme";
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const CHOICES = ["auto", "light", "dark"];
  /** @type {string} */
  let choice = "auto";
  const apply = () => {
    root.dataset.theme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    document.dispatchEvent(new Event("themechange"));
  };
  try {
    choice = localStorage.getItem(KEY) ?? "auto";
  } catch {
    // a browser that keeps nothing still has a theme
  }
  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const label = () => button && (button.textContent = button.dataset[choice] ?? choice);
    label();
    button?.addEventListener("click", () => {
      choice = CHOICES[(CHOICES.indexOf(choice) + 1) % 3];
      try {
        localStorage.setItem(KEY, choice);
      } catch {
        // chosen for this page only
      }
      apply();
      label();
    });
  });
}
