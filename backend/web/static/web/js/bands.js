/** Bands across the page: `<div data-band="offline" hidden>`; their words stand in the template. */

export function showBand(name, shown = true) {
  const band = document.querySelector(`[data-band="${name}"]`);
  if (band) band.hidden = !shown;
}

export function hideBand(name) {
  showBand(name, false);
}
