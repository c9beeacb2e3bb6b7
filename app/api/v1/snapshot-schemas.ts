import { z } from "zod";
import { CONTROLLERS } from "@/lib/domain/application/controller-name.ts";
import { AWS_DEPLOYMENT_STATUSES } from "@/lib/domain/observation/aws-deployment.ts";
import { TARGET_STATES } from "@/lib/domain/observation/slot.ts";
import { SOURCE_NAMES } from "@/lib/domain/observation/source.ts";
import { VERBS } from "@/lib/domain/verb/verb.ts";
import { deploymentSchema } from "./deployment-schemas.ts";
import { blockerSchema, color, revision, sentenceSchema, time, weights } from "./schema-parts.ts";

const side = z.looseObject({
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
  targetsReadAt: time.optional().describe("When target health was asked for; left out until it was read"),
});

const slot = side.extend({
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
  besides: z
    .array(z.string())
    .optional()
    .describe("How requests reach its tasks without the load balancer, which no switch moves; left out where none do"),
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
      hosts: z
        .looseObject({ healthy: z.number(), unhealthy: z.number(), from: time, at: time })
        .optional()
        .describe("Targets as CloudWatch counted them in its newest period; left out where it has no count"),
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
  part: z.string().describe("listener, weights, groupStickiness, blue.taskDefinition, green.desired and the like"),
  from: z.string(),
  to: z.string(),
  seenAt: time,
  blocks: z.boolean().describe("Whether it blocks a switch until it is acknowledged"),
  message: z.string(),
  said: sentenceSchema.optional(),
});

export const addedGroupSchema = z.looseObject({
  application: z.string(),
  side: color,
  targetGroupName: z.string(),
  weights,
  writes: z.array(z.looseObject({ name: z.string(), requestId: z.string().nullable() })),
});

const wayInSchema = z.looseObject({
  arn: z.string().describe("The listener's for its default action, else the rule's"),
  listener: z.string().describe("library-alb:80"),
  protocol: z.string(),
  priority: z.int().nullable().describe("Null for the default action"),
  takes: z.string().describe("path /api/*, header X-Preview: green and the like"),
  takesSaid: sentenceSchema.optional(),
  weights,
  others: z.array(z.looseObject({ name: z.string(), weight: z.int() })).describe("Target groups beside the two sides"),
  through: z
    .array(z.string())
    .optional()
    .describe("Further target groups that the sides' tasks are registered with, through which it leads to them"),
  use: z.enum(["production", "test", "other"]).describe("Only production moves with a switch"),
  shadowedSaid: sentenceSchema.optional(),
  shadowedBy: z.string().optional().describe("The earlier rules that take every request it could take, in words"),
});

const action = z.looseObject({
  allowed: z.boolean(),
  blockers: z.array(blockerSchema),
  offered: z.literal(false).optional().describe("False where this way of deploying knows no such thing"),
});

const awsDeploymentSchema = z.looseObject({
  id: z.string().describe("ARN of the ECS service deployment, or CodeDeploy's id"),
  status: z.enum(AWS_DEPLOYMENT_STATUSES),
  stage: z.string().nullable(),
  reason: z.string().nullable(),
  to: color.nullable(),
  revision: revision.nullable(),
  requested: z.looseObject({ production: z.number().nullable(), test: z.number().nullable() }),
  gates: z.array(
    z.looseObject({
      id: z.string(),
      state: z.enum(["AWAITING_ACTION", "IN_PROGRESS", "SUCCEEDED", "FAILED", "TIMED_OUT"]),
      isForPeople: z.boolean(),
      expiresAt: time.nullable(),
      onExpiry: z.enum(["ROLLBACK", "CONTINUE"]),
    }),
  ),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
});

export const snapshotSchema = z.looseObject({
  name: z.string(),
  region: z.string(),
  account: z.string().optional().describe("The AWS account's id"),
  team: z.string().optional().describe("Who looks after it, as switchyard.yaml says"),
  cluster: z.string(),
  controller: z.enum(CONTROLLERS),
  capabilities: z
    .looseObject({
      driver: z.enum(["switchyard", "aws"]).describe("Who moves traffic"),
      moves: z.enum(["Switchyard", "ECS", "CodeDeploy"]).optional().describe("The same by the name that people know"),
      sides: z.enum(["services", "task sets", "service revisions"]).optional().describe("What ECS keeps a side in"),
      switchAlone: z.boolean(),
      choosesRollout: z.boolean(),
      oldSide: z.enum(["window", "aws-bake", "termination-wait"]),
      rollbackAfterwards: z.enum(["weights", "deployment"]),
      worksWithoutStore: z.boolean(),
    })
    .optional()
    .describe("What this way of deploying can do"),
  observedAt: time,
  answeredAt: time.optional().describe("When this was put together: ages of sources are relative to this"),
  isUnread: z.boolean().optional().describe("True while nothing of it has been read from AWS yet"),
  sources: z.array(
    z.looseObject({
      name: z.enum(SOURCE_NAMES),
      state: z.enum(["ok", "stale", "throttled", "error"]),
      ageMs: z.number(),
      message: z.string().optional(),
      said: sentenceSchema.optional(),
    }),
  ),
  traffic: z.looseObject({
    listenerOrRuleArn: z.string(),
    name: z.string(),
    weights,
    live: z.enum(["blue", "green", "split", "unknown"]),
    readAt: time,
    drift: z.string().optional(),
    driftSaid: sentenceSchema.optional(),
    together: z
      .array(z.looseObject({ arn: z.string(), name: z.string(), weights }))
      .optional()
      .describe("All that move together, each as it was read; while they differ, weights above are their sum"),
  }),
  slots: z.looseObject({ blue: slot, green: slot }),
  waysIn: z
    .array(wayInSchema)
    .optional()
    .describe("Every listener and rule that leads to either group; left out until they were read"),
  deployment: deploymentSchema.nullable(),
  lastDeployment: deploymentSchema.nullable(),
  window: z
    .looseObject({
      until: time.nullable(),
      instant: z.boolean(),
      estimateSeconds: z.number(),
      phase: z.enum(["bake", "kept"]).optional(),
      lastScaleUpSeconds: z.number().optional(),
      lastRollbackSeconds: z
        .number()
        .optional()
        .describe(
          "Where AWS drives: how long the last rollback took in flight, or the last deployment without its waits",
        ),
      startNote: z.string().optional(),
      startSaid: sentenceSchema.optional(),
      startCheckedAt: time.optional(),
      scaleDown: z.looseObject({ waitsFor: z.array(blockerSchema) }).optional(),
    })
    .nullable(),
  rollbackTo: color.nullable().describe("The side that a rollback means now, whether or not it may be made"),
  openWindow: z
    .looseObject({ deploymentId: z.string(), keeps: color, until: time, phase: z.enum(["bake", "kept"]) })
    .optional()
    .describe("Whose window is open now, and the side that it keeps"),
  actions: z.looseObject(Object.fromEntries(VERBS.map((verb) => [verb, action]))),
  alarms: z.array(
    z.looseObject({
      severity: z.enum(["fault", "warning"]),
      slot: color.optional(),
      message: z.string(),
      said: sentenceSchema.optional(),
      since: time,
    }),
  ),
  drifts: z.array(driftSchema).optional().describe("Changes that Switchyard did not make, until acknowledged"),
  automaticRollback: z
    .looseObject({
      deploymentId: z.string(),
      at: time,
      isOver: z.boolean(),
      side: color,
      message: z.string(),
      said: sentenceSchema.optional(),
      lines: z.array(z.looseObject({ at: time, taskId: z.string(), text: z.string() })),
    })
    .optional()
    .describe("What Switchyard rolled back by itself, until a person has acknowledged it"),
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
  awsDeployment: awsDeploymentSchema.optional().describe("AWS's newest deployment, where AWS moves the traffic"),
});

const deploymentSummary = deploymentSchema
  .pick({
    id: true,
    application: true,
    kind: true,
    status: true,
    statusReason: true,
    stage: true,
    from: true,
    to: true,
    revision: true,
    startedAt: true,
    finishedAt: true,
    actor: true,
  })
  .extend({ stages: deploymentSchema.shape.stages.describe("Those that it is at") });

export const summarySchema = snapshotSchema
  .pick({
    name: true,
    region: true,
    account: true,
    team: true,
    cluster: true,
    controller: true,
    observedAt: true,
    answeredAt: true,
    isUnread: true,
    sources: true,
    window: true,
    alarms: true,
    freeze: true,
    automaticRollback: true,
  })
  .extend({
    traffic: snapshotSchema.shape.traffic.pick({ weights: true, live: true, readAt: true, drift: true }),
    slots: z.looseObject({ blue: side, green: side }),
    deployment: deploymentSummary.nullable(),
    lastDeployment: deploymentSummary.nullable(),
  })
  .describe("What a list shows of an application");
