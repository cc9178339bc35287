// Where the page is, as the address bar has it: a folder and a search, and a photograph at a size, if one is open, with
// how it is compared.

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

// Goes to a place: as a new step of the history, or in place of the present one.
export function go(to, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", link(to));
}
