import { z } from "zod";
import { ON_TIME_LIMIT } from "@/lib/domain/application/approval-policy.ts";
import { DEPLOYMENT_KINDS, DEPLOYMENT_STATUSES, STAGE_STATUSES, STAGES } from "@/lib/domain/deployment/deployment.ts";
import { blockerSchema, color, revision, rolloutSchema, sentenceSchema, time, weights } from "./schema-parts.ts";

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
  statusSaid: sentenceSchema.optional(),
  stages: z.array(
    z.looseObject({
      stage: z.enum(STAGES),
      status: z.enum(STAGE_STATUSES),
      startedAt: time.nullable(),
      finishedAt: time.nullable(),
      detail: z.string().optional(),
      detailSaid: sentenceSchema.optional(),
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
        .looseObject({ at: time, why: z.string(), said: sentenceSchema.optional() })
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
    .looseObject({
      for: z.string(),
      since: time,
      until: time,
      outcome: z.string(),
      forSaid: sentenceSchema.optional(),
      outcomeSaid: sentenceSchema.optional(),
    })
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
      requests: z.int().optional(),
      failedRequests: z.int().optional(),
      proven: z.boolean(),
      note: z.string().optional(),
      noteSaid: sentenceSchema.optional(),
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
      figure: z.enum(["alarm", "taskExits", "unhealthyTargets", "errorShare", "responseTime", "errorKinds"]),
      bound: z.number().nullable(),
      measured: z.number().nullable(),
      samples: z.number().nullable(),
      message: z.string(),
      said: sentenceSchema.optional(),
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
      said: sentenceSchema.optional(),
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
  warningsSaid: z.array(sentenceSchema).optional(),
  blockers: z.array(blockerSchema),
});
