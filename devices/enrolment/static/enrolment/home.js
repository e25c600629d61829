/** The home step: a suggested place fills in address, area and position. */

const form = document.getElementById("home-form");

form.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-place]");
  if (!button) return;
  form.elements.position.value = button.dataset.place;
  const option = form.elements.area.querySelector(`option[value="${button.dataset.area}"]`);
  if (option) form.elements.area.value = option.value;
  document.getElementById("places").replaceChildren();
  form.elements.area.focus();
});
form.elements.address.addEventListener("input", () => {
  form.elements.position.value = "";
});
