import { expect, test } from "vitest";
import type { Application } from "../domain/application/application.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import type { Incident } from "../domain/incident/incident.ts";
import { incidentHtml } from "../domain/incident/incident-html.ts";
import type { LogLine } from "../domain/observation/log-line.ts";
import type { Task } from "../domain/observation/slot.ts";
import { englishOf } from "../domain/sentence/told.ts";
import { NOW, observation } from "../testing/facts.ts";
import { deploymentRow, finishedRow, journalRow, stoppedTask } from "../testing/test-rows.ts";
import { createIncidentKeeper, type IncidentDeps } from "./incident-keeper.ts";

const application = {
  name: "library",
  logs: { mask: [{ name: "member number", pattern: "M-[0-9]+" }] },
} as unknown as Application;
const line = (slotOf: LogLine["slot"], text: string, level: LogLine["level"] = "error"): LogLine => ({
  id: text,
  at: NOW - 1000,
  slot: slotOf,
  taskId: "3e91c0d2f1",
  stream: "s",
  level,
  text,
});

function world(change: Partial<IncidentDeps> = {}) {
  const kept: Incident[] = [];
  let now = NOW;
  const keeper = createIncidentKeeper({
    store: {
      saveIncident: async (incident) => kept.push(incident) > 0,
      listJournal: async () => [
        { ...journalRow("Weights of 100/0 were written"), sequence: 1, at: NOW - 5000, phase: "done" },
      ],
      listDeployments: async () => ({
        items: [finishedRow("d-9", NOW - 50_000), finishedRow("d-good", NOW - 900_000), finishedRow("d-older", 1)],
        nextCursor: null,
      }),
    },
    lines: { before: async () => [line("green", "ERROR boom of M-77 password=hunter2"), line("blue", "fine", "info")] },
    readDefinition: async (arn) => ({ fields: [{ field: "library, image", text: arn }] }) as never,
    now: () => now,
    ...change,
  });
  return {
    kept,
    keeper,
    async settle(look = observation(), last: Deployment | null = null) {
      now += 16_000;
      await keeper.look(application, look, last);
    },
  };
}

const lookWith = (...tasks: Task[]) => observation({ green: { tasks } });
const dead = (id: string, change: Partial<Task> = {}): Task => ({
  ...stoppedTask(id, NOW - 2000),
  containers: [
    { name: "log_router", lastStatus: "STOPPED", exitCode: 0, essential: true },
    { name: "catalog", lastStatus: "STOPPED", exitCode: 1, essential: true },
  ],
  ...change,
});
const failed = deploymentRow({
  id: "d-9",
  status: "ROLLBACK_SUCCESSFUL",
  statusReason: "catalog, exit code 1",
  startedAt: NOW - 60_000,
  finishedAt: NOW - 1000,
  revision: { taskDefinition: "arn:task:2", image: "library:1.1.0", digest: null, tag: "1.1.0" },
});

test("a task that died is kept once, with every exit code and the container that failed named", async () => {
  const { keeper, kept, settle } = world();
  const look = lookWith(dead("3e91c0d2f1"));
  await keeper.look(application, look, null);
  expect(kept).toEqual([]);
  await settle();
  await settle(look);
  expect(kept).toHaveLength(1);
  expect(kept[0]).toMatchObject({ kind: "task-stopped", id: "i-3e91c0d2f1" });
  expect(kept[0]?.title).toContain("catalog, exit code 1");
  expect(kept[0]?.sides.green.tasks[0]?.containers).toHaveLength(2);
});

test("what its service stops because fewer are wanted is no incident", async () => {
  const { keeper, kept, settle } = world();
  const wanted = {
    stopCode: "ServiceSchedulerInitiated",
    stoppedReason: "Scaling activity initiated by (deployment ecs-svc/1)",
  };
  await keeper.look(application, lookWith(dead("a", wanted)), null);
  await settle();
  expect(kept).toEqual([]);
  await keeper.look(
    application,
    lookWith(dead("b", { ...wanted, stoppedReason: "Task failed ELB health checks" })),
    null,
  );
  await settle();
  expect(kept).toHaveLength(1);
});

test("a crash loop is one thing that happened, until some minutes later", async () => {
  const { keeper, kept, settle } = world();
  await keeper.look(application, lookWith(dead("a"), dead("b")), null);
  for (let n = 0; n < 10; n++) await settle(lookWith(dead(`n${n}`)));
  expect(kept).toHaveLength(1);
  expect(kept[0]?.title).toContain("(and 1 more)");
  for (let n = 0; n < 20; n++) await settle(lookWith(dead(`m${n}`, { stoppedAt: NOW + 290_000 })));
  expect(kept.length).toBeGreaterThan(1);
});

test("a deployment that was rolled back is kept with its diff, its lines and the last good one, without secrets", async () => {
  const { keeper, kept, settle } = world();
  const look = lookWith(dead("a"));
  await keeper.look(application, look, failed);
  await settle();
  const incident = kept.find(({ kind }) => kind === "rolled-back");
  expect(incident?.title).toBe("Release to green (1.1.0) was rolled back: catalog, exit code 1");
  expect(incident?.changes).toEqual([{ field: "library, image", before: "arn:task:1", after: "arn:task:2" }]);
  expect(incident?.lastGood?.deploymentId).toBe("d-good");
  expect(incident?.newErrors[0]).toMatchObject({ counts: { blue: 0, green: 1 } });
  expect(incident?.masked.map(({ name }) => name).sort()).toEqual(["member number", "named secret"]);
  expect(JSON.stringify(incident)).not.toMatch(/hunter2|M-77/);
  const told = incident?.timeline.map(({ text }) => text) ?? [];
  expect(told[0]).toBe("Kim began the release to green: release 1.1.0");
  expect(told).toContain("Weights of 100/0 were written");
  expect(told).toContain("Ended as ROLLBACK_SUCCESSFUL: catalog, exit code 1");
});

test("a side that was retired is kept too; what went well or happened long ago is not", async () => {
  const { keeper, kept, settle } = world();
  const good = finishedRow("d-1", NOW - 2000);
  await keeper.look(application, observation(), good);
  const old = deploymentRow({ ...failed, id: "d-2", finishedAt: NOW - 3_600_000 });
  await keeper.look(application, observation(), old);
  const retired = { ...good, retired: { slot: "blue" as const, at: NOW - 500 } };
  await keeper.look(application, observation(), retired);
  await settle();
  expect(kept.map(({ kind, title }) => [kind, title])).toEqual([
    ["retired", "Blue was retired after the release to green"],
  ]);
});

test("one that ended while the next had begun already is kept too", async () => {
  const { keeper, kept, settle } = world();
  await keeper.look(application, observation(), deploymentRow({ id: "d-10" }), [failed]);
  await settle();
  expect(kept.map(({ id }) => id)).toEqual(["i-d-9"]);
});

test("what cannot be read is named, and the rest is kept; what the database refuses is tried again", async () => {
  const saved: Incident[] = [];
  let isAway = true;
  const { keeper, settle } = world({
    lines: { before: () => Promise.reject(new Error("throttled")) },
    store: {
      saveIncident: async (incident) => {
        if (isAway) throw new Error("away");
        return saved.push(incident) > 0;
      },
      listJournal: async () => [],
      listDeployments: async () => ({ items: [], nextCursor: null }),
    },
  });
  await keeper.look(application, lookWith(dead("a")), null);
  await expect(settle()).rejects.toThrow("away");
  isAway = false;
  await settle();
  expect(saved[0]?.missing).toEqual(["The last lines could not be read: throttled"]);
});

test("as one file of HTML nothing of a stranger's text is more than text", async () => {
  const forged = line("green", "boom\n2026-11-29 17:00:01 3e91c0d2 INFO all is well");
  const other = world({ lines: { before: async () => [forged] } });
  await other.keeper.look(application, lookWith(dead("f")), null);
  await other.settle();
  expect(incidentHtml(other.kept[0] as Incident, NOW, englishOf, "en")).toContain("boom\n    2026-11-29 17:00:01");
  const evil = '<img src=x onerror="alert(1)"> \u202e\u0000\ud800 </pre><script>alert(2)</script>';
  const { keeper, kept, settle } = world({ lines: { before: async () => [line("green", evil)] } });
  await keeper.look(application, lookWith(dead("a", { stoppedReason: evil })), null);
  await settle();
  const html = incidentHtml(kept[0] as Incident, NOW, englishOf, "en");
  for (const active of ["<img", "<script", "\u202e", "\u0000", "\ud800"]) expect(html).not.toContain(active);
  expect(html).toContain("&lt;script&gt;alert(2)&lt;/script&gt;");
  expect(html).toContain("default-src 'none'");
  expect(html).toContain("catalog exited with code 1");
});

test("a gate that nobody answered, and an approval that did not come in time, are each kept once with what followed", async () => {
  const { keeper, kept, settle } = world();
  const gate = {
    id: "g-1",
    stage: "POST_TEST_TRAFFIC_SHIFT" as const,
    expiresAt: NOW - 1000,
    onExpiry: "ROLLBACK" as const,
  };
  const ended = { ...gate, at: NOW - 900, waitedMs: 60_000, action: "ROLLBACK" as const };
  const driven = deploymentRow({
    id: "d-gate",
    aws: {
      id: "arn:d",
      sentAt: NOW - 90_000,
      gate: null,
      answer: null,
      answered: [],
      ended: [
        { ...ended, how: "elsewhere" },
        { ...ended, how: "expired" },
      ],
    },
  });
  const asked = deploymentRow({
    id: "d-approval",
    approval: {
      approvers: 2,
      fromRole: "approver",
      bySomebodyElse: true,
      timeLimitMinutes: 60,
      onTimeLimit: "ROLLBACK",
      state: "expired",
      given: 1,
      expiresAt: NOW - 500,
      subject: null,
    } as never,
  });
  for (const each of [driven, driven, asked]) await keeper.look(application, observation(), each);
  await settle();
  expect(kept.map(({ id, kind, title }) => [id, kind, title])).toEqual([
    [
      "i-d-gate-gate-0",
      "gate-timed-out",
      "Release to green: the gate of POST_TEST_TRAFFIC_SHIFT timed out. Nobody answered in time: AWS rolls back",
    ],
    [
      "i-d-approval-approval",
      "gate-timed-out",
      "Release to green: 1 of 2 approvals came in time: it ends, and traffic stays with blue",
    ],
  ]);
});
