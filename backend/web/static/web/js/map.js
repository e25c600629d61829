/**
 * A pale map of `<div data-map>`: areas as outlines, people and calls as the only strong marks.
 *
 * Data stand in a JSON script named by `data-map`:
 * {"center": [lat, lon], "zoom", "areas": [[[lat, lon], …]], "marks": [{"lat", "lon", "kind", "name"}]}
 * and tiles, if there are any, in `data-tiles` with `data-tiles-by`. Every mark also stands in a
 * list on the page, which the map's label says.
 */

import * as L from "../../leaflet/leaflet-src.esm.js";

export function drawMap(element) {
  const data = JSON.parse(document.getElementById(element.dataset.map).textContent);
  const map = L.map(element, { zoomAnimation: false, fadeAnimation: false, keyboard: false });
  map.attributionControl.setPrefix(false);
  if (element.dataset.tiles) {
    L.tileLayer(element.dataset.tiles, { attribution: element.dataset.tilesBy }).addTo(map);
  }
  for (const outline of data.areas ?? []) L.polygon(outline, { className: "map__area" }).addTo(map);
  const marks = L.featureGroup((data.marks ?? []).map(markOf)).addTo(map);
  if (data.center) map.setView(data.center, data.zoom ?? 16);
  else if (marks.getLayers().length) map.fitBounds(marks.getBounds(), { maxZoom: 16, padding: [24, 24] });
  return map;
}

function markOf({ lat, lon, kind, name }) {
  const mark = L.circleMarker([lat, lon], { radius: 9, className: `map__mark map__mark--${kind}` });
  return mark.bindTooltip(name, { permanent: kind === "call", direction: "right", offset: [10, 0] });
}
