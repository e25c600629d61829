/** Where this telephone is, and how far that is from a home. */

const LOOK = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 0 };
const EARTH_M = 6_371_000;
const VAGUE_M = 1_000;

/** {lat, lon, accuracy_m}, WGS-84; null where none is found or it may not be told. */
export function findPlace() {
  return new Promise((resolve) => {
    if (!("geolocation" in navigator)) {
      resolve(null);
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: coords.latitude, lon: coords.longitude, accuracy_m: coords.accuracy }),
      () => resolve(null),
      LOOK,
    );
  });
}

/** "near", "far", "vague", or "no-home" where the home's own position is unknown. */
export function judge(fix, visit) {
  if (!visit.position) return { word: "no-home", metres: null };
  const metres = Math.round(distanceM([fix.lat, fix.lon], visit.position));
  if (fix.accuracy_m > VAGUE_M) return { word: "vague", metres };
  return { word: metres <= visit.fence_m ? "near" : "far", metres };
}

/** Great circle, by haversine. */
function distanceM([lat1, lon1], [lat2, lon2]) {
  const rad = Math.PI / 180;
  const a =
    Math.sin(((lat2 - lat1) * rad) / 2) ** 2 +
    Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(a));
}
