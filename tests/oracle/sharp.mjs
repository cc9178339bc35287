// sharp: decodes all frames, and renders the variants whose PSNR is the bar.
import sharp from "sharp";

sharp.concurrency(1);
sharp.cache(false);

function read(data) {
  return sharp(Buffer.from(data, "base64"), { pages: -1, limitInputPixels: false }).autoOrient();
}

// Durations are in ms. plays counts all plays; 0 means endless.
export async function bySharp({ data }) {
  const { delay, loop, pages } = await read(data).metadata();
  const image = read(data).toColourspace("srgb").ensureAlpha();
  const { data: raw, info } = await image.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
  const height = info.pageHeight ?? info.height;
  const size = info.width * height * info.channels;
  const frames = [];
  for (let index = 0; index < info.height / height; index++) {
    const pixels = raw.subarray(index * size, (index + 1) * size).toString("base64");
    frames.push({ width: info.width, height, ms: delay?.[index] ?? 0, pixels });
  }
  return { plays: loop ?? 1, animated: (pages ?? 1) > 1, frames };
}

export async function renderedBySharp({ data, format, quality }) {
  const bytes = await read(data).toFormat(format, format === "gif" ? {} : { quality }).toBuffer();
  return { data: bytes.toString("base64") };
}
