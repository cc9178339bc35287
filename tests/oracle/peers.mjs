// Decodes and encodes with Chromium and sharp: one JSON job per line in, one JSON answer per line out, bytes in Base64.
import { createInterface } from "node:readline";
import { startBrowser } from "./browser.mjs";
import { bySharp, renderedBySharp } from "./sharp.mjs";

const browser = await startBrowser();
const tasks = { chromium: browser.decode, sharp: bySharp, render: renderedBySharp };

console.log(JSON.stringify({ chromium: browser.version }));
for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line);
  let answer;
  try {
    answer = await tasks[job.task](job);
  } catch (error) {
    answer = { error: String(error.message ?? error).split("\n")[0] };
  }
  console.log(JSON.stringify(answer));
}
await browser.close();
