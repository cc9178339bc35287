// The place of the page, kept in the address bar: a folder, a search, and for an open photograph its size and view.

export function place() {
  const query = new URLSearchParams(location.search);
  const names = ["folder", "search", "image", "size", "view"];
  return Object.fromEntries(names.map((name) => [name, query.get(name) ?? ""]));
}

// The address of a place.
export function link(to) {
  const query = new URLSearchParams(Object.entries(to).filter(([, value]) => value));
  return query.size ? `/?${query}` : "/";
}

// Goes to a place, as a new step of the history or by replacing the current one.
export function go(to, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", link(to));
}
