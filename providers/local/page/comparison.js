// Compares original and variant: side by side, with the point that the crop keeps, or by wiping one over the other.
import { byId, chosen, formatName, inBytes } from "./dom.js";
import { go, place } from "./place.js";
import { Refused } from "./server.js";
import { kept } from "./sizes.js";

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// Calls `moved` with each new point, in percent, and whether the drag has ended.
export function startComparison(moved) {
  const [field, point, layers] = [byId("field"), byId("point"), byId("layers")];
  let at = [50, 50];
  let held = [0, 0]; // The pointer's distance from the point's middle, in percent.
  let dragged = false;

  function move(to, ended) {
    at = to.map((percent) => Math.min(100, Math.max(0, Math.round(percent))));
    placePoint(at);
    moved(at, ended);
  }

  function under(event) {
    const box = byId("original").getBoundingClientRect();
    return [(100 * (event.clientX - box.left)) / box.width, (100 * (event.clientY - box.top)) / box.height];
  }

  // A mouse drags from anywhere, a finger only from the point. Elsewhere a finger scrolls the page, or taps.
  field.addEventListener("pointerdown", (event) => {
    if (point.hidden || event.button !== 0 || (event.pointerType !== "mouse" && event.target !== point)) return;
    event.preventDefault();
    point.focus({ preventScroll: true });
    field.setPointerCapture(event.pointerId);
    const place = under(event);
    held = event.target === point ? place.map((percent, axis) => percent - at[axis]) : [0, 0];
    dragged = event.target !== point;
    if (dragged) move(place, false);
  });
  field.addEventListener("pointermove", (event) => {
    if (!field.hasPointerCapture(event.pointerId)) return;
    const to = under(event).map((percent, axis) => Math.round(percent - held[axis]));
    if (String(to) === String(at)) return;
    dragged = true;
    move(to, false);
  });
  field.addEventListener("lostpointercapture", () => dragged && moved(at, true));
  byId("original").addEventListener("click", (event) => {
    if (!point.hidden && event.pointerType !== "mouse") move(under(event), true);
  });
  point.addEventListener("keydown", (event) => {
    const step = KEYS[event.key];
    if (!step) return;
    event.preventDefault();
    move(at.map((percent, axis) => percent + step[axis] * (event.shiftKey ? 10 : 1)), false);
  });

  byId("wiper").addEventListener("input", wipe);
  layers.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    layers.setPointerCapture(event.pointerId);
    wipeTo(event);
  });
  layers.addEventListener("pointermove", (event) => {
    if (layers.hasPointerCapture(event.pointerId)) wipeTo(event);
  });
  for (const choice of document.getElementsByName("view")) {
    choice.addEventListener("change", () => {
      go({ ...place(), view: chosen("view") === "wipe" ? "wipe" : "" }, { replace: true });
      showView();
    });
  }

  // Shows the point that a crop keeps. The point of `smart` is known once the answer states the variant's `part`.
  return function showSize(size, original, part = null) {
    const isBox = size?.width && size.height;
    const own = size?.fit === "cover" && !size.focal ? original.point : null;
    const found = size?.fit === "smart" && part ? [50 * (part[0] + part[2]), 50 * (part[1] + part[3])] : null;
    const shown = isBox && original.whole ? (own ?? kept(size) ?? found) : null;
    point.hidden = !shown;
    at = shown ? shown.map(Math.round) : [50, 50];
    placePoint(at);
    byId(place().view === "wipe" ? "wiping" : "beside").checked = true;
    showView();
  };
}

export function showOriginal(src, original) {
  byId("original").src = byId("before").src = src;
  const { width, height, bytes, type, shown } = original;
  const note = shown ? "" : ", shown as a variant here";
  byId("original-facts").textContent = `${width} × ${height}, ${inBytes(bytes)}, ${formatName(type)}${note}`;
}

// Shows the variant at an address once it is loaded, with `words` about it. `part` is the part of the original that it
// shows: left, top, right and bottom, each from 0 to 1; null if it is unknown.
export async function showVariant(src, words, fit, part, signal) {
  const image = byId("variant");
  byId("after").src = image.src = src;
  await image.decode().catch(() => Promise.reject(new Refused("The browser can't show this variant.")));
  if (signal.aborted) return;
  const [width, height] = [image.naturalWidth, image.naturalHeight];
  byId("variant-facts").textContent = `${width} × ${height}, ${words}`;
  byId("pictures").ariaBusy = "false";
  byId("wiped").hidden = !part;
  showView();
  if (!part) return;
  byId("layers").style.aspectRatio = `${width} / ${height}`;
  byId("wiped").style.maxWidth = `min(100%, ${width}px, calc(70vh * ${width / height}))`;
  layBelow(byId("before").style, fit, part);
}

// Waits for the next variant: the last one is faded, or removed with `forget`.
export function awaitVariant({ forget = false } = {}) {
  byId("pictures").ariaBusy = String(!forget);
  byId("variant-facts").textContent = forget ? "" : "…";
  if (!forget) return;
  for (const id of ["variant", "after"]) byId(id).removeAttribute("src");
  byId("wiped").hidden = true;
  showView();
}

// Places the original so that the part that the variant shows lies exactly under the variant.
function layBelow(style, fit, [left, top, right, bottom]) {
  style.objectFit = fit === "contain" ? "contain" : "fill";
  [style.width, style.height] = [`${100 / (right - left)}%`, `${100 / (bottom - top)}%`];
  [style.left, style.top] = [`${(-100 * left) / (right - left)}%`, `${(-100 * top) / (bottom - top)}%`];
}

function placePoint([across, down]) {
  const point = byId("point");
  [point.style.left, point.style.top] = [`${across}%`, `${down}%`];
  point.ariaLabel = `Point that the crop keeps: ${across} % across, ${down} % down`;
}

// Without a variant there is nothing to wipe, so the original is shown alone.
function showView() {
  const wiped = chosen("view") === "wipe" && !byId("wiped").hidden;
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
  // Both images are clipped, because one can be transparent.
  byId("under").style.clipPath = `inset(0 ${100 - percent}% 0 0)`;
  byId("after").style.clipPath = `inset(0 0 0 ${percent}%)`;
  byId("edge").style.left = `${percent}%`;
}
