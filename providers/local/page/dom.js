// Small helpers for the page's elements.

export const byId = (id) => document.getElementById(id);

// The value of the selected radio button in the group of this name.
export const chosen = (name) => document.querySelector(`[name=${name}]:checked`).value;

// Makes an element with properties and children, which are texts or elements. Null children are left out.
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

// Bytes as people read them.
export function inBytes(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 999_500 ? `${(bytes / 1000).toPrecision(3)} kB` : `${(bytes / 1e6).toPrecision(3)} MB`;
}

// A media type of an image as people call it.
export function formatName(type) {
  const name = type.replace("image/", "");
  return name === "webp" ? "WebP" : name.toUpperCase();
}

// Copies a text, and shows the result on the button for a moment.
export async function copy(text, button) {
  const label = (button.dataset.label ??= button.textContent);
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "The browser refused";
  }
  setTimeout(() => (button.textContent = label), 1500);
}

// Calls `answer` for clicks on a link, except those that open it in a new tab or window.
export function answerClicks(anchor, answer) {
  anchor.addEventListener("click", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    answer();
  });
}

// Calls `later` once, this many milliseconds after the last start.
export function timer(later) {
  let waiting;
  return {
    start(milliseconds) {
      clearTimeout(waiting);
      waiting = setTimeout(later, milliseconds);
    },
    stop() {
      clearTimeout(waiting);
    },
  };
}
