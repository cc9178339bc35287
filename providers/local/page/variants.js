// Other variants of an original, and the markup that offers them to a browser.
import { address, canonical, parse, spelled } from "./sizes.js";

const FACTORS = [0.5, 1, 1.5, 2, 3]; // Multiples of the chosen size, if no setting lists sizes.
const SOURCES = { avif: "image/avif", webp: "image/webp" };
const FOR_ALL = ["jpg", "png", "gif"]; // Formats that every browser shows.

// The size for showing an original that browsers can't show: large, and uncropped if the deployment has such a size.
export function wholeSize(deployment, original) {
  const side = Math.min(original.width, deployment.maxSide, 2000);
  const wanted = [`${side}x`, ...deployment.sizes].map(parse).filter((size) => canonical(size, deployment));
  return wanted.find(isWhole) ?? wanted[0];
}

export function isWhole(size) {
  return !(size.width && size.height) || size.fit === "inside";
}

// The sizes to choose from: the deployment's widths in the size's shape, and its listed sizes; if it has neither,
// multiples of the size.
export function candidates(size, deployment, original) {
  const { widths, sizes } = deployment;
  const side = size.width ?? size.height;
  const factors = widths.length ? widths.map((rung) => rung / side) : sizes.length ? [] : FACTORS;
  const others = [...factors.map((factor) => scaled(size, factor)), ...sizes.map(parse)];
  const rendered = others.map((one) => canonical(one, deployment)).filter((one) => one && !isLarger(one, original));
  const all = [canonical(size, deployment), ...rendered].filter(Boolean);
  const bySpelling = new Map(all.map((one) => [spelled(one), one]));
  const width = (one) => sidesOf(one, original, deployment)[0];
  return [...bySpelling.values()].sort((a, b) => width(a) - width(b));
}

// The width and height in pixels of a variant, as core/imaging/fit.py plans them.
export function sidesOf(size, original, { enlarge, maxSide }) {
  const { width: across, height: down } = original;
  const asked = askedOf(size, original);
  const limit = Math.min(enlarge ? 1 : 1 / Math.max(growth(size, original), 1), maxSide / Math.max(...asked));
  const box = asked.map((side) => side * limit);
  if (size.fit !== "inside") return box.map(pixels);
  const inner = Math.min(box[0] / across, box[1] / down);
  return [Math.min(pixels(box[0]), pixels(across * inner)), Math.min(pixels(box[1]), pixels(down * inner))];
}

// The factor by which an original grows to the size; below 1 it shrinks.
export function growth(size, original) {
  const [width, height] = askedOf(size, original);
  const scales = [width / original.width, height / original.height];
  return ["contain", "inside"].includes(size.fit) ? Math.min(...scales) : Math.max(...scales);
}

// The requested box. A missing side follows from the original's proportions.
function askedOf({ width, height }, { width: across, height: down }) {
  return [width ?? (height * across) / down, height ?? (width * down) / across];
}

// An <img srcset>, or a <picture> that offers AVIF and WebP first, for the sizes with the shape of the chosen one. Each
// address begins with `base`.
export function markup(kind, size, base, deployment, original) {
  const [width, height] = sidesOf(size, original, deployment);
  const url = (one) => base + address(one, original.key, deployment);
  const formats = kind === "picture" ? Object.keys(SOURCES) : [];
  const sources = formats.map((format) => canonical({ ...size, format }, deployment)).filter(Boolean);
  const shown = sources.length ? forAll(size, deployment, original) : size;
  const alt = escaped(original.key.split("/").at(-1).replace(/\.[^.]*$/, ""));
  const rest = [...srcset(shown), `width="${width}" height="${height}" alt="${alt}"`];
  const image = ["<img", `src="${url(shown)}"`, ...rest];
  if (!sources.length) return tag(image, "");
  return ["<picture>", ...[...sources.map(source), image].map((one) => tag(one, "  ")), "</picture>"].join("\n");

  function srcset(one) {
    const alike = candidates(one, deployment, original).filter((other) => isAlike(other, one));
    // Two sizes can have the same width, because no variant is enlarged. The size that states this width is used.
    const byWidth = new Map(alike.reverse().map((other) => [sidesOf(other, original, deployment)[0], url(other)]));
    const listed = [...byWidth].sort(([a], [b]) => a - b).map(([across, path]) => `${path} ${across}w`);
    if (listed.length < 2) return [];
    return [`srcset="${listed.join(",\n    ")}"`, `sizes="(max-width: ${width}px) 100vw, ${width}px"`];
  }

  function source(one) {
    const set = srcset(one);
    const type = `type="${SOURCES[one.format ?? deployment.format]}"`;
    return ["<source", type, ...(set.length ? set : [`srcset="${url(one)}"`])];
  }
}

// The size in a format that every browser shows: the chosen one, the default, the original's own, or JPEG.
function forAll(size, deployment, original) {
  const own = FOR_ALL.find((format) => original.type === `image/${format}`) ?? "jpg";
  const format = FOR_ALL.includes(size.format) ? size.format : FOR_ALL.includes(original.format) ? null : own;
  return canonical({ ...size, format }, deployment) ?? size;
}

// An element's start tag, with one attribute or srcset candidate per line.
function tag([name, first, ...rest], indent) {
  const lines = [first, ...rest].map((attribute) => attribute.replaceAll("\n", `\n${indent}`));
  return `${indent}${name} ${lines.join(`\n${indent}  `)}>`;
}

function scaled(size, factor) {
  const side = (length) => length && Math.max(1, Math.round(length * factor));
  return { ...size, width: side(size.width), height: side(size.height) };
}

// Whether the size is larger than the original, and so shows no more detail.
function isLarger({ width, height }, original) {
  return width > original.width || height > original.height;
}

// Whether two sizes show the same part of an original, in the same format.
function isAlike(one, other) {
  const rest = (size) => spelled({ ...size, width: size.width && 1, height: size.height && 1 });
  const shape = ({ width, height }) => (width && height ? width / height : 1);
  return rest(one) === rest(other) && Math.abs(shape(one) / shape(other) - 1) < 0.02;
}

function pixels(length) {
  return Math.max(1, Math.floor(length + 0.5 + 1e-9));
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
