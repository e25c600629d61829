/**
 * A pale map of `<div data-map>`: areas as outlines, people and calls as the only strong marks.
 *
 * Data stand in a JSON script named by `data-map`:
 * {"center": [lat, lon], "zoom", "areas": [[[lat, lon], …]],
 *  "marks": [{"id"?, "lat", "lon", "kind", "name"}],
 *  "tallies": [{"outline", "level", "name", "total", "url"}]}
 * and tiles, if there are any, in `data-tiles` with `data-tiles-by`. Drawn again with new data, the
 * marks move and the map stays where somebody has dragged it. Every mark also stands in a list on
 * the page, which the map's label says.
 */

import * as L from "../../leaflet/leaflet-src.esm.js";

const NAMED = ["call", "going", "visit"];
const drawn = new WeakMap();

export function drawMap(element) {
  const data = JSON.parse(document.getElementById(element.dataset.map).textContent);
  const before = drawn.get(element);
  if (before) {
    placeMarks(before, data.marks ?? []);
    return before.map;
  }
  const map = L.map(element, {
    zoomAnimation: false, fadeAnimation: false, keyboard: false, zoomSnap: data.tallies ? 0 : 1,
  });
  map.attributionControl.setPrefix(false);
  if (element.dataset.tiles) {
    L.tileLayer(element.dataset.tiles, { attribution: element.dataset.tilesBy }).addTo(map);
  }
  for (const outline of data.areas ?? []) L.polygon(outline, { className: "map__area" }).addTo(map);
  const tallies = L.featureGroup((data.tallies ?? []).map(tallied)).addTo(map);
  const marks = L.featureGroup().addTo(map);
  if (data.center) map.setView(data.center, data.zoom ?? 16);
  const shown = { map, marks, known: new Map() };
  drawn.set(element, shown);
  placeMarks(shown, data.marks ?? []);
  if (!data.center && marks.getLayers().length) {
    map.fitBounds(marks.getBounds(), { maxZoom: 16, padding: [24, 24] });
  } else if (!data.center && tallies.getLayers().length) {
    map.fitBounds(tallies.getBounds(), { padding: [8, 8] });
  }
  return map;
}

/** An area with how much waits in it; a click leads into it, as its name in the list does. */
function tallied({ outline, level, name, total, url }) {
  const area = L.polygon(outline, { className: `map__tally map__tally--${level}` });
  const label = { permanent: true, direction: "center", className: "map__name" };
  area.bindTooltip(plain(name, String(total)), label);
  return area.on("click", () => location.assign(url));
}

/** Words as they are, a line each: Leaflet takes a text for HTML. */
function plain(...lines) {
  const element = document.createElement("span");
  for (const line of lines) {
    const own = document.createElement("span");
    own.className = "map__line";
    own.textContent = line;
    element.append(own);
  }
  return element;
}

/** Marks of the same id and kind are moved, others come and go. */
function placeMarks({ marks, known }, wanted) {
  const keys = new Set(wanted.map(keyOf));
  for (const [key, mark] of known) {
    if (keys.has(key)) continue;
    marks.removeLayer(mark);
    known.delete(key);
  }
  for (const each of wanted) {
    const mark = known.get(keyOf(each));
    if (mark) mark.setLatLng([each.lat, each.lon]).setTooltipContent(plain(each.name));
    else known.set(keyOf(each), markOf(each).addTo(marks));
  }
}

function keyOf({ id, kind, name }) {
  return `${kind} ${id ?? name}`;
}

function markOf({ lat, lon, kind, name }) {
  const mark = L.circleMarker([lat, lon], { radius: 9, className: `map__mark map__mark--${kind}` });
  return mark.bindTooltip(plain(name), { permanent: NAMED.includes(kind), direction: "right", offset: [10, 0] });
}
