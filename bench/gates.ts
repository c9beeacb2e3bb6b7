import { setTimeout as delay } from "node:timers/promises";
import {
  ContinueDeploymentCommand,
  CreateDeploymentCommand,
  GetDeploymentCommand,
  ListDeploymentsCommand,
} from "@aws-sdk/client-codedeploy";
import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  ListServiceDeploymentsCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import type { Page } from "@playwright/test";
import { startTraffic } from "../e2e/traffic.ts";
import { openBrowser, signedIn } from "./browser.ts";
import {
  CLUSTER,
  DRIVEN_NAMES,
  type DrivenName,
  GROUP,
  isAtRest,
  PAUSE_MINUTES,
  startDrivenWorld,
} from "./driven-world.ts";
import { type Figure, quantile } from "./figure.ts";
import { until } from "./local-process.ts";
import { newViewer } from "./questions.ts";
import type { World } from "./world.ts";

type Driven = Awaited<ReturnType<typeof startDrivenWorld>>;
type Color = "blue" | "green";

const REQUESTS_A_SECOND = 50;
const QUESTIONS_A_SECOND = 200;
/** `BENCH_RELEASES` takes fewer of ECS's for a try; half of them are beside questions. */
const RELEASES: Readonly<Record<DrivenName, number>> = { orders: Number(process.env.BENCH_RELEASES ?? 8), members: 2 };
const TAGS: Readonly<Record<DrivenName, readonly [string, string]>> = {
  orders: ["3.1.0", "3.0.0"],
  members: ["1.9.0", "1.8.0"],
};

/** Between questions of the bench's own. */
const ASK_AGAIN_MS = 500;
const SHOWN_WITHIN_MS = 120_000;
/** One stage of a release: tasks start, targets become healthy, old ones drain. */
const STAGE_WITHIN_MS = 180_000;

interface Snapshot extends Record<string, unknown> {
  deployment: { id: string; to: Color; aws?: { gate: { id: string; stage: string } | null } } | null;
}
interface JournalAnswer {
  status: string;
  statusReason: string | null;
  journal: { at: number; step: string; phase: string }[];
}

/** What gates cost: from AWS's pause to the page, from a click to AWS, and what visitors see of it. */
export async function measureGates(): Promise<Figure[]> {
  // One world at a time has the machine.
  const [shown, ...others] = await measureByPolling();
  return [...(shown ? [shown] : []), await shownByEvents(), ...others];
}

async function measureByPolling(): Promise<Figure[]> {
  const world = await startDrivenWorld();
  const browser = await openBrowser();
  try {
    const page = await signedIn(browser, world, "/approvals");
    const byHand = await underLoad(world, () => timed("by hand", () => releaseByHand(world)));
    const shown: number[] = [];
    const accepted: Record<"quiet" | "asked", number[]> = { quiet: [], asked: [] };
    const ours = await underLoad(world, async () => {
      for (const name of DRIVEN_NAMES)
        for (let i = 0; i < RELEASES[name]; i += 1) {
          const isAsked = name === "orders" && i >= RELEASES.orders / 2;
          const stopAsking = isAsked ? await askQuestions(world) : () => undefined;
          const release = await timed(`${name} ${i + 1} of ${RELEASES[name]}`, () =>
            releaseHere(world, page, name, TAGS[name][i % 2] ?? ""),
          ).finally(stopAsking);
          shown.push(...release.shown);
          accepted[isAsked ? "asked" : "quiet"].push(...release.accepted);
        }
    });
    return [shownFigure("by polling", shown, 3_000), ...clickFigures(accepted), loadFigure(ours, byHand)];
  } finally {
    await browser.close();
    await world.stop();
  }
}

/** The same page where a queue has ECS's events. */
async function shownByEvents(): Promise<Figure> {
  const world = await startDrivenWorld({ hasEvents: true });
  const browser = await openBrowser();
  const shown: number[] = [];
  try {
    const page = await signedIn(browser, world, "/approvals");
    const count = Math.max(1, Math.ceil(RELEASES.orders / 2));
    for (let i = 0; i < count; i += 1) {
      const what = `orders by events ${i + 1} of ${count}`;
      const release = await timed(what, () => releaseHere(world, page, "orders", TAGS.orders[i % 2] ?? ""));
      shown.push(...release.shown);
    }
    return shownFigure("by events", shown, 1_000);
  } finally {
    await browser.close();
    await world.stop();
  }
}

function shownFigure(how: string, shown: readonly number[], most: number): Figure {
  return {
    name: `gate opened to "waits for you" on the page, ${how}, p95`,
    value: quantile(shown, 0.95),
    unit: "ms",
    target: { kind: "<=", value: most },
    note: `median ${quantile(shown, 0.5).toFixed(0)} ms, ${shown.length} gates`,
  };
}

/** Says on the error channel how long a part took: all of them take a quarter of an hour. */
async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const startedAt = Date.now();
  const value = await work();
  process.stderr.write(`bench: gates: ${what}, ${((Date.now() - startedAt) / 1000).toFixed(0)} s\n`);
  return value;
}

function clickFigures(accepted: Record<"quiet" | "asked", number[]>): Figure[] {
  const click = (name: string, values: readonly number[]): Figure => ({
    name,
    value: quantile(values, 0.95),
    unit: "ms",
    target: { kind: "<=", value: 300 },
    note: `median ${quantile(values, 0.5).toFixed(0)} ms, ${values.length} answers`,
  });
  return [
    click("click to Continue accepted by AWS, p95", accepted.quiet),
    click(`the same beside ${QUESTIONS_A_SECOND} questions a second, p95`, accepted.asked),
  ];
}

interface Load {
  sent: number;
  failed: number;
  first?: string;
}

function loadFigure(ours: Load, byHand: Load): Figure {
  return {
    name: `failed requests in ${RELEASES.orders} releases by ECS and ${RELEASES.members} by CodeDeploy at ${REQUESTS_A_SECOND} requests/s`,
    value: ours.failed,
    unit: `of ${ours.sent}`,
    target: { kind: "=", value: 0 },
    note: `${byHand.failed} of ${byHand.sent} where AWS was told without Switchyard${ours.first ? `; the first: ${ours.first}` : ""}`,
  };
}

/** Visitors of both applications while the work is done. */
async function underLoad(world: Driven, work: () => Promise<void>): Promise<Load> {
  const { listeners } = await world.sandbox<{ listeners: Record<string, string> }>("GET", "/_sandbox");
  const visits = DRIVEN_NAMES.map((name) => startTraffic(listeners[`${name}-alb:80`] ?? "", REQUESTS_A_SECOND));
  try {
    await work();
  } finally {
    await Promise.all(visits.map((visit) => visit.stop()));
  }
  const failures = visits.flatMap(({ record }) => record.failures);
  const sent = visits.reduce((sum, { record }) => sum + record.sent, 0);
  return { sent, failed: failures.length, ...(failures[0] ? { first: failures[0].what } : {}) };
}

/** A release through the dashboard, answered at both of its gates as soon as its receipt allows. */
async function releaseHere(world: Driven, page: Page, name: DrivenName, imageTag: string) {
  const path = `/api/v1/applications/${name}`;
  await until(`${name} is at rest`, async () => isAtRest(await world.api("GET", path)), STAGE_WITHIN_MS);
  const { id } = await world.api<{ id: string }>("POST", `${path}/deployments`, { imageTag });
  const shown: number[] = [];
  const accepted: number[] = [];
  for (const place of ["before", "after"] as const) {
    if (name === "orders") shown.push(await gateToPage(world, page, place));
    const { deployment } = await until(
      `${name} waits ${place} its shift`,
      async () => {
        const snapshot = await world.api<Snapshot>("GET", path);
        const gate = snapshot.deployment?.aws?.gate;
        return gate && isAfter(gate.stage) === (place === "after") ? snapshot : null;
      },
      STAGE_WITHIN_MS,
    );
    const to = deployment?.to ?? "green";
    const receipt =
      place === "after"
        ? null
        : await until(
            "the gate may be answered",
            async () => {
              const answer = await world.api<{ hash: string; blockers: unknown[] }>("GET", `${path}/receipt?to=${to}`);
              return answer.blockers.length === 0 ? answer.hash : null;
            },
            STAGE_WITHIN_MS,
          );
    const clickedAt = Date.now();
    if (receipt === null) await world.api("POST", `/api/v1/deployments/${id}/retire`, {});
    else await world.api("POST", `${path}/switch`, { to, receipt });
    const told = await until("AWS has taken the answer", async () => {
      const { journal } = await world.api<JournalAnswer>("GET", `/api/v1/deployments/${id}`);
      return journal.find(({ at, step, phase }) => step === "answerGate" && phase === "done" && at >= clickedAt);
    });
    accepted.push(told.at - clickedAt);
  }
  const { status, statusReason } = await until(
    `${id} ends`,
    async () => {
      const answer = await world.api<JournalAnswer>("GET", `/api/v1/deployments/${id}`);
      return answer.status === "IN_PROGRESS" || answer.status === "PENDING" ? null : answer;
    },
    STAGE_WITHIN_MS,
  );
  if (status !== "SUCCESSFUL") throw new Error(`${id} ended ${status}: ${statusReason}`);
  return { shown, accepted };
}

function isAfter(stage: string): boolean {
  return stage === "POST_PRODUCTION_TRAFFIC_SHIFT" || stage === "BAKE_TIME";
}

/**
 * From ECS's pause, by its end and its length, to what the page of waits says of it, by the same clock. ECS is asked once it is
 * there: the dashboard's calls come out of the same bucket.
 */
async function gateToPage({ clients }: Driven, page: Page, place: "before" | "after"): Promise<number> {
  const words = place === "before" ? "this rolls back: \\w+ stays live" : "the window closes: ECS bakes";
  const shownAt = await page.evaluate(
    ({ text, withinMs }) =>
      new Promise<number>((resolve, reject) => {
        const until = Date.now() + withinMs;
        const look = () => {
          if (new RegExp(text).test(document.querySelector("main")?.textContent ?? "")) resolve(Date.now());
          else if (Date.now() > until) reject(new Error(`The page does not say: ${text}`));
          else requestAnimationFrame(look);
        };
        look();
      }),
    { text: words, withinMs: SHOWN_WITHIN_MS },
  );
  const opened = await openPause(clients);
  if (!opened) throw new Error("The page tells of a pause that ECS does not");
  return shownAt - (opened.expiresAt - PAUSE_MINUTES * 60_000);
}

async function openPause({ ecs }: Driven["clients"]) {
  const service = { cluster: CLUSTER, service: "orders-service" };
  const { serviceDeployments = [] } = await ecs.send(new ListServiceDeploymentsCommand(service));
  const serviceDeploymentArn = serviceDeployments[0]?.serviceDeploymentArn ?? "";
  const input = { serviceDeploymentArns: [serviceDeploymentArn] };
  const answer = await ecs.send(new DescribeServiceDeploymentsCommand(input));
  const hook = answer.serviceDeployments?.[0]?.lifecycleHookDetails?.find(({ status }) => status === "AWAITING_ACTION");
  const { hookId, expiresAt } = hook ?? {};
  return hookId && expiresAt ? { serviceDeploymentArn, hookId, expiresAt: expiresAt.getTime() } : null;
}

/** The same releases by AWS's calls alone, which the dashboard only follows: what AWS's own shift costs visitors. */
async function releaseByHand({ clients, api }: Driven): Promise<void> {
  const { ecs, codedeploy } = clients;
  await ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: "orders-service", forceNewDeployment: true }));
  let last = "";
  for (let gate = 0; gate < 2; gate += 1) {
    const open = await until(
      "a pause waits",
      async () => {
        await delay(ASK_AGAIN_MS);
        const found = await openPause(clients);
        return found && found.hookId !== last ? found : null;
      },
      STAGE_WITHIN_MS,
    );
    last = open.hookId;
    const { serviceDeploymentArn, hookId } = open;
    await ecs.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, action: "CONTINUE" }));
  }
  const { deployments = [] } = await codedeploy.send(new ListDeploymentsCommand(GROUP));
  const before = deployments[0] && (await codedeploy.send(new GetDeploymentCommand({ deploymentId: deployments[0] })));
  const revision = before ? before.deploymentInfo?.revision : undefined;
  if (revision) {
    const { deploymentId } = await codedeploy.send(new CreateDeploymentCommand({ ...GROUP, revision }));
    for (const deploymentWaitType of ["READY_WAIT", "TERMINATION_WAIT"] as const)
      await until(
        `${deploymentWaitType} ends`,
        async () => {
          await delay(ASK_AGAIN_MS);
          await codedeploy.send(new ContinueDeploymentCommand({ deploymentId, deploymentWaitType }));
          return true;
        },
        STAGE_WITHIN_MS,
      );
  }
  for (const name of DRIVEN_NAMES)
    await until(
      `${name} is at rest`,
      async () => isAtRest(await api("GET", `/api/v1/applications/${name}`)),
      STAGE_WITHIN_MS,
    );
}

/** Readers who ask what AWS has to be asked for; answers how to end them. */
async function askQuestions(world: World): Promise<() => void> {
  const viewer = await newViewer(world, 1, "orders");
  const timer = setInterval(
    () => void viewer("GET", "/api/v1/applications/orders/commands?action=switch").catch(() => undefined),
    1000 / QUESTIONS_A_SECOND,
  );
  return () => clearInterval(timer);
}
