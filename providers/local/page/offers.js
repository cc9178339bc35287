// What the page offers for the shown variant: other sizes with their bytes, and markup.
import { answerClicks, byId, chosen, copy, element, inBytes } from "./dom.js";
import { link, place } from "./place.js";
import { request } from "./server.js";
import { address, spelled } from "./sizes.js";
import { candidates, markup } from "./variants.js";

// `choose` is called with the size that is chosen from the table.
export function startOffers(deployment, choose) {
  const known = new Map(); // The known numbers of bytes, by the addresses of one original.
  let shown = null;
  let runs = 0; // The number of measurements started. Only the last one continues.

  function show(size, original) {
    if (shown?.original !== original) known.clear();
    shown = size && { size, original };
    byId("others").hidden = byId("markup").hidden = !shown;
    if (!shown) return;
    byId("candidates").replaceChildren(...candidates(size, deployment, original).map(row));
    showMarkup();
  }

  function row(size) {
    const path = address(size, shown.original.key, deployment);
    const name = element("a", { href: link({ ...place(), size: spelled(size) }) }, spelled(size));
    if (spelled(size) === spelled(shown.size)) name.ariaCurrent = "true";
    answerClicks(name, () => choose(size));
    const cells = [element("th", { scope: "row" }, name), element("td", {}, known.get(path) ?? "–")];
    const made = element("tr", {}, ...cells);
    made.dataset.path = path;
    return made;
  }

  function note(path, bytes) {
    known.set(path, inBytes(bytes));
    for (const { dataset, cells } of byId("candidates").rows) if (dataset.path === path) cells[1].textContent = known.get(path);
  }

  async function measure() {
    const [run, measured] = [++runs, shown];
    for (const { dataset, cells } of [...byId("candidates").rows]) {
      cells[1].textContent = "…";
      const last = await request(dataset.path).then(({ hops }) => hops.at(-1), () => null);
      if (run !== runs || shown.original !== measured.original) return;
      if (last?.status === 200) note(dataset.path, last.bytes);
      else cells[1].textContent = last ? "refused" : "no answer";
      if (shown !== measured) return; // Another size is shown now.
    }
  }

  function showMarkup() {
    const { size, original } = shown;
    byId("markup-text").textContent = markup(chosen("kind"), size, location.origin, deployment, original);
  }

  byId("measure").addEventListener("click", measure);
  byId("copy-markup").addEventListener("click", (event) => copy(byId("markup-text").textContent, event.target));
  for (const choice of document.getElementsByName("kind")) choice.addEventListener("change", showMarkup);
  return { show, note };
}
