import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

/*
 * What the project's own prose points to is there: links with their headings, npm scripts, and paths in backticks.
 */

const entries = readdirSync(".", { withFileTypes: true });
const roots = entries
  .filter((one) => one.isDirectory() && !one.name.startsWith(".") && one.name !== "node_modules")
  .map(({ name }) => name);
const under = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path));
// The changelog tells of files that are gone.
const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "sandbox/README.md", ...under("docs")].filter((path) =>
  path.endsWith(".md"),
);
const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
const textOf = (path: string) => readFileSync(path, "utf8");
/** Without what only shows how something is written. */
const proseOf = (path: string) => textOf(path).replaceAll(/^ *```[\s\S]*?^ *```/gm, "");

/** As GitHub makes the address of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");
}

function anchorsOf(path: string): string[] {
  return [...proseOf(path).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

test.each(pages)("every link of %s leads somewhere", (page) => {
  const links = [...proseOf(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, to = ""]) => to);
  const broken = links.filter((to) => {
    const [path = "", anchor] = to.split("#");
    const target = path === "" ? page : normalize(join(dirname(page), path));
    if (!existsSync(target)) return true;
    return anchor !== undefined && target.endsWith(".md") && !anchorsOf(target).includes(anchor);
  });
  expect(broken).toEqual([]);
});

test.each(pages)("every script of npm that %s names is there", (page) => {
  const named = [...textOf(page).matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name = ""]) => name);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});

test.each(pages)("every path of this repository that %s names is there", (page) => {
  const named = [...textOf(page).matchAll(/`([\w.@()[\]/-]+\/[\w.@()[\]/-]*)`/g)].map(([, path = ""]) => path);
  const ours = named.filter((path) => roots.includes(path.split("/")[0] ?? "") && !path.includes("..."));
  expect(ours.filter((path) => !existsSync(path) && !existsSync(join("lib", path)))).toEqual([]);
});
