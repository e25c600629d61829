/* Signing a home visit: the telephone says where, if it may; without it one signs all the same. */

const WAIT_MS = 8000;
const form = document.querySelector("[data-sign]");

function here() {
  return new Promise((resolve) => {
    if (!navigator.geolocation) {
      resolve(null);
      return;
    }
    const options = { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 60000 };
    navigator.geolocation.getCurrentPosition(
      (found) => resolve(found.coords),
      () => resolve(null),
      options,
    );
  });
}

form?.addEventListener("submit", async (event) => {
  if (form.dataset.located) return;
  event.preventDefault();
  form.querySelector("button").setAttribute("aria-busy", "true");
  const place = await here();
  if (place) {
    form.elements.lat.value = place.latitude;
    form.elements.lon.value = place.longitude;
  }
  form.dataset.located = "yes";
  form.submit();
});
