// Builds unless the newest build is of these sources.
import { ensureFreshBuild } from "./build.mjs";
import { onProjectNode } from "./setup.mjs";

await onProjectNode(import.meta.url);
await ensureFreshBuild();
