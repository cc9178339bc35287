// Chromium on an empty page of a local server, decoding with WebCodecs (https://www.w3.org/TR/webcodecs/#imagedecoder).
import { createServer } from "node:http";
import { chromium } from "playwright-core";

export async function startBrowser() {
  const server = createServer((_, response) => response.setHeader("Content-Type", "text/html").end("<!doctype html>"));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  return {
    version: browser.version(),
    decode: ({ data, type }) => page.evaluate(decodedInPage, [data, type]),
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

// Runs in the page. Durations are in ms. plays counts all plays; 0 means endless.
async function decodedInPage([data, type]) {
  const bytes = Uint8Array.fromBase64(data);
  const decoder = new ImageDecoder({ data: bytes, type });
  await Promise.all([decoder.completed, decoder.tracks.ready]);
  const track = decoder.tracks.selectedTrack;
  const frames = [];
  for (let frameIndex = 0; frameIndex < track.frameCount; frameIndex++) {
    // A still picture is read as in an <img>. ImageDecoder would give planes of halved chroma, which the canvas
    // enlarges differently, and would read other colour spaces as sRGB than an <img>.
    const still = track.frameCount === 1;
    const image = still
      ? await createImageBitmap(new Blob([bytes], { type }), { premultiplyAlpha: "none" })
      : (await decoder.decode({ frameIndex })).image;
    const [width, height] = [image.displayWidth ?? image.width, image.displayHeight ?? image.height];
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true, colorSpace: "srgb" });
    context.drawImage(image, 0, 0);
    const pixels = new Uint8Array(context.getImageData(0, 0, width, height).data.buffer).toBase64();
    frames.push({ width, height, ms: (image.duration ?? 0) / 1000, pixels });
    image.close();
  }
  const plays = track.repetitionCount === Infinity ? 0 : track.repetitionCount + 1;
  decoder.close();
  return { plays, animated: track.animated, frames };
}
