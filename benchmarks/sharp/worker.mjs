// Renders with sharp on one thread: a JSON job a line in, a JSON result a line out.
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import sharp from "sharp";

sharp.concurrency(1);
sharp.cache(false);

async function render(job, original) {
  const image = sharp(original, { limitInputPixels: false }).rotate().resize(job.width, null, { withoutEnlargement: true });
  return image.toFormat(job.format === "jpg" ? "jpeg" : job.format, job.format === "png" ? {} : { quality: job.quality }).toBuffer();
}

// This process's largest resident set; resourceUsage's would count what the parent had at the fork.
function peakMegabytes() {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
}

for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line);
  const original = readFileSync(job.file);
  const start = process.hrtime.bigint();
  const data = await render(job, original);
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  writeFileSync(job.output, data);
  console.log(JSON.stringify({ ms, bytes: data.length, peak: peakMegabytes() }));
}
