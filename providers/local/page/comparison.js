// The original and its variant: side by side with the point that the crop keeps, and one wiped over the other.
import { byId } from "./dom.js";
import { kept } from "./sizes.js";

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// `moved` is called with each new point, in percent, and with whether it is the last one of a drag.
export function startComparison(moved) {
  const [field, point, wiper] = [byId("field"), byId("point"), byId("wiper")];
  let at = [50, 50];

  function move(to, ended) {
    at = to.map((percent) => Math.min(100, Math.max(0, Math.round(percent))));
    placePoint(at);
    moved(at, ended);
  }

  function under(event) {
    const box = byId("original").getBoundingClientRect();
    return [(100 * (event.clientX - box.left)) / box.width, (100 * (event.clientY - box.top)) / box.height];
  }

  field.addEventListener("pointerdown", (event) => {
    if (point.hidden || event.button !== 0) return;
    event.preventDefault();
    point.focus({ preventScroll: true });
    field.setPointerCapture(event.pointerId);
    move(under(event), false);
  });
  field.addEventListener("pointermove", (event) => {
    if (field.hasPointerCapture(event.pointerId)) move(under(event), false);
  });
  field.addEventListener("pointerup", (event) => {
    if (field.hasPointerCapture(event.pointerId)) move(under(event), true);
  });
  point.addEventListener("keydown", (event) => {
    const step = KEYS[event.key];
    if (!step) return;
    event.preventDefault();
    move(at.map((percent, axis) => percent + step[axis] * (event.shiftKey ? 10 : 1)), true);
  });

  wiper.addEventListener("input", wipe);
  byId("layers").addEventListener("pointerdown", (event) => {
    event.preventDefault();
    byId("layers").setPointerCapture(event.pointerId);
    wipeTo(event);
  });
  byId("layers").addEventListener("pointermove", (event) => {
    if (byId("layers").hasPointerCapture(event.pointerId)) wipeTo(event);
  });
  for (const choice of document.getElementsByName("view")) choice.addEventListener("change", showView);

  // The point is shown where the fit crops around one, or around what `smart` finds.
  return function compare(size, original) {
    const crops = size && size.width && size.height && (kept(size) || size.fit === "smart");
    point.hidden = byId("point-help").hidden = !crops || !original.whole;
    const own = size?.fit === "cover" && !size.focal ? original.point : null;
    at = (size && (own ?? kept(size))) ?? [50, 50];
    placePoint(at);
    showView();
  };
}

function placePoint([across, down]) {
  const point = byId("point");
  [point.style.left, point.style.top] = [`${across}%`, `${down}%`];
  point.ariaLabel = `Point that the crop keeps: ${across} % across, ${down} % down`;
}

function showView() {
  const wiped = document.querySelector("[name=view]:checked").value === "wipe";
  byId("sides").hidden = wiped;
  byId("wipe").hidden = !wiped;
  byId("point-help").hidden = wiped || byId("point").hidden;
  wipe();
}

function wipeTo(event) {
  const box = byId("layers").getBoundingClientRect();
  byId("wiper").value = (100 * (event.clientX - box.left)) / box.width;
  wipe();
}

function wipe() {
  const percent = byId("wiper").value;
  byId("after").style.clipPath = `inset(0 0 0 ${percent}%)`;
  byId("edge").style.left = `${percent}%`;
}

// Lays the original below the variant, so that what a variant shows of it is where the variant shows it. `part` is left,
// top, right and bottom, of 0 to 1.
export function layOriginal(fit, part, sides) {
  byId("layers").style.aspectRatio = `${sides.width} / ${sides.height}`;
  byId("wiped").style.maxWidth = `min(100%, ${sides.width}px, calc(70vh * ${sides.width / sides.height}))`;
  const [left, top, right, bottom] = part;
  const { style } = byId("before");
  style.objectFit = fit === "contain" ? "contain" : "fill";
  [style.width, style.height] = [`${100 / (right - left)}%`, `${100 / (bottom - top)}%`];
  [style.left, style.top] = [`${(-100 * left) / (right - left)}%`, `${(-100 * top) / (bottom - top)}%`];
}
