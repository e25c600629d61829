/** What is said about one's call: to screen readers always, aloud where that was switched on. */

const KEPT = "read-aloud";

/** `line` is the page's status line. Returns a function of the sentence, said when it changes. */
export function startReadingAloud(line) {
  const button = document.querySelector("[data-read-aloud]");
  const canSpeak = "speechSynthesis" in window;
  let last = "";

  if (button && canSpeak) {
    button.hidden = false;
    button.setAttribute("aria-pressed", isOn());
    button.addEventListener("click", () => {
      localStorage.setItem(KEPT, isOn() ? "" : "1");
      button.setAttribute("aria-pressed", isOn());
      if (isOn()) speak(last || button.textContent);
      else speechSynthesis.cancel();
    });
  }

  return (sentence) => {
    if (sentence === last) return;
    last = sentence;
    line.textContent = sentence;
    if (canSpeak && isOn() && sentence) speak(sentence);
  };
}

function isOn() {
  return Boolean(localStorage.getItem(KEPT));
}

function speak(sentence) {
  const words = new SpeechSynthesisUtterance(sentence);
  words.lang = document.documentElement.lang;
  words.rate = 0.9;
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
}
