// Which variants of an original there are beside the one that is shown, and the markup that offers them to a browser.
import { address, canonical, parse, spelled } from "./sizes.js";

const FACTORS = [0.5, 1, 1.5, 2, 3]; // Of the chosen size, where no setting says which others there are.
const SOURCES = { avif: "image/avif", webp: "image/webp" };
const FOR_ALL = ["jpg", "png", "gif"]; // What every browser shows.

// The size at which an original is shown that browsers do not show: large, and uncropped if there is such a size.
export function wholeSize(deployment, original) {
  const side = Math.min(original.width, deployment.maxSide, 2000);
  const wanted = [`${side}x`, ...deployment.sizes].map(parse).filter((size) => canonical(size, deployment));
  return wanted.find(isWhole) ?? wanted[0];
}

export function isWhole(size) {
  return !(size.width && size.height) || size.fit === "inside";
}

// The sizes to choose among: the rungs of the ladder in the size's shape and the listed sizes, or else its multiples.
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

// By how much an original would grow to meet the size; below 1, it shrinks.
export function growth(size, original) {
  const [width, height] = askedOf(size, original);
  const scales = [width / original.width, height / original.height];
  return ["contain", "inside"].includes(size.fit) ? Math.min(...scales) : Math.max(...scales);
}

// The box that a size asks for; a missing side follows from the original's proportions.
function askedOf({ width, height }, { width: across, height: down }) {
  return [width ?? (height * across) / down, height ?? (width * down) / across];
}

// <img srcset>, or <picture> with AVIF and WebP before it, for the sizes that have the shape of the chosen one. Each
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
    // Of two that have the same width, as none is enlarged, the one that says so.
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

// The size in a format that every browser shows: the chosen one, the usual one, the original's own, or JPEG.
function forAll(size, deployment, original) {
  const own = FOR_ALL.find((format) => original.type === `image/${format}`) ?? "jpg";
  const format = FOR_ALL.includes(size.format) ? size.format : FOR_ALL.includes(original.format) ? null : own;
  return canonical({ ...size, format }, deployment) ?? size;
}

// An element's start tag, one attribute a line, and one candidate of its srcset a line.
function tag([name, first, ...rest], indent) {
  const lines = [first, ...rest].map((attribute) => attribute.replaceAll("\n", `\n${indent}`));
  return `${indent}${name} ${lines.join(`\n${indent}  `)}>`;
}

function scaled(size, factor) {
  const side = (length) => length && Math.max(1, Math.round(length * factor));
  return { ...size, width: side(size.width), height: side(size.height) };
}

// Larger than the original: there is nothing more to see in it.
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
