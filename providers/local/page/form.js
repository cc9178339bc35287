// The form in which a size is chosen.
import { byId, element } from "./dom.js";
import { FITS, FORMATS, WITHOUT_QUALITY } from "./sizes.js";

const FITS_IN_WORDS = {
  cover: "crop (cover)",
  contain: "whole, padded (contain)",
  inside: "whole, unpadded (inside)",
  fill: "stretched (fill)",
  top: "crop, keeping the top",
  bottom: "crop, keeping the bottom",
  left: "crop, keeping the left",
  right: "crop, keeping the right",
  topleft: "crop, keeping the top left",
  topright: "crop, keeping the top right",
  bottomleft: "crop, keeping the bottom left",
  bottomright: "crop, keeping the bottom right",
  smart: "crop to the subject (smart)",
};

// Fills the lists of choices; `changed` is called after each change.
export function startForm(form, deployment, changed) {
  const { fit, format, quality, background, padded } = form.elements;
  fit.append(...FITS.map((name) => element("option", { value: name }, FITS_IN_WORDS[name])));
  const own = deployment.format ? `the deployment's (${deployment.format})` : "the original's";
  const auto = "the best that the browser accepts (auto)";
  const names = [["", own], ...FORMATS.map((name) => [name, name]), ["auto", auto]];
  format.append(...names.map(([value, words]) => element("option", { value }, words)));
  quality.value = deployment.quality;
  showQuality(form, deployment);
  background.addEventListener("input", () => (padded.checked = true));
  quality.addEventListener("input", () => showQuality(form, deployment));
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
}

// Shows a size of an original in the fields. The field that has the focus stays as it is.
export function fill(form, size, deployment, original) {
  const { width, height, fit, format, quality, background, padded } = form.elements;
  const values = [[width, size.width ?? ""], [height, size.height ?? ""], [fit, size.fit], [format, size.format ?? ""]];
  values.push([quality, size.quality ?? deployment.quality]);
  if (size.background) values.push([background, `#${size.background}`]);
  for (const [field, value] of values) if (field !== document.activeElement) field.value = value;
  padded.checked = Boolean(size.background);
  fit.disabled = !(size.width && size.height);
  quality.disabled = WITHOUT_QUALITY.includes(size.format ?? original.format);
  showQuality(form, deployment);
  const text = byId("point-text");
  text.hidden = !size.focal;
  if (size.focal) text.firstElementChild.textContent = `Kept point: ${size.focal[0]} % across, ${size.focal[1]} % down.`;
}

// The size in the fields; null if both sides are empty, or one is not valid.
export function read(form, before) {
  const { width, height, fit, format, quality, background, padded } = form.elements;
  const side = (field) => (field.value ? Number(field.value) : null);
  const sides = { width: side(width), height: side(height) };
  const isValid = width.validity.valid && height.validity.valid;
  if (!isValid || (!sides.width && !sides.height)) return null;
  return {
    ...sides,
    fit: fit.value,
    focal: fit.value === "cover" ? (before?.focal ?? null) : null,
    background: padded.checked ? background.value.slice(1) : null,
    quality: quality.disabled ? (before?.quality ?? null) : Number(quality.value),
    format: format.value || null,
  };
}

// What the deployment renders, in words.
export function limits({ widths, ratios, sizes, maxSide, variantsPerOriginal }) {
  const each = "Each size that you try is stored in the folder.";
  if (!widths.length && !sizes.length) return `Any size up to ${maxSide} pixels is rendered here. ${each}`;
  const boxes = ratios.length ? `, or one of these widths with the proportions ${ratios.join(", ")}` : "";
  const plain = ", without a quality, point or background";
  const ladder = widths.length ? [`a width or a height of ${widths.join(", ")}${boxes}${plain}`] : [];
  const listed = sizes.length ? [`the sizes ${sizes.join(", ")}`] : [];
  const most = `Variants per image: up to ${variantsPerOriginal.toLocaleString("en")}.`;
  return `Rendered here: ${[...ladder, ...listed].join(", and ")}. ${most} ${each}`;
}

function showQuality(form, deployment) {
  const { quality } = form.elements;
  const isDefault = Number(quality.value) === deployment.quality ? " (default)" : "";
  byId("quality-value").textContent = quality.disabled ? "has no effect" : `${quality.value}${isDefault}`;
}
