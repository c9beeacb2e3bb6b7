import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Proposal } from "../domain/discovery/discovery.ts";
import { say } from "../domain/sentence/sentence.ts";
import { addToFile } from "./add-to-file.ts";
import { parseConfigFile } from "./config-file.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-init-"));
  path = join(folder, "switchyard.yaml");
});
afterEach(() => rmSync(folder, { recursive: true }));

const proposal = (name: string): Proposal => ({
  ...{ name, cluster: "main", controller: "paired-services", service: null, testListener: null, container: "app" },
  ...{
    repository: name,
    logGroup: null,
    notes: [],
    open: [say("discovery.plain", { text: `one listener leads to ${name}` })],
  },
  listener: { loadBalancer: `${name}-alb`, port: 80, priority: null },
  sides: {
    blue: { service: `${name}-blue`, targetGroup: `${name}-blue-tg` },
    green: { service: `${name}-green`, targetGroup: `${name}-green-tg` },
  },
});

function written() {
  const parsed = parseConfigFile(readFileSync(path, "utf8"), "switchyard.yaml", {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.file;
}

test("a file that is not there begins with the whole proposal", () => {
  expect(addToFile(path, "# whole\napplications: []\n", [], {})).toEqual({ ok: true, added: [] });
  expect(readFileSync(path, "utf8")).toContain("# whole");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("what is new is added with its comments; everything else, comments too, stays", () => {
  writeFileSync(path, "# ours\naccess: { admin: { addresses: [kim@example.com] } } # Kim\napplications: []\n");
  chmodSync(path, 0o640);
  expect(addToFile(path, "", [proposal("shop"), proposal("books")], {})).toEqual({
    ok: true,
    added: ["shop", "books"],
  });
  const text = readFileSync(path, "utf8");
  for (const words of ["# ours", "# Kim", "one listener leads to shop", "one listener leads to books"])
    expect(text).toContain(words);
  expect(written().applications.map(({ name }) => name)).toEqual(["shop", "books"]);
  expect(statSync(path).mode & 0o777).toBe(0o640);
  // The second time there is nothing to add, also where somebody has given it another name.
  writeFileSync(path, text.replace('name: "shop"', "name: our-shop"));
  expect(addToFile(path, "", [proposal("shop"), proposal("books")], {})).toEqual({ ok: true, added: [] });
});

test("a name that is taken gets a number, and a file behind a link stays behind it", () => {
  const real = join(folder, "real.yaml");
  addToFile(path, "applications: []\n", [], {});
  addToFile(path, "", [proposal("shop")], {});
  writeFileSync(real, readFileSync(path, "utf8").replaceAll("shop-", "other-"));
  rmSync(path);
  symlinkSync(real, path);
  expect(addToFile(path, "", [proposal("shop")], {})).toEqual({ ok: true, added: ["shop-2"] });
  expect(readdirSync(folder).toSorted()).toEqual(["real.yaml", "switchyard.yaml"]);
  expect(readFileSync(real, "utf8")).toContain("shop-2");
});

test("a file with a mistake is told and left as it is", () => {
  writeFileSync(path, "applications: no\n");
  expect(addToFile(path, "", [proposal("shop")], {})).toMatchObject({
    ok: false,
    problem: { params: { item: { params: { where: expect.stringContaining("applications") } } } },
  });
  expect(readFileSync(path, "utf8")).toBe("applications: no\n");
});
