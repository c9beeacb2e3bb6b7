// npm run iam: writes the IAM policies in deploy/ from the one list of what Switchyard asks of AWS. With options it writes them
// for one account into another folder:
//   npm run iam -- --out policies --account 123456789012 --region eu-west-1 --log-group /ecs/library --role library-task
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { onProjectNode, say } from "./setup.mjs";

await onProjectNode(import.meta.url);
const { ANY_PLACE, policyFiles } = await import("../lib/aws/policy-files.ts");

const text = { type: "string" };
const many = { type: "string", multiple: true };
const { values } = parseArgs({
  options: { out: text, partition: text, account: text, region: text, repository: text, "log-group": many, role: many },
});
const { out, role: roles, "log-group": logGroups, ...place } = values;
const isNarrowed = Object.keys(values).some((name) => name !== "out");
if (isNarrowed && !out) {
  say("name a folder with --out: the policies in deploy/ are for any account");
  process.exit(2);
}
const folder = out ?? join(import.meta.dirname, "..", "deploy");
const files = policyFiles({ ...ANY_PLACE, ...place, ...(roles ? { roles } : {}), ...(logGroups ? { logGroups } : {}) });
for (const [name, policy] of Object.entries(files)) {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, format(policy));
  say(`wrote ${file}`);
}

/** As Biome formats JSON: a list on one line where it fits into 120 columns. */
function format(policy) {
  const lines = JSON.stringify(policy, null, 2).replace(
    /^( *)(.*)\[\n([^[\]{}]*)\n *\](,?)$/gm,
    (all, indent, key, items, comma) => {
      const line = `${indent}${key}[${items.trim().replace(/,\n */g, ", ")}]${comma}`;
      return line.length <= 120 ? line : all;
    },
  );
  return `${lines}\n`;
}
