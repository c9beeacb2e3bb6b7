import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { prepareDirectory } from "./data-directory.ts";

const folder = mkdtempSync(join(tmpdir(), "switchyard-directory-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("makes every folder on the way, for this user alone, and leaves nothing in it", async () => {
  const path = join(folder, "one/two/three");
  await prepareDirectory(path);
  for (const each of ["one", "one/two", "one/two/three"]) expect(statSync(join(folder, each)).mode & 0o777).toBe(0o700);
  expect(readdirSync(path)).toEqual([]);
});

test("leaves the mode of one that is there", async () => {
  const path = join(folder, "shared");
  mkdirSync(path);
  chmodSync(path, 0o750);
  await prepareDirectory(path);
  expect(statSync(path).mode & 0o777).toBe(0o750);
});

writeFileSync(join(folder, "file"), "");
test.each<[string, string, string]>([
  ["below a file", join(folder, "file/x"), "is a file"],
  ["that is a file", join(folder, "file"), "is a file"],
  ["with too long a name", join(folder, "x".repeat(300)), "too long"],
  ...(existsSync("/proc/self") ? [["where none can be made", "/proc/x", ""] satisfies [string, string, string]] : []),
])("one %s is refused at once, with what to set", async (_name, path, why) => {
  const refused = await prepareDirectory(path).catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: "DirectoryUnusable" });
  expect(String(refused)).toContain(why);
  expect(String(refused)).toContain("Set DATA_DIR to a folder that this user may write to");
});
