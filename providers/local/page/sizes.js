// The size grammar of core/size.py and core/ladder.py, without signatures. Makes addresses in the canonical spelling,
// which is not redirected. A size is {width, height, fit, focal, background, quality, format}; null means not given.

const KEPT = {
  cover: [50, 50],
  top: [50, 0],
  bottom: [50, 100],
  left: [0, 50],
  right: [100, 50],
  topleft: [0, 0],
  topright: [100, 0],
  bottomleft: [0, 100],
  bottomright: [100, 100],
};
export const FITS = ["cover", "contain", "inside", "fill", ...Object.keys(KEPT).slice(1), "smart"];
export const FORMATS = ["jpg", "png", "webp", "avif", "gif"];
export const WITHOUT_QUALITY = ["png", "gif"];

// The size that a text spells, with its options in any order; null if it is not a size.
export function parse(text) {
  const [, spec, , suffix] = /^([^.]*)(\.(.*))?$/s.exec(text.toLowerCase());
  const [box, ...options] = spec.split("-");
  const sides = /^([0-9]*)x([0-9]*)$/.exec(box);
  if (!sides || box === "x" || text.length > 80) return null;
  const read = {};
  for (const option of options) {
    const [name, value] = parsedOption(option);
    if (!name || name in read) return null;
    read[name] = value;
  }
  const { ratio = 1, fit = "cover", focal = null, background = null, quality = null } = read;
  const [width, height] = [sides[1], sides[2]].map((side) => (side === "" ? null : ratio * Number(side)));
  const format = suffix === "jpeg" ? "jpg" : (suffix ?? null);
  if (width === 0 || height === 0 || (format !== null && ![...FORMATS, "auto"].includes(format))) return null;
  return effective({ width, height, fit, focal, background, quality, format });
}

function parsedOption(option) {
  if (FITS.includes(option)) return ["fit", option];
  const [, ratio] = /^0*([1-4])x$/.exec(option) ?? [];
  if (ratio) return ["ratio", Number(ratio)];
  const [, across, down] = /^f0*([0-9]{1,3})x0*([0-9]{1,3})$/.exec(option) ?? [];
  if (across && Math.max(across, down) <= 100) return ["focal", [Number(across), Number(down)]];
  const [, background] = /^bg([0-9a-f]{6})$/.exec(option) ?? [];
  if (background) return ["background", background];
  const [, quality] = /^q0*([1-9][0-9]?|100)$/.exec(option) ?? [];
  return quality ? ["quality", Number(quality)] : [];
}

// The canonical spelling.
export function spelled({ width, height, fit, focal, background, quality, format }) {
  const parts = [`${width ?? ""}x${height ?? ""}`];
  if (fit !== "cover") parts.push(fit);
  if (focal) parts.push(`f${focal[0]}x${focal[1]}`);
  if (background) parts.push(`bg${background}`);
  if (quality) parts.push(`q${quality}`);
  return parts.join("-") + (format ? `.${format}` : "");
}

// The size that a deployment renders for a requested size; null if it refuses. `deployment` has the settings widths,
// ratios, sizes, maxSide, format and quality.
export function canonical(size, deployment) {
  let result = plain(size, deployment);
  if (deployment.widths.length || deployment.sizes.length) {
    if (!listed(deployment).has(spelled(result))) result = onLadder(result, deployment);
  }
  return result && Math.max(result.width, result.height) <= deployment.maxSide ? result : null;
}

// The spelling of a size without options that have no effect. A deployment can redirect it to another size.
export function plainly(size, deployment) {
  return spelled(plain(size, deployment));
}

// The spelling of a size in an address: the canonical one, or its own if the deployment refuses the size.
export function named(size, deployment) {
  return spelled(canonical(size, deployment) ?? plain(size, deployment));
}

// The path of a variant, percent-encoded.
export function address(size, key, deployment) {
  return `/${named(size, deployment)}/${encoded(key)}`;
}

// A key as a path: each segment percent-encoded, the slashes kept (RFC 3986, section 2.3).
export function encoded(key) {
  const reserved = (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return key.split("/").map((part) => encodeURIComponent(part).replace(/[!'()*]/g, reserved)).join("/");
}

// The point of an original that a crop keeps, in percent; null if the fit has none.
export function kept({ fit, focal }) {
  return focal ?? KEPT[fit] ?? null;
}

// Drops options without effect: the fit if only one side is given, the point if no crop uses it.
function effective(size) {
  if (size.width === null || size.height === null) return { ...size, fit: "cover", focal: null };
  if (size.fit !== "cover" || !size.focal) return { ...size, focal: null };
  const isKept = (place) => place !== "cover" && String(KEPT[place]) === String(size.focal);
  const fit = Object.keys(KEPT).find(isKept);
  return fit ? { ...size, fit, focal: null } : size;
}

// Drops options that are the deployment's defaults, or have no effect in the format.
function plain(asked, deployment) {
  const size = { ...effective(asked) };
  if (size.format === deployment.format) size.format = null;
  const target = size.format ?? deployment.format;
  if (size.quality === deployment.quality || WITHOUT_QUALITY.includes(target)) size.quality = null;
  if (size.background === "ffffff" && target === "jpg") size.background = null;
  return size;
}

function listed(deployment) {
  const outcomes = (size) => (size.format === "auto" ? ["auto", null, "webp", "avif"] : [size.format]);
  const all = deployment.sizes.map(parse).flatMap((size) => outcomes(size).map((format) => ({ ...size, format })));
  return new Set(all.map((size) => spelled(plain(size, deployment))));
}

function onLadder(size, { widths, ratios }) {
  if (!widths.length || size.focal || size.background || size.quality) return null;
  const rung = (side) => side && (widths.find((width) => width >= side) ?? widths.at(-1));
  if (!size.width || !size.height) return { ...size, width: rung(size.width), height: rung(size.height) };
  const shape = closestShape(size, ratios);
  return shape && { ...size, width: rung(size.width), height: pixels(rung(size.width), shape) };
}

// The proportions, [width, height], that differ from the box by less than a pixel of height: the closest, or the
// flatter of two equally close ones.
function closestShape({ width, height }, ratios) {
  const fitting = [];
  for (const shape of ratios.map((ratio) => ratio.split(":").map(Number))) {
    // The height is tall / by. A height of less than half a pixel counts as half a pixel.
    const [tall, by] = 2 * width * shape[1] < shape[0] ? [1, 2] : [width * shape[1], shape[0]];
    const off = Math.abs(height * by - tall);
    if (off < by) fitting.push({ shape, tall, by, off });
  }
  fitting.sort((a, b) => a.off * b.by - b.off * a.by || a.tall * b.by - b.tall * a.by);
  return fitting[0]?.shape ?? null;
}

function pixels(width, [across, down]) {
  return Math.max(1, Math.floor((2 * width * down + across) / (2 * across)));
}
