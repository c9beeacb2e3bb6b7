import { startTraffic } from "../e2e/traffic.ts";
import { type Aws, createAws } from "../lib/aws/aws.ts";
import { logGroupRef } from "../lib/aws/logs.ts";
import type { SlotColor } from "../lib/domain/observation/slot.ts";
import type { Figure } from "./figure.ts";
import { until } from "./local-process.ts";
import type { World } from "./world.ts";

interface Answer {
  id: string;
  status: string;
  stage: string;
  statusReason: string | null;
  to: SlotColor;
  stages: { stage: string; status: string }[];
}

interface Snapshot {
  traffic: { listenerOrRuleArn: string };
  slots: Record<SlotColor, { targetGroupArn: string }>;
}

const RATE = 50;
const APPLICATION = "/api/v1/applications/library";
const REGION = "ap-northeast-2";
const LOG_GROUP = logGroupRef(REGION, "123456789012", "/ecs/library-management-task");
/** As sandbox/switchyard.yaml says; AWS has 60. */
const METRIC_PERIOD_SECONDS = 10;
/** What asks is no faster than what reads along. */
const LOOK_MS = 200;

/**
 * A release that answers one request in five with 500 takes the traffic; nobody looks. By the clock of this machine: when the
 * first bad request was answered, when its line could be found in CloudWatch Logs and its metric in CloudWatch (which is what no
 * program can be faster than), when the rule was written, and the last request on the bad side.
 */
export async function measureAutomaticRollback(world: World): Promise<Figure[]> {
  process.env.AWS_ACCESS_KEY_ID ??= "bench";
  process.env.AWS_SECRET_ACCESS_KEY ??= "bench";
  const traffic = startTraffic(world.albUrl, RATE);
  const aws = createAws({ region: REGION, endpoint: world.sandboxUrl });
  const watching = new AbortController();
  try {
    // What the new side is compared with.
    await until("the old side has served for a while", async () => traffic.record.answered > 30 * RATE, 120_000);
    const { id, to } = await world.api<Answer>("POST", `${APPLICATION}/deployments`, { imageTag: "1.5.0-errors" });
    const read = () => world.api<Answer>("GET", `/api/v1/deployments/${id}`);
    await until(
      "the release waits to be switched",
      async () => (await read()).stages.some((one) => one.status === "AWAITING_ACTION"),
      180_000,
    );
    await until("the switch is taken", async () => {
      const { hash } = await world.api<{ hash: string }>("GET", `${APPLICATION}/receipt?to=${to}`);
      return world.api("POST", `${APPLICATION}/switch`, { to, receipt: hash });
    });
    const metricAt = badMetricReadable(aws, await world.api<Snapshot>("GET", APPLICATION), to, watching.signal);
    metricAt.catch(() => undefined);
    const ended = await until(
      "it is rolled back by itself",
      async () => {
        const answer = await read();
        return ["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"].includes(answer.status)
          ? answer
          : null;
      },
      300_000,
    );
    if (ended.status !== "ROLLBACK_SUCCESSFUL") throw new Error(`${id} ended ${ended.status}: ${ended.statusReason}`);
    const record = await traffic.stop();
    const firstBadAt = record.failures[0]?.at ?? Number.NaN;
    const lastOnBadAt = record.bySlot[to]?.lastAt ?? Number.NaN;
    const writtenAt = await newestWrite(world);
    const lineAt = await firstBadLineIngested(aws, firstBadAt - 1_000);
    const tellableAt = Math.min(lineAt, await metricAt);
    const seconds = (from: number, until: number) => (until - from) / 1000;
    return [
      {
        name: "automatic rollback: bad requests readable to rule written",
        value: seconds(tellableAt, writtenAt),
        unit: "s",
        target: { kind: "<=", value: 5 },
        note: `by the ${lineAt <= (await metricAt) ? "log" : "metrics"}, whichever had them first; 2 s would be better`,
      },
      {
        name: "automatic rollback: first bad metric readable to rule written",
        value: seconds(await metricAt, writtenAt),
        unit: "s",
        target: { kind: "<=", value: 5 },
        note: `negative where the log told it before; metrics every ${METRIC_PERIOD_SECONDS} s`,
      },
      {
        name: "automatic rollback: first bad request to last request on the bad side",
        value: seconds(firstBadAt, lastOnBadAt),
        unit: "s",
        target: null,
        limit: seconds(firstBadAt, tellableAt),
        note: `of it ${seconds(firstBadAt, tellableAt).toFixed(1)} s until the first bad line or metric could be read (line ${seconds(firstBadAt, lineAt).toFixed(1)} s, metric ${seconds(firstBadAt, await metricAt).toFixed(1)} s): no program is faster; ${record.failures.length} of ${record.sent} requests at ${RATE}/s failed by design`,
      },
    ];
  } finally {
    watching.abort();
    await traffic.stop();
  }
}

/** When CloudWatch first told of errors on the side; infinite where the watch ended before. */
async function badMetricReadable(aws: Aws, { traffic, slots }: Snapshot, to: SlotColor, signal: AbortSignal) {
  const side = (color: SlotColor) => ({ ...slots[color], targetGroupName: color, service: null });
  const application = {
    name: "library",
    listener: { arn: traffic.listenerOrRuleArn, kind: "listener" as const, name: "library-alb:80", url: null },
    slots: { blue: side("blue"), green: side("green") },
    metricPeriodSeconds: METRIC_PERIOD_SECONDS,
  };
  while (!signal.aborted) {
    const metrics = await aws.cloudwatch.readSideMetrics([application], Date.now(), "question");
    const at = Date.now();
    if (metrics.get("library")?.[to].series.some(({ errors }) => errors > 0)) return at;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return Number.POSITIVE_INFINITY;
}

/** When CloudWatch Logs took in the first line of a request that was answered with 500. */
async function firstBadLineIngested(aws: Aws, from: number): Promise<number> {
  for await (const page of aws.logs.filterLines({ logGroup: LOG_GROUP, from, priority: "question" })) {
    const line = page.find(({ message }) => /\s500\s\d+ ms/.test(message));
    if (line) return line.ingestedAt;
  }
  throw new Error("No line of a bad request was found");
}

/** When the newest write of weights took effect, by the sandbox's own record. */
async function newestWrite(world: World): Promise<number> {
  const journal = await world.sandbox<{ at: string; operation: string; error: string | null }[]>(
    "GET",
    "/_sandbox/journal",
  );
  const write = journal.findLast(({ operation, error }) => /^Modify(Listener|Rule)$/.test(operation) && !error);
  if (!write) throw new Error("Nothing was written");
  return Date.parse(write.at);
}
