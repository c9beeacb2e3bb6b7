import { z } from "zod";
import { ON_TIME_LIMIT } from "@/lib/domain/approval.ts";
import { AUDIT_OUTCOMES } from "@/lib/domain/audit.ts";
import { BLOCKER_CODES } from "@/lib/domain/blocker.ts";
import { DEPLOYMENT_KINDS, DEPLOYMENT_STATUSES, STAGE_STATUSES, STAGES } from "@/lib/domain/deployment.ts";
import { ROLLOUT_STRATEGIES } from "@/lib/domain/rollout.ts";
import { SLOT_COLORS, TARGET_STATES } from "@/lib/domain/slot.ts";
import { CONTROLLERS, SOURCE_NAMES, VERBS } from "@/lib/domain/snapshot.ts";

/*
 * What the API answers with, for the OpenAPI document; a test holds real answers against it. Objects are open: members are
 * only ever added. Times are epoch milliseconds.
 */

const time = z.int().describe("Epoch milliseconds");
const color = z.enum(SLOT_COLORS);
const weights = z.looseObject({ blue: z.int().min(0).max(999), green: z.int().min(0).max(999) });

const blockerSchema = z.looseObject({
  code: z.enum(BLOCKER_CODES),
  message: z.string(),
  fix: z.string().optional(),
});

const revision = z.looseObject({
  taskDefinition: z.string(),
  image: z.string(),
  digest: z.string().nullable(),
  tag: z.string().nullable(),
});

const rolloutSchema = z.looseObject({
  strategy: z.enum(ROLLOUT_STRATEGIES),
  percent: z.number().optional(),
  bakeMinutes: z.number().optional(),
  stepPercent: z.number().optional(),
  stepBakeMinutes: z.number().optional(),
});

export const deploymentSchema = z.looseObject({
  id: z.string(),
  application: z.string(),
  kind: z.enum(DEPLOYMENT_KINDS),
  status: z.enum(DEPLOYMENT_STATUSES),
  stage: z.enum(STAGES),
  from: color,
  to: color,
  fromRevision: revision.nullable(),
  revision: revision.nullable(),
  startedAt: time,
  finishedAt: time.nullable(),
  actor: z.looseObject({ id: z.string(), name: z.string(), via: z.enum(["session", "token", "engine"]) }),
  reason: z.string().nullable(),
  statusReason: z.string().nullable(),
  stages: z.array(
    z.looseObject({
      stage: z.enum(STAGES),
      status: z.enum(STAGE_STATUSES),
      startedAt: time.nullable(),
      finishedAt: time.nullable(),
      detail: z.string().optional(),
    }),
  ),
  approvals: z.array(
    z.looseObject({
      actor: z.string(),
      decision: z.enum(["approved", "rejected"]),
      name: z.string().optional(),
      comment: z.string().optional(),
      at: time,
      receipt: z.string().optional().describe("Hash of what was approved"),
      lapsed: z
        .looseObject({ at: time, why: z.string() })
        .optional()
        .describe("Set once it counts no more, because what was approved has changed"),
    }),
  ),
  rollout: rolloutSchema.optional().describe("How traffic is moved; all at once when left out"),
  steps: z
    .array(
      z.looseObject({
        percent: z.number(),
        weights,
        bakeMinutes: z.number(),
        shiftedAt: time.nullable(),
        readBackMs: z.number().nullable(),
        bakeUntil: time.nullable(),
        firstRequestMs: z.number().optional(),
      }),
    )
    .optional()
    .describe("Each write of weights: the share that the new side gets, and how long it is watched"),
  timeouts: z
    .looseObject({ becomeHealthyMinutes: z.int(), awaitSwitchMinutes: z.int(), rollbackMinutes: z.int() })
    .optional(),
  waiting: z
    .looseObject({ for: z.string(), since: time, until: time, outcome: z.string() })
    .optional()
    .describe("While in flight: what it waits for, and what happens at `until`"),
  approval: z
    .looseObject({
      state: z.enum(["waiting", "approved", "continued", "rejected", "expired"]),
      approvers: z.int().describe("How many different people have to approve"),
      given: z.int().describe("How many approvals count now"),
      requesterMayApprove: z.boolean(),
      timeLimitMinutes: z.int(),
      onTimeLimit: z.enum(ON_TIME_LIMIT),
      expiresAt: time.nullable().describe("Null until people are asked"),
    })
    .optional()
    .describe("Left out where nobody has to approve"),
  source: z
    .looseObject({ commit: z.string().optional(), url: z.string().optional(), pipeline: z.string().optional() })
    .optional()
    .describe("Where the revision comes from, as whoever deployed it said"),
  proof: z
    .looseObject({
      ruleReadBackMs: z.number(),
      firstRequestOnNewMs: z.number().optional(),
      lastRequestOnOldMs: z.number().optional(),
      failedRequests: z.int().optional(),
      proven: z.boolean(),
      note: z.string().optional(),
    })
    .nullable(),
  bakeUntil: time.nullable(),
  evidence: z.looseObject({}).nullable(),
  late: z
    .boolean()
    .optional()
    .describe("True when traffic was moved while the database was away, and the record was written afterwards"),
  breach: z
    .looseObject({
      figure: z.enum(["alarm", "taskExits", "unhealthyTargets", "errorShare", "responseTime"]),
      bound: z.number().nullable(),
      measured: z.number().nullable(),
      samples: z.number().nullable(),
      message: z.string(),
      at: time,
    })
    .optional()
    .describe("The figure that broke its bound and turned the deployment round; shares are 0 to 1, times are ms"),
});

export const deploymentWithJournalSchema = deploymentSchema.extend({
  journal: z.array(
    z.looseObject({
      sequence: z.int(),
      at: time,
      step: z.string(),
      phase: z.enum(["intent", "done", "failed", "note"]),
      message: z.string(),
      awsRequestId: z.string().optional(),
    }),
  ),
});

export const receiptSchema = z.looseObject({
  application: z.string(),
  to: color,
  listenerOrRuleArn: z.string(),
  weights,
  revisions: z.looseObject({ blue: revision.nullable(), green: revision.nullable() }),
  healthy: z.looseObject({ blue: z.int(), green: z.int() }),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  approvalHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe("The same without the healthy counts: what an approval is bound to"),
  observedAt: time,
  weightsAfter: weights,
  rollout: rolloutSchema,
  steps: z.array(z.looseObject({ percent: z.number(), weights, bakeMinutes: z.number() })),
  warnings: z.array(z.string()),
  blockers: z.array(blockerSchema),
});

const slot = z.looseObject({
  color,
  role: z.enum(["live", "standby", "canary", "empty"]),
  revision: revision.nullable(),
  counts: z.looseObject({
    desired: z.int(),
    running: z.int(),
    pending: z.int(),
    healthy: z.int(),
    total: z.int(),
  }),
  tasks: z.array(z.looseObject({ arn: z.string(), id: z.string(), lastStatus: z.string(), desiredStatus: z.string() })),
  targets: z.array(
    z.looseObject({
      id: z.string(),
      port: z.int(),
      state: z.enum(TARGET_STATES),
      reason: z.string().optional(),
      since: time,
    }),
  ),
  targetGroupArn: z.string(),
  metrics: z
    .looseObject({
      periodSeconds: z.number(),
      at: time,
      requestsPerSecond: z.number(),
      responseTimeP95Ms: z.number().nullable(),
      responseTimeAverageMs: z.number().nullable(),
      http5xxShare: z.number().min(0).max(1).nullable(),
      samples: z.number(),
      series: z.array(
        z.looseObject({ at: time, requests: z.number(), errors: z.number(), p95Ms: z.number().nullable() }),
      ),
    })
    .nullish()
    .describe("CloudWatch's figures of the newest published period; null while they cannot be read"),
});

export const freezeSchema = z.looseObject({
  id: z.string(),
  application: z.string().nullable().describe("Null for every application"),
  reason: z.string(),
  startedBy: z.string(),
  startedAt: time,
  until: time.nullable().describe("Null until it is lifted"),
  liftedAt: time.nullable(),
  liftedBy: z.string().nullable(),
});

export const driftSchema = z.looseObject({
  id: z.string(),
  part: z.string().describe("weights, groupStickiness, blue.taskDefinition, green.desired and the like"),
  from: z.string(),
  to: z.string(),
  seenAt: time,
  blocks: z.boolean().describe("Whether it blocks a switch until it is acknowledged"),
  message: z.string(),
});

const action = z.looseObject({ allowed: z.boolean(), blockers: z.array(blockerSchema) });

export const snapshotSchema = z.looseObject({
  name: z.string(),
  region: z.string(),
  cluster: z.string(),
  controller: z.enum(CONTROLLERS),
  observedAt: time,
  sources: z.array(
    z.looseObject({
      name: z.enum(SOURCE_NAMES),
      state: z.enum(["ok", "stale", "throttled", "error"]),
      ageMs: z.number(),
      message: z.string().optional(),
    }),
  ),
  traffic: z.looseObject({
    listenerOrRuleArn: z.string(),
    name: z.string(),
    weights,
    live: z.enum(["blue", "green", "split", "unknown"]),
    readAt: time,
    drift: z.string().optional(),
  }),
  slots: z.looseObject({ blue: slot, green: slot }),
  deployment: deploymentSchema.nullable(),
  lastDeployment: deploymentSchema.nullable(),
  window: z
    .looseObject({
      until: time.nullable(),
      instant: z.boolean(),
      estimateSeconds: z.number(),
      phase: z.enum(["bake", "kept"]).optional(),
      lastScaleUpSeconds: z.number().optional(),
      scaleDown: z.looseObject({ waitsFor: z.array(blockerSchema) }).optional(),
    })
    .nullable(),
  actions: z.looseObject(Object.fromEntries(VERBS.map((verb) => [verb, action]))),
  alarms: z.array(
    z.looseObject({ severity: z.enum(["fault", "warning"]), slot: color.optional(), message: z.string(), since: time }),
  ),
  drifts: z.array(driftSchema).optional().describe("Changes that Switchyard did not make, until acknowledged"),
  freeze: freezeSchema.optional().describe("What stops the line now; left out while it runs"),
  watchedAlarms: z
    .array(
      z.looseObject({
        name: z.string(),
        state: z.enum(["OK", "ALARM", "INSUFFICIENT_DATA", "MISSING"]),
        reason: z.string(),
        since: time.nullable(),
      }),
    )
    .optional()
    .describe("CloudWatch alarms configured for the application, once they were read"),
});

export const problemSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(BLOCKER_CODES).optional(),
  fix: z.string().optional(),
  blockers: z.array(blockerSchema).optional(),
  receipt: receiptSchema.optional().describe("The fresh receipt, with RECEIPT_OUTDATED"),
  aws: z.looseObject({ code: z.string(), requestId: z.string().nullable() }).optional(),
});

const cliArgument = z.union([z.string(), z.looseObject({ variable: z.string() })]);
export const commandsSchema = z.looseObject({
  application: z.string(),
  action: z.enum(VERBS),
  readAt: time,
  note: z.string().nullable().describe("What to know before running them, or why there are none"),
  commands: z.array(
    z.looseObject({
      purpose: z.string(),
      argv: z.array(cliArgument).describe("Text, or a shell variable that an earlier command filled"),
      filter: z.array(cliArgument).optional().describe("A program that its output goes through"),
      into: z.string().optional().describe("The shell variable that takes its output"),
      shell: z.string().describe("The same, quoted for bash or zsh"),
    }),
  ),
  script: z.string().describe("All of them in one piece to paste; empty when there are none"),
});

export const imageTagSchema = z.looseObject({
  tag: z.string(),
  digest: z.string(),
  pushedAt: time.nullable(),
  sizeBytes: z.int().nullable(),
});

const auditRow = z.looseObject({
  id: z.string(),
  at: time,
  actorId: z.string(),
  actorName: z.string(),
  role: z.string().nullable(),
  via: z.string(),
  address: z.string().nullable(),
  action: z.string(),
  application: z.string().nullable(),
  deploymentId: z.string().nullable(),
  outcome: z.enum(AUDIT_OUTCOMES),
  code: z.string().nullable(),
  message: z.string(),
  reason: z.string().nullable(),
  receipt: z.string().optional().describe("Hash of the receipt that the asker had read"),
  awsRequestId: z.string().optional().describe("Of the call that AWS refused or failed"),
  sequence: z.int().optional().describe("Place in the chain"),
  hash: z.string().optional().describe("SHA-256 over the hash of the row before and this row"),
  askedAt: time.optional().describe("When it was asked for; `at` is when it was over and written down"),
  credentialId: z.string().optional().describe("Id of the session or token it was asked with"),
  subject: z.string().optional().describe("What it is about where that is neither application nor deployment"),
  before: z.string().optional(),
  after: z.string().optional(),
  awsRequestIds: z.array(z.string()).optional().describe("Of every AWS write that belongs to it, oldest first"),
});

export const apiTokenSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  verbs: z.array(z.enum(VERBS)).describe("Beside looking, which every token may"),
  applications: z.array(z.string()).describe('Names, or "*" alone for all'),
  createdBy: z.string(),
  createdAt: time,
  expiresAt: time,
  lastUsedAt: time.nullable().describe("To the minute"),
  revokedAt: time.nullable(),
  revokedBy: z.string().nullable(),
});
export const createdTokenSchema = apiTokenSchema.extend({ secret: z.string().describe("Shown this once") });

const nextCursor = z.string().nullable().describe("Null on the last page");
export const deploymentPageSchema = z.looseObject({ items: z.array(deploymentSchema), nextCursor });
export const handoverSchema = z.looseObject({
  title: z.string(),
  intro: z.string(),
  sections: z.array(z.looseObject({ heading: z.string(), lines: z.array(z.string()) })),
  text: z.string().describe("All of it as plain text"),
  markdown: z.string().describe("All of it as Markdown; strangers' words are escaped"),
});
export const auditPageSchema = z.looseObject({ items: z.array(auditRow), nextCursor });

export const waitingApprovalsSchema = z.looseObject({
  yours: z.int().describe("How many wait for the asker's own word"),
  items: z
    .array(
      z.looseObject({
        id: z.string(),
        application: z.string(),
        kind: z.enum(DEPLOYMENT_KINDS),
        from: color,
        to: color,
        since: time,
        expiresAt: time.nullable(),
        onTimeLimit: z.enum(ON_TIME_LIMIT),
        approvers: z.int(),
        given: z.int(),
        approvedBy: z.array(z.string()),
        blocker: blockerSchema.nullable().describe("Why it does not wait for the asker; null when it does"),
      }),
    )
    .optional()
    .describe("Left out with ?count"),
});
