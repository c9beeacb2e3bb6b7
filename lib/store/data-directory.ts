import { mkdir, open, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** A folder that cannot be used; the message names it, why, and what to set. */
class DirectoryUnusable extends Error {
  override readonly name = "DirectoryUnusable";
  constructor(directory: string, why: string) {
    super(`DATA_DIR ${directory} cannot be used: ${why}. Set DATA_DIR to a folder that this user may write to`);
  }
}

/**
 * Makes the folder, for this user alone, and tries whether it takes a file. One that is there keeps its mode. Step by step, because
 * making all folders of a path at once never ends on some file systems. @throws DirectoryUnusable
 */
export async function prepareDirectory(directory: string): Promise<void> {
  const path = resolve(directory);
  const missing: string[] = [];
  let existing = path;
  for (; !(await isThere(directory, existing)); existing = dirname(existing)) missing.unshift(existing);
  try {
    for (const each of missing) await mkdir(each, { mode: 0o700 }).catch(ignoreExisting);
    const trial = join(path, `.trial-${process.pid}`);
    await (await open(trial, "w", 0o600)).close();
    await rm(trial, { force: true });
  } catch (error) {
    throw new DirectoryUnusable(directory, reasonOf(error));
  }
}

/** @throws DirectoryUnusable when something else than a folder is there */
async function isThere(directory: string, path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
    throw new DirectoryUnusable(directory, `${path} is a file`);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    if (codeOf(error) === "ENOTDIR") return false;
    throw error instanceof DirectoryUnusable ? error : new DirectoryUnusable(directory, reasonOf(error));
  }
}

function ignoreExisting(error: unknown): void {
  if (codeOf(error) !== "EEXIST") throw error;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "it is on a file system that is mounted read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "this user's share of the disk is used up",
  ENOENT: "no folder can be made there",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its links lead in a circle",
  EMFILE: "too many files are open; raise the limit (ulimit -n)",
};

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
