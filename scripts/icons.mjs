// node scripts/icons.mjs: draws public/'s icons anew from app/icon.svg. Run it when the mark changes.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findBrowser } from "./browser.mjs";
import { fail, onProjectNode, ROOT } from "./setup.mjs";

await onProjectNode(import.meta.url);
const { chromium } = await import("@playwright/test");

const GROUND = "#f3f3f0";
/** `share` is how much of the square the mark takes: a maskable icon may lose everything outside of its inner 80 %. */
const ICONS = [
  { name: "icon-192.png", size: 192, share: 0.8 },
  { name: "icon-512.png", size: 512, share: 0.8 },
  { name: "icon-maskable-512.png", size: 512, share: 0.55 },
  { name: "apple-touch-icon.png", size: 180, share: 0.7 },
  { name: "favicon-32.png", size: 32, share: 1 },
];

const executablePath = findBrowser();
if (!executablePath) fail("there is no browser to draw with: install Chromium or set SWITCHYARD_CHROMIUM to one");
const mark = readFileSync(join(ROOT, "app/icon.svg"), "utf8");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage({ colorScheme: "light" });
mkdirSync(join(ROOT, "public"), { recursive: true });
for (const { name, size, share } of ICONS) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<body style="margin:0;display:grid;place-items:center;height:100vh;background:${GROUND}"><div style="width:${size * share}px">${mark}</div>`,
  );
  writeFileSync(join(ROOT, "public", name), await page.screenshot());
}
await browser.close();
writeFileSync(join(ROOT, "public/favicon.ico"), asIco(readFileSync(join(ROOT, "public/favicon-32.png"))));

/** A PNG in the frame of an .ico file, for browsers that ask for /favicon.ico whatever the page says. */
function asIco(png) {
  const head = Buffer.alloc(22);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(1, 4);
  head.set([32, 32, 0, 0], 6);
  head.writeUInt16LE(1, 10);
  head.writeUInt16LE(32, 12);
  head.writeUInt32LE(png.length, 14);
  head.writeUInt32LE(head.length, 18);
  return Buffer.concat([head, png]);
}
