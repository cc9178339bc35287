// The page's requests to the server.

export class Refused extends Error {}

// An error in words: the server's own message, or that the server does not answer.
export function inWords(error) {
  return error instanceof Refused ? error.message : "The server does not answer.";
}

const IMAGES = "image/avif,image/webp,*/*;q=0.8"; // The Accept header for an <img> of browsers that run these modules.

export function settings() {
  return facts("settings");
}

export function images(folder, search, start, signal) {
  return facts("images", { folder, search, start }, signal);
}

export function original(key) {
  return facts("original", { key });
}

// Has the server make a request for an image, and returns each hop: a redirect, or the last answer.
export function request(path, signal) {
  return facts("request", { path, accept: IMAGES }, signal);
}

// The page's address for the image of a path. It leads to the server's current image, never to one in the browser's
// cache. Each `etag` makes a different address.
export function imageAt(path, etag = "") {
  return `/.sizewise/image${path}${etag && `?${encodeURIComponent(etag)}`}`;
}

async function facts(name, parameters = {}, signal) {
  const answer = await fetch(`/.sizewise/${name}?${new URLSearchParams(parameters)}`, { signal, cache: "no-store" });
  const content = await answer.json();
  if (!answer.ok) throw new Refused(content.detail);
  return content;
}
