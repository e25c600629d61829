/** Where this telephone is, if its owner allowed us to know; a press never waits for it. */

const FRESH_MS = 300_000;
const PATIENCE_MS = 15_000;

let position = null;

/** The place last found, or null. */
export function whereIAm() {
  return position;
}

/** Ask, with the question that the browser puts to the person; null where nothing is found. */
export function findPlace() {
  if (!("geolocation" in navigator)) return Promise.resolve(null);
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        position = { lat: coords.latitude, lon: coords.longitude };
        resolve(position);
      },
      () => resolve(null),
      { enableHighAccuracy: true, maximumAge: FRESH_MS, timeout: PATIENCE_MS },
    );
  });
}

/** Find it beforehand where that was allowed on another day; nobody is asked. */
async function findIfAllowed() {
  const allowed = await navigator.permissions?.query({ name: "geolocation" });
  if (allowed?.state === "granted") findPlace();
}

findIfAllowed();
