// Which variants of an original there are beside the one that is shown, and the markup that offers them to a browser.
import { address, canonical, parse, spelled } from "./sizes.js";

const FACTORS = [0.5, 1, 1.5, 2, 3]; // Of the chosen size, where no ladder says which others there are.
const TYPES = { avif: "image/avif", webp: "image/webp" };

// The size that a photograph opens at: the first of these that the deployment renders.
export function firstSize(deployment) {
  const wanted = ["600x400", "600x", ...deployment.sizes].map(parse);
  return wanted.map((size) => canonical(size, deployment)).find((size) => size && !tooSmall(size)) ?? wanted[1];
}

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
  const factors = widths.length ? widths.map((rung) => rung / side) : sizes.length ? [1] : FACTORS;
  const others = [...factors.map((factor) => scaled(size, factor)), ...sizes.map(parse)];
  const rendered = others.map((one) => canonical(one, deployment)).filter((one) => one && !isLarger(one, original));
  const all = [canonical(size, deployment), ...rendered].filter(Boolean);
  const bySpelling = new Map(all.map((one) => [spelled(one), one]));
  const width = (one) => sidesOf(one, original, deployment)[0];
  return [...bySpelling.values()].sort((a, b) => width(a) - width(b));
}

// The width and height in pixels of a variant, as core/imaging/fit.py plans them.
export function sidesOf({ width, height, fit }, { width: across, height: down }, { enlarge, maxSide }) {
  const asked = [width ?? (height * across) / down, height ?? (width * down) / across];
  const scales = [asked[0] / across, asked[1] / down];
  const scale = ["contain", "inside"].includes(fit) ? Math.min(...scales) : Math.max(...scales);
  const limit = Math.min(enlarge ? 1 : 1 / Math.max(scale, 1), maxSide / Math.max(...asked));
  const box = asked.map((side) => side * limit);
  if (fit !== "inside") return box.map(whole);
  const inner = Math.min(box[0] / across, box[1] / down);
  return [Math.min(whole(box[0]), whole(across * inner)), Math.min(whole(box[1]), whole(down * inner))];
}

function whole(length) {
  return Math.max(1, Math.floor(length + 0.5 + 1e-9));
}

// <img srcset>, or <picture> with AVIF and WebP before it, for the sizes that have the shape of the chosen one.
export function markup(kind, size, key, deployment, original) {
  const [width, height] = sidesOf(canonical(size, deployment) ?? size, original, deployment);
  const named = kind === "picture" && size.format === "auto" ? { ...size, format: null } : size;
  const alt = escaped(key.split("/").at(-1).replace(/\.[^.]*$/, ""));
  const src = `src="${address(named, key, deployment)}"`;
  const image = ["<img", src, ...srcset(named), `width="${width}" height="${height}" alt="${alt}"`];
  if (kind !== "picture") return tag(image, "");
  const formats = Object.keys(TYPES).filter((format) => format !== size.format);
  const sources = formats.map((format) => canonical({ ...size, format }, deployment)).filter(Boolean).map(source);
  return ["<picture>", ...[...sources, image].map((one) => tag(one, "  ")), "</picture>"].join("\n");

  function srcset(one) {
    const alike = candidates(one, deployment, original).filter((other) => isAlike(other, one));
    const across = (other) => sidesOf(other, original, deployment)[0];
    const listed = alike.map((other) => `${address(other, key, deployment)} ${across(other)}w`);
    if (alike.length < 2) return [];
    return [`srcset="${listed.join(", ")}"`, `sizes="(max-width: ${width}px) 100vw, ${width}px"`];
  }

  function source(one) {
    const set = srcset(one);
    const type = `type="${TYPES[one.format ?? deployment.format]}"`;
    return ["<source", type, ...(set.length ? set : [`srcset="${address(one, key, deployment)}"`])];
  }
}

// An element's start tag, one attribute a line, and one candidate of its srcset a line.
function tag([name, first, ...rest], indent) {
  const lines = [first, ...rest].map((attribute) => attribute.replaceAll("w, /", `w,\n${indent}    /`));
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

function tooSmall({ width, height }) {
  return Math.max(width, height) < 100;
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
