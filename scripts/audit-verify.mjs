// npm run audit:verify: walks the audit's chain. Ends with 0 when it holds, 1 when it does not, 2 when it cannot be read.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { onProjectNode, say } from "./setup.mjs";

await onProjectNode(import.meta.url);
const { readEnvironment } = await import("../lib/config/environment.ts");
const { readKeptHead } = await import("../lib/process/audit-head.ts");
const { readAudit } = await import("../lib/store/read-audit.ts");

// Only where the record lives is asked for: secrets need not be set here.
const { environment, problems } = readEnvironment(process.env);
const problem = problems.find(({ where }) => where === "DATABASE_URL");
if (problem) giveUp(`DATABASE_URL: ${problem.message}; ${problem.fix}`);
const { databaseUrl, dataDir, auditKeys } = environment;
const known = knownHead();
if (databaseUrl === null && !existsSync(join(dataDir, "pglite")))
  giveUp(`there is no record in ${dataDir}; set DATA_DIR or DATABASE_URL as for npm start`);

let verdict;
try {
  verdict = await readAudit(databaseUrl === null ? { dataDir } : { databaseUrl }, auditKeys, known);
} catch (error) {
  giveUp(`the audit cannot be read, and nothing was changed: ${reasonOf(error)}`);
}

const { isIntact, rows, sequence, hash, breaks, breakCount, pruned } = verdict;
for (const { kind, sequence: place, id, message } of breaks)
  process.stdout.write(`${kind}: row ${place}${id === null ? "" : ` (${id})`}: ${message}\n`);
if (breakCount > breaks.length) process.stdout.write(`and ${breakCount - breaks.length} more places\n`);
if (pruned)
  process.stdout.write(
    `pruned: ${pruned.rows} rows, up to ${pruned.sequence}, went by ${new Date(pruned.at).toISOString()}\n`,
  );
process.stdout.write(
  isIntact
    ? `intact: ${rows} rows; the newest is ${sequence} with hash ${hash}\n`
    : `BROKEN at ${breakCount} ${breakCount === 1 ? "place" : "places"} over ${rows} rows\n`,
);
process.exit(isIntact ? 0 : 1);

/** `--head 123:<hash>`, as a line of the log or a print of an earlier run had it; else the one that the server kept beside its data. */
function knownHead() {
  const at = process.argv.indexOf("--head");
  if (at < 0) return readKeptHead(join(dataDir, "audit-head.json"));
  const [, sequence, hash] = /^(\d+):([0-9a-f]{64})$/.exec(process.argv[at + 1] ?? "") ?? [];
  if (!sequence) giveUp("--head: give <sequence>:<hash>, as an earlier run printed them");
  return { sequence: Number(sequence), hash };
}

/** The innermost message: what is around it holds the query, which says nothing to who reads this. */
function reasonOf(error) {
  let innermost = error;
  while (innermost?.cause !== undefined) innermost = innermost.cause;
  return innermost instanceof Error ? innermost.message || innermost.name : String(innermost);
}

function giveUp(text) {
  say(text);
  process.exit(2);
}
