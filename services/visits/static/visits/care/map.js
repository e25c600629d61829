/** The homes of today on a map; loaded when somebody opens it. */

import { drawMap } from "../../web/js/map.js";

export function drawDay(element, marks) {
  if (!document.querySelector(`link[href="${element.dataset.style}"]`)) {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: element.dataset.style });
    document.head.append(link);
  }
  const data = document.createElement("script");
  data.type = "application/json";
  data.id = element.dataset.map;
  data.textContent = JSON.stringify({ marks });
  element.before(data);
  return drawMap(element);
}
