// What the page asks the server for.

export class Refused extends Error {}

// An error as people read it: the server's own words, or that there are none.
export function inWords(error) {
  return error instanceof Refused ? error.message : "The server does not answer.";
}

const IMAGES = "image/avif,image/webp,*/*;q=0.8"; // What browsers that run these modules send for an <img>.

export function settings() {
  return facts("settings");
}

export function images(folder, search, start, signal) {
  return facts("images", { folder, search, start }, signal);
}

export function original(key) {
  return facts("original", { key });
}

// Makes a request for an image at the server, and tells each hop of it.
export function request(path, signal) {
  return facts("request", { path, accept: IMAGES }, signal);
}

// Where the page finds the image of a path: what the server has now, whatever the browser has kept. `etag` makes the
// address another one for each content.
export function imageAt(path, etag = "") {
  return `/.sizewise/image${path}${etag && `?${encodeURIComponent(etag)}`}`;
}

async function facts(name, parameters = {}, signal) {
  const answer = await fetch(`/.sizewise/${name}?${new URLSearchParams(parameters)}`, { signal, cache: "no-store" });
  const told = await answer.json();
  if (!answer.ok) throw new Refused(told.detail);
  return told;
}
