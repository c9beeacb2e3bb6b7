// npm run torture: the real server under kills, lost answers and foreign hands, judged by the sandbox's own record.
import { ensureFreshBuild } from "./build.mjs";
import { onProjectNode } from "./setup.mjs";

await onProjectNode(import.meta.url);
await ensureFreshBuild();
await import("../torture/main.ts");
