/** Forms: the summary of errors takes the focus, and a form is sent once. */

const SENT_AGAIN_MS = 3_000;

export function startForms(root = document) {
  root.querySelector("[data-error-summary]")?.focus();
  root.addEventListener("submit", onSubmit);
}

function onSubmit(event) {
  if (event.defaultPrevented) return;
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => {
    delete form.dataset.sent;
    event.submitter?.removeAttribute("aria-busy");
  }, SENT_AGAIN_MS);
}
