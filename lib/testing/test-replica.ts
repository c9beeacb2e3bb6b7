import { createInterface } from "node:readline";
import { createAccessCache } from "../auth/access-cache.ts";
import { createAws } from "../aws/aws.ts";
import { applicationSchema } from "../config/application-config.ts";
import { createControllers } from "../controllers/registry.ts";
import { createEngine } from "../engine/engine.ts";
import { createErrorComparisons } from "../logs/error-comparisons.ts";
import { createLastLines, createRequestEvidence } from "../logs/log-evidence.ts";
import { createDiscoveryLooks } from "../observe/discovery-looks.ts";
import { createObserver } from "../observe/observer.ts";
import { readDeploymentFacts } from "../observe/readiness-deployments.ts";
import { createReadinessLooks } from "../observe/readiness-looks.ts";
import { createSnapshotHub } from "../observe/snapshot-hub.ts";
import { abortDeployment } from "../operations/abort-deployment.ts";
import { deploy } from "../operations/deploy.ts";
import { retireSide } from "../operations/retire-side.ts";
import { rollBack } from "../operations/roll-back.ts";
import { switchTraffic } from "../operations/switch-traffic.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import type { Context } from "../request/context.ts";
import { createStore } from "../store/create-store.ts";
import type { Store } from "../store/store.ts";
import { openWriteAheadLog } from "../store/write-ahead-log.ts";
import { noSettings } from "./no-settings.ts";

/*
 * One replica as a process of its own, without pages, for tests that kill, stop and cut it off. It reads one JSON question a
 * line and answers each on a line.
 */

const settings = JSON.parse(process.argv[2] ?? "{}") as ReplicaSettings;
const now = Date.now;
const configs = settings.applications.map((application) => applicationSchema.parse(application));
const record = await createStore({ databaseUrl: settings.databaseUrl });
const store: Store = settings.diesAfterWish ? { ...record, changeDeployment: changeAndDie } : record;
const aws = createAws({ region: "ap-northeast-2", endpoint: settings.endpoint });
const controllers = createControllers(aws, now);
const observer = createObserver({ aws, controllers, configs, now, fastMs: 300, idleMs: 500, onError: () => undefined });
const writeAheadLog = openWriteAheadLog(settings.writeAheadLogPath);
const hub = createSnapshotHub({ observer, store, writeAheadLog, now, onError: () => undefined });
const engine = createEngine({
  store,
  controllers,
  observer,
  hub,
  writeAheadLog,
  requests: createRequestEvidence(aws.logs),
  lines: createLastLines(aws.logs),
  now,
  holder: settings.holder,
  ...(settings.isAsOutsideTests ? {} : { tickMs: 200, idleMs: 500 }),
  ...(settings.leaseMs === undefined ? {} : { leaseMs: settings.leaseMs }),
});
const accessCache = createAccessCache({ source: store, now });
await accessCache.refresh();
const runtime = {
  store,
  awsFor: () => aws,
  controllers,
  observer,
  hub,
  engine,
  accessCache,
  reloaded: () => null,
  discovery: createDiscoveryLooks({ aws, now }),
  settings: noSettings(configs),
  hasConfiguredAdmin: true,
  notifier: { endpoints: () => [] },
  readiness: createReadinessLooks({
    awsOf: () => aws,
    store,
    standIn: null,
    configs: () => configs,
    readDeployments: (application) => readDeploymentFacts(store, application),
    now,
  }),
  errors: createErrorComparisons({ reader: aws.logs, observer, now }),
  now,
};
const ctx: Context = {
  runtime,
  identity: { id: "operator@sandbox.local", name: "operator", role: "admin", via: "session" },
  address: "127.0.0.1",
};
observer.subscribe("*", ({ application }) => void hub.snapshot(application).catch(() => null), { isPassive: true });
observer.start();
engine.start();

const asks: Record<Question["ask"], (input: Record<string, unknown>) => Promise<unknown>> = {
  deploy: (input) => deploy(ctx, input),
  receipt: (input) => getReceipt(ctx, String(input.application), String(input.to)),
  async switch(input) {
    if ("receipt" in input) return switchTraffic(ctx, input);
    const receipt = await getReceipt(ctx, String(input.application), String(input.to));
    return receipt.ok ? switchTraffic(ctx, { ...input, receipt: receipt.value.hash }) : receipt;
  },
  rollback: (input) => rollBack(ctx, input),
  abort: (input) => abortDeployment(ctx, input),
  retire: (input) => retireSide(ctx, input),
  snapshot: (input) => hub.snapshot(String(input.application)),
};

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line) as Question;
  asks[question.ask](question.input)
    .catch((error: unknown) => ({ ok: false, code: "THROWN", message: String(error) }))
    .then((answer) => process.stdout.write(`${JSON.stringify({ id: question.id, answer })}\n`));
}
process.exit(0);

/** What a person wishes comes without a fence: it is committed, and nobody is told. */
async function changeAndDie(...[id, fence, change]: Parameters<Store["changeDeployment"]>) {
  const changed = await record.changeDeployment(id, fence, change);
  if (fence === null && changed) process.kill(process.pid, "SIGKILL");
  return changed;
}

/** What a replica is started with. */
export interface ReplicaSettings {
  holder: string;
  databaseUrl: string;
  endpoint: string;
  writeAheadLogPath: string;
  applications: Record<string, unknown>[];
  leaseMs?: number;
  /** Killed as soon as a person's wish for a deployment is in the database, before it answers. */
  diesAfterWish?: boolean;
  /** No shorter waits than outside tests. */
  isAsOutsideTests?: boolean;
}

/** One line to a replica. */
export interface Question {
  id: number;
  ask: "deploy" | "switch" | "rollback" | "abort" | "retire" | "receipt" | "snapshot";
  input: Record<string, unknown>;
}
