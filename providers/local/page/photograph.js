// A photograph beside its variant: its size is chosen here, and each choice changes the address.
import { layOriginal, startComparison } from "./comparison.js";
import { byId, copy, element, formatName, inBytes, settled } from "./dom.js";
import { fill, limits, read, startForm } from "./form.js";
import { go, link, place } from "./place.js";
import { original as describe, request, Refused } from "./server.js";
import { address, canonical, encoded, parse, spelled } from "./sizes.js";
import { tell } from "./story.js";
import { candidates, firstSize, isWhole, markup, wholeSize } from "./variants.js";

const TYPED = 400; // Milliseconds without another choice, after which a variant is asked for.

export function startPhotograph(deployment, close) {
  const form = byId("size");
  let original = null; // What is known of the photograph.
  let size = null; // What is chosen, null where the address bar has no size.
  let asking = new AbortController();

  const compare = startComparison((point, ended) => {
    size = { ...size, fit: "cover", focal: point };
    choose(parse(spelled(size)), ended ? 0 : TYPED);
  });

  async function show() {
    const { image, size: text } = place();
    byId("back").href = link({ ...place(), image: "", size: "" });
    if (original?.key !== image) await open(image);
    if (!original || place().image !== image) return;
    size = text ? parse(text) : (size ?? firstSize(deployment));
    display();
    await ask();
  }

  async function open(key) {
    [original, size] = [null, null];
    document.title = byId("name").textContent = key.split("/").at(-1);
    byId("name").focus({ preventScroll: true });
    for (const id of ["original", "variant", "before", "after"]) byId(id).removeAttribute("src");
    for (const id of ["original-facts", "variant-facts", "address", "story-words"]) byId(id).textContent = "";
    byId("hops").replaceChildren();
    refuse("");
    try {
      const told = await describe(key);
      if (place().image !== key) return;
      const instead = told.shown ? null : wholeSize(deployment, told);
      const point = /^([0-9]{1,3})x([0-9]{1,3})$/.exec(told.focal)?.slice(1).map(Number) ?? null;
      original = { ...told, point, whole: !instead || isWhole(instead) };
      const path = instead ? address(instead, key, deployment) : `/${encoded(key)}`;
      byId("original").src = byId("before").src = path;
      const note = instead ? ", seen as a variant here" : "";
      const facts = `${told.width} × ${told.height}, ${inBytes(told.bytes)}, ${formatName(told.type)}${note}`;
      byId("original-facts").textContent = facts;
    } catch (error) {
      refuse(error instanceof Refused ? error.message : "The server does not answer.");
    }
  }

  // After a choice: the address at once, the variant once there is no other choice for a moment.
  function choose(chosen, wait = TYPED) {
    size = chosen;
    go({ ...place(), size: spelled(canonical(size, deployment) ?? size) }, { replace: true });
    display();
    askIn(wait);
  }

  function display() {
    byId("address").textContent = location.origin + path();
    compare(size, original);
    if (!size) return;
    fill(form, size, deployment);
    showCandidates();
    showMarkup();
  }

  function showMarkup() {
    const kind = document.querySelector("[name=kind]:checked").value;
    byId("markup-text").textContent = size ? markup(kind, size, original.key, deployment, original) : "";
  }

  // The address of the variant. What is no size is asked for too: the server says why it is none.
  function path() {
    return size ? address(size, original.key, deployment) : `/${encoded(place().size)}/${encoded(original.key)}`;
  }

  async function ask() {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    const chosen = size;
    try {
      const { hops, part } = await request(path(), signal);
      const last = hops.at(-1);
      tell(hops);
      refuse(last.problem?.detail ?? "");
      if (last.status === 200) await showVariant(last, part, chosen, signal);
      else forgetVariant();
    } catch (error) {
      if (error.name === "AbortError") return;
      refuse(error instanceof Refused ? error.message : "The server does not answer.");
      forgetVariant();
    }
  }

  async function showVariant({ path: src, bytes, type }, part, chosen, signal) {
    const image = byId("variant");
    image.src = byId("after").src = src;
    await image.decode();
    if (signal.aborted) return;
    const sides = { width: image.naturalWidth, height: image.naturalHeight };
    const saved = Math.round(100 * (1 - bytes / original.bytes));
    const saving = saved >= 0 ? `${saved} % smaller` : `${-saved} % larger`;
    const least = chosen?.width > sides.width ? " Variants are never larger than their original." : "";
    const facts = `${sides.width} × ${sides.height}, ${inBytes(bytes)}, ${formatName(type)}: ${saving}.${least}`;
    byId("variant-facts").textContent = facts;
    byId("wiped").hidden = !part || !original.whole;
    if (part) layOriginal(chosen?.fit, part, sides);
  }

  function forgetVariant() {
    for (const id of ["variant", "after"]) byId(id).removeAttribute("src");
    byId("variant-facts").textContent = "";
    byId("wiped").hidden = true;
  }

  function showCandidates() {
    const known = new Map([...byId("candidates").rows].map((row) => [row.dataset.path, row.cells[1].textContent]));
    const rows = candidates(size, deployment, original).map((one) => {
      const path = address(one, original.key, deployment);
      const name = element("th", { scope: "row" }, element("a", { href: path }, spelled(one)));
      const row = element("tr", {}, name, element("td", {}, known.get(path) ?? "–"));
      row.dataset.path = path;
      return row;
    });
    byId("candidates").replaceChildren(...rows);
    byId("measure").hidden = !rows.length;
  }

  async function measure() {
    const button = byId("measure");
    button.disabled = true;
    for (const row of byId("candidates").rows) {
      const { hops } = await request(row.dataset.path).catch(() => ({ hops: [] }));
      const last = hops.at(-1);
      row.cells[1].textContent = last?.status === 200 ? inBytes(last.bytes) : "not rendered";
    }
    button.disabled = false;
  }

  const askIn = settled(ask);
  startForm(form, deployment, () => {
    const chosen = read(form, size, deployment);
    if (chosen) choose(chosen);
    else refuse("Give a width, a height, or both.");
  });
  byId("limits").textContent = limits(deployment);
  byId("forget-point").addEventListener("click", () => choose({ ...size, fit: "cover", focal: null }, 0));
  byId("again").addEventListener("click", ask);
  byId("measure").addEventListener("click", measure);
  byId("copy-address").addEventListener("click", (event) => copy(byId("address").textContent, event.target));
  byId("copy-markup").addEventListener("click", (event) => copy(byId("markup-text").textContent, event.target));
  for (const choice of document.getElementsByName("kind")) choice.addEventListener("change", showMarkup);
  byId("back").addEventListener("click", (event) => {
    event.preventDefault();
    close();
  });
  return show;
}

function refuse(words) {
  byId("refusal").textContent = words;
  byId("refusal").hidden = !words;
}
