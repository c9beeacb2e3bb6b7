// npm start: the dashboard alone, as it runs in production.
// By its default export: an older Node.js, which only starts the right one, would not get past the name.
import module from "node:module";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureAnyBuild, SERVER } from "./build.mjs";
import { onProjectNode, ROOT, say } from "./setup.mjs";

await onProjectNode(import.meta.url);

const { env } = process;
// The server moves into its own folder: paths must not depend on where it is.
env.SWITCHYARD_CONFIG = resolve(ROOT, env.SWITCHYARD_CONFIG || "switchyard.yaml");
env.DATA_DIR = resolve(ROOT, env.DATA_DIR || ".data");
// Containers and shells set HOSTNAME to the machine's name, which nobody meant as the address to listen on.
if (!env.HOSTNAME || env.HOSTNAME === hostname()) env.HOSTNAME = env.SWITCHYARD_HOST || "127.0.0.1";
refuseBadSettings(await import("../lib/config/load-config.ts"));
await refuseBadPlace();
await ensureAnyBuild();

env.NODE_ENV = "production";
env.NEXT_TELEMETRY_DISABLED = "1";
// Next's own signal handlers wait for event streams, which never end; lib/process/boot.ts has better ones.
env.NEXT_MANUAL_SIG_HANDLE = "1";
// Longer than a load balancer keeps its connections idle (ALB: 60 s), or it would send requests into closed ones.
env.KEEP_ALIVE_TIMEOUT ||= "65000";

// Half of a start is compiling: kept beside the build and gone with it. Where it cannot be written, nothing is kept.
module.enableCompileCache(join(dirname(SERVER), "compile-cache"));
await import(pathToFileURL(SERVER).href);

/** The folder, the port and the clock, before anything is built: each with what to set. */
async function refuseBadPlace() {
  const { findPlaceProblems } = await import("./place.mjs");
  const problems = await findPlaceProblems({
    dataDir: env.DATABASE_URL ? null : env.DATA_DIR,
    ports: { PORT: env.PORT || "3000" },
    host: env.HOSTNAME,
  });
  for (const problem of problems) say(problem);
  if (problems.length > 0) process.exit(1);
}

/** Before anything is built or listens; the server checks again, because it may be started without this script. */
function refuseBadSettings({ loadConfig }) {
  try {
    loadConfig(env);
  } catch (error) {
    if (error.name !== "ConfigError") throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
