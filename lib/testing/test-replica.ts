import { createInterface } from "node:readline";
import { createAws } from "../aws/aws.ts";
import { applicationSchema } from "../config/application-config.ts";
import { notificationsSchema } from "../config/notifications-config.ts";
import { abortDeployment } from "../operations/abort-deployment.ts";
import { deploy } from "../operations/deploy.ts";
import { retireSide } from "../operations/retire-side.ts";
import { rollBack } from "../operations/roll-back.ts";
import { switchTraffic } from "../operations/switch-traffic.ts";
import { wireRuntime } from "../process/wire-runtime.ts";
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
const store: Store = settings.diesAfterRequest ? { ...record, changeDeployment: changeAndDie } : record;
const wired = wireRuntime({
  store,
  aws: createAws({ region: "ap-northeast-2", endpoint: settings.endpoint }),
  accounts: [],
  configs: () => configs,
  writeAheadLog: openWriteAheadLog(settings.writeAheadLogPath),
  holder: settings.holder,
  notifications: { notifications: notificationsSchema.parse({}), applications: [] },
  baseUrl: "http://127.0.0.1:3000",
  github: null,
  standIn: null,
  now,
  log: () => undefined,
  looks: { fastMs: 300, idleMs: 500 },
  ticks: {
    ...(settings.isAsOutsideTests ? {} : { tickMs: 200, idleMs: 500 }),
    ...(settings.leaseMs === undefined ? {} : { leaseMs: settings.leaseMs }),
  },
});
const { observer, hub, engine } = wired;
await wired.accessCache.refresh();
const runtime = { ...wired, reloaded: () => null, settings: noSettings(configs), hasConfiguredAdmin: true };
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

/** What a person asks for comes without a fence: it is committed, and nobody is told. */
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
  /** Killed as soon as a person's request for a deployment is in the database, before it answers. */
  diesAfterRequest?: boolean;
  /** No shorter waits than outside tests. */
  isAsOutsideTests?: boolean;
}

/** One line to a replica. */
export interface Question {
  id: number;
  ask: "deploy" | "switch" | "rollback" | "abort" | "retire" | "receipt" | "snapshot";
  input: Record<string, unknown>;
}
