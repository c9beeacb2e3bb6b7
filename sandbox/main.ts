import { readFileSync } from "node:fs";
import { createSandbox } from "./sandbox.ts";
import { SEEDED_APPLICATIONS } from "./seed.ts";
import { readSettings, type SandboxSettings } from "./settings.ts";
import { startVisitors, type Visitors } from "./visitors.ts";

const settings = readSettingsOrExit();

/** Ends the program at the second signal, for who cannot wait. */
let isStopping = false;

try {
  let visitors: Visitors | undefined;
  let otherVisitors: Visitors[] = [];
  const describe = () => ({ visitors: visitors?.stats() ?? null });
  const { policyFile, ...rest } = settings;
  const sandbox = await createSandbox({ ...rest, describe, ...(policyFile ? { policy: readPolicy(policyFile) } : {}) });
  if (settings.visitorsPerSecond > 0) {
    visitors = startVisitors(() => sandbox.listenerUrls()["library-alb:80"], settings.visitorsPerSecond);
    // The other applications are there to be looked at as well, and cost less.
    const others = SEEDED_APPLICATIONS.slice(1).filter((name) => sandbox.listenerUrls()[`${name}-alb:80`]);
    otherVisitors = others.map((name) =>
      startVisitors(() => sandbox.listenerUrls()[`${name}-alb:80`], settings.visitorsPerSecond / 4),
    );
  }
  const stop = (signal: NodeJS.Signals) => {
    if (isStopping) process.exit(1);
    isStopping = true;
    console.log(`sandbox: ${signal}, stopping`);
    visitors?.stop();
    for (const other of otherVisitors) other.stop();
    sandbox.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error("sandbox: did not stop cleanly", error);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  printAddresses(sandbox.url, sandbox.listenerUrls());
} catch (error) {
  console.error(`sandbox: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

/** @throws Error naming the file that cannot be read */
function readPolicy(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`SANDBOX_POLICY is ${JSON.stringify(file)}: ${why}`);
  }
}

function readSettingsOrExit(): SandboxSettings {
  const { settings: valid, problems } = readSettings(process.env);
  if (valid) return valid;
  for (const problem of problems) console.error(`sandbox: ${problem}`);
  process.exit(1);
}

function printAddresses(url: string, listeners: Readonly<Record<string, string>>): void {
  console.log(`sandbox: AWS API at ${url} (account 123456789012, Region ap-northeast-2)`);
  for (const [name, address] of Object.entries(listeners)) console.log(`sandbox: ${name} at ${address}`);
  console.log(`sandbox: aws --endpoint-url ${url} --region ap-northeast-2 ecs list-clusters`);
}
