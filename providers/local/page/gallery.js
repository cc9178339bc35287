// The list of photographs. It can be searched and narrowed to a folder, and grows page by page on scrolling.
import { answerClicks, byId, element, timer } from "./dom.js";
import { go, link, place } from "./place.js";
import { imageAt, images, inWords, Refused } from "./server.js";
import { encoded } from "./sizes.js";

const TYPED = 150; // Milliseconds from the last letter to the search.
const AHEAD = "1200px"; // The distance below the screen at which the next page is requested.
const MOST_FOLDERS = 30; // The number of folders shown at first.

export function startGallery(deployment, open) {
  const [list, more, search] = [byId("photographs"), byId("more"), byId("search")];
  let shown = { folder: null, search: null, count: 0 };
  let asking = new AbortController();
  let busy = false;

  // Cancels images that were scrolled past before they were loaded, so that visible ones do not wait for them.
  const nearby = new IntersectionObserver(
    (seen) => {
      for (const { target, isIntersecting } of seen) {
        const picture = target.querySelector("img");
        const broken = target.querySelector(".broken");
        if (broken) picture.removeAttribute("src"); // The image is requested again, in case it works now.
        if (isIntersecting) {
          broken?.classList.remove("broken");
          picture.src ||= picture.dataset.src;
        } else if (!picture.complete) picture.removeAttribute("src");
      }
    },
    { rootMargin: AHEAD },
  );

  // Shows the next page of the list. Returns false if it failed or another call is under way.
  async function next() {
    if (busy) return false;
    busy = true;
    const { folder, search: words, count } = shown;
    const { signal } = asking;
    try {
      const found = await images(folder, words, count, signal);
      if (count === 0) list.replaceChildren();
      list.append(...found.keys.map((key) => card(key)));
      shown = { ...shown, count: count + found.keys.length };
      if (count === 0) showFolders(found.folders, folder);
      say(found, shown);
      return true;
    } catch (error) {
      if (!signal.aborted) fail(error, count);
      return false;
    } finally {
      if (!signal.aborted) busy = false;
    }
  }

  function fail(error, count) {
    if (count === 0) {
      list.replaceChildren();
      showFolders([], shown.folder);
    }
    byId("found").textContent = inWords(error);
    more.hidden = error instanceof Refused;
    more.textContent = "Try again";
  }

  // Loads pages until the end of the list is far below the screen. Otherwise scrolling would load no more.
  async function fill() {
    const isNear = () => more.checkVisibility() && more.getBoundingClientRect().top < innerHeight + parseInt(AHEAD);
    while ((await next()) && isNear());
  }

  function say({ total, complete }, { folder, search: words, count }) {
    more.hidden = count >= total;
    more.textContent = `Show more: ${count.toLocaleString("en")} of ${total.toLocaleString("en")} are shown`;
    const images = `${total.toLocaleString("en")} ${total === 1 ? "image" : "images"}`;
    const where = (words ? ` for “${words}”` : "") + (folder ? ` in ${folder}` : "");
    const rest = complete ? "" : " There are too many files to list them all: open a folder.";
    byId("found").textContent = `${images}${where}.${rest}`;
    byId("empty").hidden = total > 0 || Boolean(folder || words);
  }

  function showFolders(folders, folder) {
    const steps = folder ? folder.split("/") : [];
    const up = ["", ...steps.map((_, at) => steps.slice(0, at + 1).join("/"))];
    const isLeft = byId("places").contains(document.activeElement);
    byId("path").replaceChildren(
      ...up.map((key, at) => {
        const step = folderLink(key, at ? steps[at - 1] : "All");
        if (key === folder) step.ariaCurrent = "page";
        return element("li", {}, step);
      }),
    );
    const below = (some) => some.map(({ key, images: count }) => {
      const number = element("span", { className: "count" }, ` ${count.toLocaleString("en")}`);
      return element("li", {}, folderLink(key, key.split("/").at(-1), number));
    });
    byId("folders").replaceChildren(...below(folders.slice(0, MOST_FOLDERS)));
    if (isLeft) byId("path").lastElementChild.firstChild.focus();
    byId("all-folders").hidden = folders.length <= MOST_FOLDERS;
    byId("all-folders").textContent = `Show all ${folders.length.toLocaleString("en")} folders`;
    byId("all-folders").onclick = () => {
      byId("all-folders").hidden = true;
      byId("folders").replaceChildren(...below(folders));
      byId("folders").children[MOST_FOLDERS].firstChild.focus();
    };
  }

  function folderLink(folder, name, ...rest) {
    const made = element("a", { href: link({ folder, search: place().search }) }, name, ...rest);
    answerClicks(made, () => {
      go({ folder, search: place().search });
      show();
    });
    return made;
  }

  function card(key) {
    const at = key.lastIndexOf("/") + 1;
    const picture = element("img", { alt: "", loading: "lazy", decoding: "async", width: 300, height: 200 });
    picture.dataset.src = imageAt(`/${deployment.thumbnail}/${encoded(key)}`);
    picture.addEventListener("error", () => made.classList.add("broken"));
    const name = element("span", { className: "name" }, key.slice(at));
    const folder = at ? element("span", { className: "folder" }, key.slice(0, at)) : null;
    const href = link({ folder: shown.folder, search: shown.search, image: key });
    const made = element("a", { href }, picture, name, folder);
    answerClicks(made, () => open(key));
    const item = element("li", {}, made);
    nearby.observe(item);
    return item;
  }

  async function show() {
    const { folder, search: words } = place();
    document.title = folder ? `${folder} – Sizewise` : "Sizewise";
    if (folder === shown.folder && words === shown.search) return;
    asking.abort();
    asking = new AbortController();
    busy = false;
    shown = { folder, search: words, count: 0 };
    if (search.value.trim() !== words) search.value = words;
    await fill();
  }

  const searched = timer(() => {
    if (!list.checkVisibility()) return; // A photograph has been opened in the meantime.
    go({ ...place(), search: search.value.trim() }, { replace: true });
    show();
  });
  search.addEventListener("input", () => searched.start(TYPED));
  byId("finder").addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", fill);
  new IntersectionObserver((seen) => seen.at(-1).isIntersecting && fill(), { rootMargin: AHEAD }).observe(more);
  return show;
}
