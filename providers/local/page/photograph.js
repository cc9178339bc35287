// A photograph next to its variant. Each choice of a size changes the address.
import { awaitVariant, showOriginal, showVariant, startComparison } from "./comparison.js";
import { answerClicks, byId, copy, formatName, inBytes, timer } from "./dom.js";
import { fill, limits, read, startForm } from "./form.js";
import { startOffers } from "./offers.js";
import { go, link, place } from "./place.js";
import { imageAt, inWords, original as describe, request } from "./server.js";
import { address, canonical, encoded, named, parse, plainly, spelled } from "./sizes.js";
import { showHops } from "./story.js";
import { growth, isWhole, wholeSize } from "./variants.js";

const CHOSEN = 600; // Milliseconds from the last choice to the request.

export function startPhotograph(deployment, close) {
  let original = null; // The facts of the photograph, once they are known.
  let size = null; // The chosen size; null if the text in the address bar is not a size.
  let asking = new AbortController();
  const soon = timer(ask);
  const form = byId("size");
  const offers = startOffers(deployment, (chosen) => choose(chosen, 0));
  const showSize = startComparison((point, ended) => {
    choose({ ...size, fit: "cover", focal: point }, ended ? 0 : CHOSEN);
  });

  async function show() {
    const { image, size: text } = place();
    document.title = `${image.split("/").at(-1)} – Sizewise`;
    byId("back").href = link({ ...place(), image: "", size: "", view: "" });
    if (!(await open(image))) return;
    size = parse(text || deployment.first);
    display();
    soon.start(0);
  }

  // Stops requests, because another place is shown.
  function leave() {
    stop();
    original = null;
  }

  // Loads the facts of the photograph. Returns false if it can't be shown, or another one was opened in the meantime.
  async function open(key) {
    leave();
    byId("name").textContent = key.split("/").at(-1);
    byId("original").removeAttribute("src");
    awaitVariant({ forget: true });
    showHops([]);
    refuse("");
    fail("");
    byId("opened").hidden = true;
    try {
      const facts = await describe(key);
      if (place().image !== key) return false;
      const instead = facts.shown ? null : wholeSize(deployment, facts);
      original = { ...facts, whole: !instead || isWhole(instead) };
      const path = instead ? address(instead, key, deployment) : `/${encoded(key)}`;
      showOriginal(imageAt(path, facts.etag), original);
      byId("opened").hidden = false;
      return true;
    } catch (error) {
      if (place().image === key) fail(inWords(error));
      return false;
    }
  }

  // Shows the address of a choice at once, and requests the variant after `wait` without another choice.
  function choose(chosen, wait = CHOSEN) {
    stop();
    size = parse(spelled(chosen));
    display();
    awaitVariant();
    soon.start(wait);
  }

  function stop() {
    soon.stop();
    asking.abort();
  }

  function display() {
    const rendered = size && canonical(size, deployment);
    byId("address").textContent = location.origin + path();
    byId("redirected").textContent = redirection(rendered);
    showSize(size, original);
    if (size) fill(form, size, deployment, original);
    offers.show(rendered, original);
  }

  // The sentence for a chosen size that is redirected to another size; empty without a redirect.
  function redirection(rendered) {
    const [asked, canonical] = [size && plainly(size, deployment), rendered && spelled(rendered)];
    return rendered && asked !== canonical ? `${asked} is not rendered here: it is redirected to ${canonical}.` : "";
  }

  // The path of the variant. A text that is not a size is requested too: the server says what is wrong with it.
  function path() {
    return size ? address(size, original.key, deployment) : `/${encoded(place().size)}/${encoded(original.key)}`;
  }

  async function ask() {
    stop();
    if (!original) return;
    keepPlace();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const { hops, part, etag } = await request(path(), signal);
      if (etag && etag !== original.etag) return await show(); // The original has been replaced.
      const last = hops.at(-1);
      showHops(hops);
      refuse(last.problem?.detail ?? "");
      if (last.status !== 200) return awaitVariant({ forget: true });
      showSize(size, original, part);
      offers.note(path(), last.bytes);
      await showVariant(imageAt(last.path, last.etag), inNumbers(last), size?.fit, original.whole ? part : null, signal);
    } catch (error) {
      if (signal.aborted) return;
      showHops([]);
      refuse(inWords(error));
      awaitVariant({ forget: true });
    }
  }

  // Called for the last choice only, because browsers limit how often the address can change.
  function keepPlace() {
    if (!original || !size) return;
    go({ ...place(), size: named(size, deployment) }, { replace: true });
  }

  function inNumbers({ bytes, type }) {
    const saved = Math.round(100 * (1 - bytes / original.bytes));
    const share = saved === 100 ? "over 99" : Math.abs(saved);
    const saving = saved === 0 ? "the same number of bytes" : `${share} % ${saved > 0 ? "fewer" : "more"} bytes`;
    const rendered = size && canonical(size, deployment);
    const isAll = rendered && !deployment.enlarge && growth(rendered, original) > 1;
    return `${inBytes(bytes)}, ${formatName(type)}: ${saving}.${isAll ? " The original has no more pixels." : ""}`;
  }

  startForm(form, deployment, () => {
    const chosen = read(form, size);
    if (chosen) return choose(chosen);
    stop();
    showHops([]);
    awaitVariant({ forget: true });
    refuse("Give a width, a height, or both: whole numbers from 1.");
  });
  byId("limits").textContent = limits(deployment);
  byId("forget-point").addEventListener("click", () => {
    choose({ ...size, fit: "cover", focal: null }, 0);
    byId("point").focus();
  });
  byId("again").addEventListener("click", ask);
  byId("copy-address").addEventListener("click", (event) => copy(byId("address").textContent, event.target));
  answerClicks(byId("back"), () => {
    keepPlace();
    close();
  });
  byId("retry").addEventListener("click", show);
  addEventListener("pagehide", keepPlace);
  return { show, leave };
}

// Shows why the size is refused.
function refuse(words) {
  byId("refusal").textContent = words;
  byId("refusal").hidden = !words;
}

// Shows why the photograph can't be shown.
function fail(words) {
  byId("failure").textContent = words;
  byId("failure").hidden = byId("retry").hidden = !words;
}
