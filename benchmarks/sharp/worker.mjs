// Renders with sharp on one thread: reads one JSON job per line, and writes one JSON result per line.
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import sharp from "sharp";

sharp.concurrency(1);
sharp.cache(false);

function options({ format, quality }) {
  if (format === "png" || format === "gif") return {};
  return format === "avif" ? { quality, effort: 0 } : { quality };
}

async function render(job, original) {
  const image = sharp(original, { limitInputPixels: false, animated: job.moves })
    .rotate()
    .resize(job.width, null, { withoutEnlargement: true });
  if (job.format === "jpg") return image.flatten({ background: "white" }).jpeg(options(job)).toBuffer();
  return image.toFormat(job.format, options(job)).toBuffer();
}

// This process's largest resident set in MB. That of resourceUsage would include the parent's memory at the fork.
function peakMegabytes() {
  return (Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) * 1024) / 1e6;
}

async function answer(job) {
  const original = readFileSync(job.file);
  const start = process.hrtime.bigint();
  try {
    const data = await render(job, original);
    const ms = Number(process.hrtime.bigint() - start) / 1e6;
    writeFileSync(job.output, data);
    return { ms, peak: peakMegabytes() };
  } catch (error) {
    return { error: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
