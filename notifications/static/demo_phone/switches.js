/** Switches of the page, kept for next time: `<button data-switch="sound" aria-pressed>`. */

const KEPT = "demo-phones-";

/** `changed`: by name, what to do when a switch is turned, and once at the start. */
export function startSwitches(changed) {
  for (const button of document.querySelectorAll("[data-switch]")) {
    const name = button.dataset.switch;
    if (name === "speech") button.hidden = !("speechSynthesis" in window);
    const say = () => {
      button.setAttribute("aria-pressed", isOn(name));
      changed[name]?.(isOn(name));
    };
    button.addEventListener("click", () => {
      localStorage.setItem(KEPT + name, isOn(name) ? "" : "1");
      say();
    });
    say();
  }
}

export function isOn(name) {
  return Boolean(localStorage.getItem(KEPT + name));
}
