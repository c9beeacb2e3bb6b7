import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { config } from "../proxy.ts";

const PUBLIC = join(import.meta.dirname, "../public");

interface Manifest {
  lang: string;
  display: string;
  theme_color: string;
  start_url: string;
  icons: { src: string; sizes: string; purpose?: string }[];
}

test.each([
  ["manifest.webmanifest", "en"],
  ["manifest.ko.webmanifest", "ko"],
])("%s opens like an application, in its language, with icons of the size it says", (name, lang) => {
  const manifest = JSON.parse(readFileSync(join(PUBLIC, name), "utf8")) as Manifest;
  expect(manifest).toMatchObject({ lang, display: "standalone", start_url: "/", theme_color: "#f3f3f0" });
  expect(manifest.icons.map(({ sizes }) => sizes)).toEqual(expect.arrayContaining(["192x192", "512x512"]));
  expect(manifest.icons.some(({ purpose }) => purpose === "maskable")).toBe(true);
  for (const { src, sizes } of manifest.icons) expect(sizeOf(join(PUBLIC, src)), src).toBe(sizes);
});

test.each(["favicon.ico", "robots.txt", "apple-touch-icon.png", "manifest.webmanifest"])(
  "/%s is there and needs no sign-in",
  (name) => {
    expect(existsSync(join(PUBLIC, name))).toBe(true);
    const [pattern = ""] = config.matcher;
    expect(new RegExp(`^${pattern}$`).test(`/${name}`)).toBe(false);
  },
);

/** Width and height out of a PNG's header. */
function sizeOf(path: string): string {
  const png = readFileSync(path);
  return `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;
}
