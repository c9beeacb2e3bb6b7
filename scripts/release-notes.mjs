// node scripts/release-notes.mjs 1.2.0: prints what CHANGELOG.md says of one version; fails when it says nothing.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The section of one version out of a changelog, without its heading; null when there is none or it is empty. */
export function notesOf(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1);
  const found = sections.find((section) => section.split(/\s/, 1)[0]?.replace(/^\[(.*)\]$/, "$1") === version);
  return found?.slice(found.indexOf("\n") + 1).trim() || null;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [version] = process.argv.slice(2);
  const notes = notesOf(readFileSync(new URL("../CHANGELOG.md", import.meta.url), "utf8"), version);
  if (notes === null) {
    process.stderr.write(
      `CHANGELOG.md says nothing of ${version ?? "(name a version)"}: add "## ${version ?? "1.2.0"}"\n`,
    );
    process.exit(1);
  }
  process.stdout.write(`${notes}\n`);
}
