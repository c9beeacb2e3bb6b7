import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, json, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { Grant } from "../domain/access/grant.ts";
import type { Role } from "../domain/access/role.ts";
import type { AuditOutcome } from "../domain/audit/audit.ts";
import type { Deployment, JournalEntry } from "../domain/deployment/deployment.ts";
import type { Ledger } from "../domain/drift/ledger.ts";
import type { Incident, IncidentHead } from "../domain/incident/incident.ts";
import type { DeliveryState, Notification } from "../domain/notification/notification.ts";
import type { SlotColor, Task } from "../domain/observation/slot.ts";
import type { Sentence } from "../domain/sentence/sentence.ts";
import type { Verb } from "../domain/verb/verb.ts";

const epochMs = (name: string) => bigint(name, { mode: "number" });

/**
 * Deployments as documents, with the columns that queries need beside them. `json`, not `jsonb`: it keeps texts of AWS
 * and of logs exactly, also those with a NUL that jsonb refuses.
 */
export const deployments = pgTable(
  "deployments",
  {
    id: text("id").primaryKey(),
    application: text("application").notNull(),
    isInFlight: boolean("is_in_flight").notNull(),
    startedAt: epochMs("started_at").notNull(),
    finishedAt: epochMs("finished_at"),
    /** Since when it waits for people to approve it; null while it does not. */
    approvalSince: epochMs("approval_since"),
    /** What a release is to run, as a task definition's ARN; null before it is registered, and for other kinds. */
    releasedRevision: text("released_revision"),
    /** Whether a release ended without the approval that it began under. */
    isUnapproved: boolean("is_unapproved").notNull().default(false),
    document: json("document").$type<Deployment>().notNull(),
  },
  (table) => [
    uniqueIndex("deployments_one_in_flight").on(table.application).where(sql`is_in_flight`),
    index("deployments_newest").on(table.application, table.startedAt.desc(), table.id.desc()),
  ],
);

export const journal = pgTable(
  "journal",
  {
    deploymentId: text("deployment_id").notNull(),
    sequence: integer("sequence").notNull(),
    document: json("document").$type<Omit<JournalEntry, "sequence">>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.deploymentId, table.sequence] })],
);

/** One row for each application ever acted on; an empty holder means that nobody holds it. */
export const leases = pgTable("leases", {
  application: text("application").primaryKey(),
  holder: text("holder").notNull(),
  token: bigint("token", { mode: "number" }).notNull(),
  expiresAt: epochMs("expires_at").notNull(),
});

export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    scope: text("scope").notNull(),
    key: text("key").notNull(),
    requestHash: text("request_hash").notNull(),
    deploymentId: text("deployment_id"),
    createdAt: epochMs("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.key] })],
);

/** Only ever added to: one trigger refuses updates and deletes, another gives each row its sequence and hash. */
export const audit = pgTable("audit", {
  id: text("id").primaryKey(),
  at: epochMs("at").notNull(),
  actorId: text("actor_id").notNull(),
  actorName: text("actor_name").notNull(),
  role: text("role"),
  via: text("via").notNull(),
  address: text("address"),
  action: text("action").notNull(),
  application: text("application"),
  deploymentId: text("deployment_id"),
  outcome: text("outcome").$type<AuditOutcome>().notNull(),
  code: text("code"),
  message: text("message").notNull(),
  reason: text("reason"),
  receipt: text("receipt"),
  awsRequestId: text("aws_request_id"),
  sequence: bigint("sequence", { mode: "number" }).notNull().default(0),
  hash: text("hash").notNull().default(""),
  askedAt: epochMs("asked_at"),
  credentialId: text("credential_id"),
  subject: text("subject"),
  before: text("before_state"),
  after: text("after_state"),
  /** Separated by spaces. */
  awsRequestIds: text("aws_request_ids"),
  /** What the row says in no language yet, as the JSON that is hashed. */
  sentences: text("sentences"),
});

/** Its one row says where the audit's chain ends. */
export const auditHead = pgTable("audit_head", {
  onlyOne: boolean("only_one").primaryKey(),
  sequence: bigint("sequence", { mode: "number" }).notNull(),
  hash: text("hash").notNull(),
});

/** Its one row says up to where the audit was pruned, signed outside the database; none where it never was. */
export const auditCheckpoint = pgTable("audit_checkpoint", {
  onlyOne: boolean("only_one").primaryKey(),
  sequence: bigint("sequence", { mode: "number" }).notNull(),
  hash: text("hash").notNull(),
  rows: bigint("rows", { mode: "number" }).notNull(),
  prunedAt: epochMs("pruned_at").notNull(),
  signature: text("signature").notNull(),
});

/** Tokens of pipelines, never the secrets themselves. */
export const apiTokens = pgTable("api_tokens", {
  id: text("id").primaryKey(),
  hash: text("hash").notNull(),
  name: text("name").notNull(),
  verbs: json("verbs").$type<Verb[]>().notNull(),
  applications: json("applications").$type<string[]>().notNull(),
  createdBy: text("created_by").notNull(),
  createdAt: epochMs("created_at").notNull(),
  expiresAt: epochMs("expires_at").notNull(),
  lastUsedAt: epochMs("last_used_at"),
  revokedAt: epochMs("revoked_at"),
  revokedBy: text("revoked_by"),
  madeBy: json("made_by").$type<string[]>(),
});

/** Roles that admins gave; ended rows stay. */
export const grants = pgTable("grants", {
  id: text("id").primaryKey(),
  kind: text("kind").$type<Grant["kind"]>().notNull(),
  who: text("who").notNull(),
  role: text("role").$type<Role>().notNull(),
  application: text("application"),
  reason: text("reason"),
  createdBy: text("created_by").notNull(),
  createdAt: epochMs("created_at").notNull(),
  expiresAt: epochMs("expires_at"),
  revokedAt: epochMs("revoked_at"),
  revokedBy: text("revoked_by"),
});

/** People's sessions, so that they can be shown and ended. */
export const sessions = pgTable("sessions", {
  id: text("id").primaryKey(),
  personId: text("person_id").notNull(),
  name: text("name").notNull(),
  provider: text("provider").notNull(),
  address: text("address"),
  startedAt: epochMs("started_at").notNull(),
  lastSeenAt: epochMs("last_seen_at").notNull(),
  endedAt: epochMs("ended_at"),
  endedBy: text("ended_by"),
});

/** All sessions of a person that began before this are over. */
export const sessionEnds = pgTable("session_ends", {
  personId: text("person_id").primaryKey(),
  endedBefore: epochMs("ended_before").notNull(),
  endedBy: text("ended_by").notNull(),
});

/** One row for each application that was ever looked at; `version` keeps two writers apart. */
export const ledgers = pgTable("ledgers", {
  application: text("application").primaryKey(),
  version: bigint("version", { mode: "number" }).notNull(),
  document: json("document").$type<Omit<Ledger, "version">>().notNull(),
});

/** A row with a null application stops every one's line. */
export const freezes = pgTable("freezes", {
  id: text("id").primaryKey(),
  application: text("application"),
  reason: text("reason").notNull(),
  startedBy: text("started_by").notNull(),
  startedAt: epochMs("started_at").notNull(),
  until: epochMs("until"),
  liftedAt: epochMs("lifted_at"),
  liftedBy: text("lifted_by"),
});

export const stoppedTasks = pgTable(
  "stopped_tasks",
  {
    application: text("application").notNull(),
    taskArn: text("task_arn").notNull(),
    slot: text("slot").$type<SlotColor>().notNull(),
    stoppedAt: epochMs("stopped_at").notNull(),
    task: json("task").$type<Task>().notNull(),
    lastLines: json("last_lines").$type<string[]>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.application, table.taskArn] })],
);

export const incidents = pgTable(
  "incidents",
  {
    application: text("application").notNull(),
    id: text("id").notNull(),
    at: epochMs("at").notNull(),
    /** Of the document as JSON. */
    bytes: integer("bytes").notNull(),
    head: json("head").$type<IncidentHead>().notNull(),
    document: json("document").$type<Incident>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.application, table.id] })],
);

/** One row for each notification and endpoint; `sequence` is the order in which they are to arrive. */
export const outbox = pgTable("outbox", {
  sequence: bigint("sequence", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
  notificationId: text("notification_id").notNull(),
  endpoint: text("endpoint").notNull(),
  application: text("application").notNull(),
  notification: json("notification").$type<Notification>().notNull(),
  state: text("state").$type<DeliveryState>().notNull(),
  attempts: integer("attempts").notNull(),
  createdAt: epochMs("created_at").notNull(),
  nextAt: epochMs("next_at").notNull(),
  leasedUntil: epochMs("leased_until").notNull(),
  finishedAt: epochMs("finished_at"),
  lastError: text("last_error"),
  lastErrorSaid: json("last_error_said").$type<Sentence>(),
});

/** What is wrong and since when, so that every replica tells one spell of it under one id. */
export const conditions = pgTable(
  "conditions",
  {
    application: text("application").notNull(),
    condition: text("condition").notNull(),
    since: epochMs("since").notNull(),
    seenAt: epochMs("seen_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.application, table.condition] })],
);

/** What a process leaves for the next one. */
export const memories = pgTable("memories", {
  key: text("key").primaryKey(),
  value: json("value").$type<unknown>().notNull(),
  savedAt: epochMs("saved_at").notNull(),
});

/** One row for each step that was ever put off; one whose time is over counts no more. */
export const putOffs = pgTable(
  "put_offs",
  {
    application: text("application").notNull(),
    step: text("step").notNull(),
    reason: text("reason").notNull(),
    by: text("by_name").notNull(),
    at: epochMs("at").notNull(),
    until: epochMs("until").notNull(),
  },
  (table) => [primaryKey({ columns: [table.application, table.step] })],
);

/** One row for each service whose scale-in is suspended, from before that was asked of AWS until it is given back. */
export const scalingHolds = pgTable("scaling_holds", {
  resourceId: text("resource_id").primaryKey(),
  application: text("application").notNull(),
  side: text("side").$type<"blue" | "green">().notNull(),
  deploymentId: text("deployment_id"),
  askedAt: epochMs("asked_at").notNull(),
  heldAt: epochMs("held_at"),
});

/** Each process that runs on this record, when it said so last, by its own clock, and how often AWS throttled it in what. */
export const replicas = pgTable("replicas", {
  holder: text("holder").primaryKey(),
  seenAt: epochMs("seen_at").notNull(),
  throttles: json("throttles").$type<Readonly<Record<string, number>>>().notNull().default({}),
});
