// The story of a request: each hop, and the time of each step of the hop that rendered.
import { byId, element, inBytes } from "./dom.js";

const STEPS = ["check", "read", "render", "write"];

// Shows the hops of a request; an empty list clears them.
export function showHops(hops) {
  byId("story-words").textContent = hops.length ? inWords(hops) : "";
  byId("hops").replaceChildren(...hops.map((hop) => element("li", {}, line(hop), bars(hop))));
}

function inWords(hops) {
  const last = hops.at(-1);
  if (last.status >= 400) return `Refused with ${last.status} ${last.problem?.title ?? ""}. Nothing is stored.`;
  const first = hops[0];
  if (first.status === 200) return `A hit: the variant is stored, and was sent in ${inTime(total(first))}.`;
  if (first.outcome === "hit") return "A hit: the variant is stored under another address, to which it redirects.";
  return `A miss: it was rendered and stored in ${inTime(total(first))}. The next request is a hit.`;
}

function line({ status, outcome, path, bytes, timing }) {
  const code = element("span", { className: "code" }, String(status));
  const found = status < 400 ? element("span", { className: `outcome ${outcome}` }, outcome) : "";
  const sent = status === 200 ? `, ${inBytes(bytes)}` : "";
  const spent = timing ? ` ${inTime(total({ timing }))}${sent}` : "";
  return element("div", { className: "hop" }, code, " ", found, spent, element("code", {}, decodeURIComponent(path)));
}

// A bar for each step. The longest step has the full length.
function bars({ timing }) {
  const spent = durations(timing);
  const steps = STEPS.filter((step) => step in spent);
  if (steps.length < 2) return null;
  const longest = Math.max(...steps.map((step) => spent[step]), 0.1);
  const rows = steps.map((step) => {
    const bar = element("span", { className: "bar", ariaHidden: "true" });
    bar.style.width = `${Math.max(1, (100 * spent[step]) / longest)}%`;
    return [element("dt", {}, step), element("dd", {}, element("span", { className: "track" }, bar), inTime(spent[step]))];
  });
  return element("dl", { className: "steps" }, ...rows.flat());
}

// The milliseconds of each step that a Server-Timing header names.
function durations(timing) {
  return Object.fromEntries([...timing.matchAll(/(\w+);dur=([0-9.]+)/g)].map(([, name, ms]) => [name, Number(ms)]));
}

function total({ timing }) {
  return durations(timing).total ?? 0;
}

function inTime(milliseconds) {
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}
