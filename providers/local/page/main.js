// Shows the place in the address bar: a folder's photographs, or one photograph next to its variant.
import { byId } from "./dom.js";
import { startGallery } from "./gallery.js";
import { startPhotograph } from "./photograph.js";
import { go, place } from "./place.js";
import { settings } from "./server.js";

const deployment = await settings().catch((error) => {
  byId("no-server").hidden = false;
  throw error;
});
const [gallery, photograph] = [byId("gallery"), byId("photograph")];
const showGallery = startGallery(deployment, open);
const shown = startPhotograph(deployment, close);
let left = { scroll: 0, focus: null };

function open(key) {
  left = { scroll: scrollY, focus: document.activeElement };
  go({ ...place(), image: key, size: "", view: "" });
  show();
}

function close() {
  go({ ...place(), image: "", size: "", view: "" });
  show();
}

function show() {
  const { image } = place();
  const opened = Boolean(image);
  const changed = photograph.hidden === opened;
  gallery.hidden = opened;
  photograph.hidden = !opened;
  if (opened) {
    shown.show();
    if (!changed) return;
    scrollTo(0, 0);
    byId("name").focus({ preventScroll: true });
    return;
  }
  shown.leave();
  showGallery();
  if (changed) {
    scrollTo(0, left.scroll);
    (left.focus ?? byId("title")).focus({ preventScroll: true });
  }
}

history.scrollRestoration = "manual";
addEventListener("popstate", show);
show();
