import { readFileSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import { isMap, isSeq, parseDocument } from "yaml";
import { applicationLines } from "../domain/discovery/config-text.ts";
import { describedBy, servicesOf } from "../domain/discovery/described.ts";
import type { Proposal } from "../domain/discovery/discovery.ts";
import type { Told } from "../domain/sentence/told.ts";
import type { ApplicationConfig } from "./application-config.ts";
import { parseConfigFile } from "./config-file.ts";
import { problemsSaid } from "./problem.ts";

/** What adding proposals to a file came to. */
export type AddedToFile = { ok: true; added: readonly string[] } | { ok: false; problem: Told };

/**
 * Adds the proposals that switchyard.yaml does not describe yet, with their comments; everything else of the file stays. `whole` is
 * what a file that is not there begins with. Nothing is written when the file, before or after, is no valid switchyard.yaml.
 */
export function addToFile(
  path: string,
  whole: string,
  proposals: readonly Proposal[],
  env: Readonly<Record<string, string | undefined>>,
): AddedToFile {
  const before = read(path);
  if (before === null)
    return write(
      path,
      whole,
      proposals.map(({ name }) => name),
      env,
    );
  const parsed = parseConfigFile(before, path, env);
  if (!parsed.ok) return { ok: false, problem: problemsSaid(parsed.problems) };
  const { applications } = parsed.file;
  const added = withFreeNames(
    proposals.filter(
      ({ cluster, service, sides }) => describedBy(cluster, servicesOf({ service, ...sides }), applications) === null,
    ),
    applications,
  );
  return added.length === 0
    ? { ok: true, added: [] }
    : write(
        path,
        withApplications(before, added),
        added.map(({ name }) => name),
        env,
      );
}

function withApplications(text: string, added: readonly Proposal[]): string {
  const document = parseDocument(text);
  const list = document.get("applications");
  const made = parseDocument(`applications:\n${added.flatMap(applicationLines).join("\n")}\n`).get("applications");
  if (!isSeq(list) || !isSeq(made)) throw new Error("applications is no list");
  // The comment before the first entry hangs on the list, and would be lost with it.
  const [first] = made.items;
  if (isMap(first) && made.commentBefore) first.commentBefore = made.commentBefore;
  list.flow = false;
  list.items.push(...made.items);
  return document.toString({ lineWidth: 0 });
}

function write(
  path: string,
  text: string,
  added: readonly string[],
  env: Record<string, string | undefined>,
): AddedToFile {
  const parsed = parseConfigFile(text, path, env);
  if (!parsed.ok) return { ok: false, problem: problemsSaid(parsed.problems) };
  // Whoever reads the file meanwhile reads the old or the new one; a link stays one, and so do its rights.
  const known = statSync(path, { throwIfNoEntry: false });
  const target = known ? realpathSync(path) : path;
  const beside = `${target}.${process.pid}.new`;
  writeFileSync(beside, text, { mode: known ? known.mode & 0o777 : 0o600 });
  renameSync(beside, target);
  return { ok: true, added };
}

function withFreeNames(proposals: readonly Proposal[], applications: readonly ApplicationConfig[]): Proposal[] {
  const taken = new Set(applications.map(({ name }) => name));
  return proposals.map((proposal) => {
    let { name } = proposal;
    for (let number = 2; taken.has(name); number += 1) name = `${proposal.name}-${number}`;
    taken.add(name);
    return { ...proposal, name };
  });
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
