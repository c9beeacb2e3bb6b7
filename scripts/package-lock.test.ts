import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

type Entry = { optionalDependencies?: Record<string, string> };
const { packages }: { packages: Record<string, Entry> } = JSON.parse(
  readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"),
);

/** Where a package that `parent` needs may be found: beside its own, or in any folder around it. */
function placesOf(parent: string, name: string): string[] {
  const places = [`${parent === "" ? "" : `${parent}/`}node_modules/${name}`];
  for (let at = parent; at.includes("node_modules/"); ) {
    at = at.slice(0, at.lastIndexOf("node_modules/")).replace(/\/$/, "");
    places.push(`${at === "" ? "" : `${at}/`}node_modules/${name}`);
  }
  return places;
}

// A registry that lacks other platforms' packages makes npm install leave them out, and then npm ci refuses the file everywhere.
test("names the optional packages of every platform, without which npm ci refuses it", () => {
  const missing = Object.entries(packages).flatMap(([parent, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !placesOf(parent, name).some((place) => place in packages)),
  );
  expect(missing).toEqual([]);
});
