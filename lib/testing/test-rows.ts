import type { AuditRow } from "../domain/audit/audit.ts";
import type { Deployment, JournalEntry } from "../domain/deployment/deployment.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { Task } from "../domain/observation/slot.ts";

/** A release in progress, as tests store it. */
export function deploymentRow(change: Partial<Deployment> = {}): Deployment {
  return {
    id: "d-1",
    application: "library",
    kind: "RELEASE",
    status: "IN_PROGRESS",
    stage: "SCALE_UP",
    from: "blue",
    to: "green",
    fromRevision: { taskDefinition: "arn:task:1", image: "library:1.0.0", digest: "sha256:1", tag: "1.0.0" },
    revision: null,
    startedAt: 1_700_000_000_000,
    finishedAt: null,
    actor: { id: "kim@example.com", name: "Kim", via: "session" },
    reason: "release 1.1.0",
    statusReason: null,
    stages: [{ stage: "SCALE_UP", status: "IN_PROGRESS", startedAt: 1_700_000_000_000, finishedAt: null }],
    approvals: [],
    proof: null,
    bakeUntil: null,
    evidence: null,
    ...change,
  };
}

export function finishedRow(id: string, startedAt: number, change: Partial<Deployment> = {}): Deployment {
  return deploymentRow({ id, startedAt, finishedAt: startedAt + 1000, status: "SUCCESSFUL", ...change });
}

export function journalRow(message: string): Omit<JournalEntry, "sequence"> {
  return { at: 1_700_000_000_001, step: "shift", phase: "intent", message, awsRequestId: "req-1" };
}

export function auditRow(change: Partial<AuditRow> = {}): AuditRow {
  return {
    id: "a-1",
    at: 1_700_000_000_000,
    actorId: "kim@example.com",
    actorName: "Kim",
    role: "operator",
    via: "session",
    address: "203.0.113.7",
    action: "deployment.switch",
    application: "library",
    deploymentId: "d-1",
    outcome: "done",
    code: null,
    message: "switched to green",
    reason: null,
    ...change,
  };
}

export function stoppedTask(id: string, stoppedAt: number): Task {
  return {
    arn: `arn:aws:ecs:eu-central-1:123456789012:task/main/${id}`,
    id,
    lastStatus: "STOPPED",
    desiredStatus: "STOPPED",
    healthStatus: "UNKNOWN",
    startedAt: 1,
    createdAt: 1,
    stoppedAt,
    stopCode: "EssentialContainerExited",
    containers: [{ name: "library", lastStatus: "STOPPED", exitCode: 1 }],
    taskDefinition: "arn:task:1",
    address: null,
  };
}

/** Something that was kept, as tests store it. */
export function incidentRow(change: Partial<Incident> = {}): Incident {
  const side = {
    role: "live" as const,
    revision: null,
    counts: { desired: 1, running: 0, healthy: 0, total: 0 },
    tasks: [],
    targets: [],
    metrics: [],
  };
  return {
    id: "i-1",
    application: "library",
    at: 1_700_000_000_000,
    kind: "task-stopped",
    title: "Task stopped",
    deployment: null,
    weights: { blue: 100, green: 0 },
    sides: { blue: side, green: { ...side, role: "standby" } },
    timeline: [],
    newErrors: [],
    lines: [],
    changes: null,
    lastGood: null,
    missing: [],
    masked: [],
    ...change,
  };
}
