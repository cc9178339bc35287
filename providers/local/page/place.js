// Where the page is, as the address bar has it: a folder and a search, and a photograph at a size if one is open.

export function place() {
  const query = new URLSearchParams(location.search);
  const [folder, search, image, size] = ["folder", "search", "image", "size"].map((name) => query.get(name) ?? "");
  return { folder, search, image, size };
}

// The address of a place.
export function link(to) {
  const query = new URLSearchParams(Object.entries(to).filter(([, value]) => value));
  return query.size ? `/?${query}` : "/";
}

// Goes to a place: as a new step of the history, or in place of the present one.
export function go(to, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", link(to));
}
