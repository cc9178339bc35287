// Unpacks Chromium once, as node_modules/.browser/chromium.
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import packed from "@sparticuz/chromium";

// Below node_modules, so that `npm ci` removes it together with the package that it was unpacked from.
const HOME = join(import.meta.dirname, "node_modules", ".browser");

if (!existsSync(HOME)) {
  // Renamed once it is whole, so that an interrupted run leaves no half of it.
  process.env.TMPDIR = `${HOME}-${process.pid}`;
  mkdirSync(process.env.TMPDIR);
  await packed.executablePath();
  renameSync(process.env.TMPDIR, HOME);
}
