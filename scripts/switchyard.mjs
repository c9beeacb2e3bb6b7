#!/usr/bin/env node
// npx switchyard verify and npx switchyard init: readiness and discovery as programs; neither changes anything.
import { onProjectNode } from "./setup.mjs";

await onProjectNode(import.meta.url);
const { runCommand } = await import("../lib/process/command-line.ts");
const { status, out, error } = await runCommand(process.argv.slice(2), process.env);
process.stdout.write(out);
process.stderr.write(error);
process.exitCode = status;
