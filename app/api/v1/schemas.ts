import { z } from "zod";
import { ON_TIME_LIMIT } from "@/lib/domain/application/approval-policy.ts";
import { AUDIT_OUTCOMES } from "@/lib/domain/audit/audit.ts";
import { DEPLOYMENT_KINDS } from "@/lib/domain/deployment/deployment.ts";
import { INCIDENT_KINDS } from "@/lib/domain/incident/incident.ts";
import { CONSEQUENCES, WAIT_KINDS } from "@/lib/domain/rules/waits.ts";
import { VERBS } from "@/lib/domain/verb/verb.ts";
import { deploymentSchema, receiptSchema } from "./deployment-schemas.ts";
import { blockerSchema, codeSchema, color, sentenceSchema, time } from "./schema-parts.ts";

/*
 * What the API answers with, for the OpenAPI document; a test holds real answers against it. Objects are open: members are
 * only ever added. Times are epoch milliseconds.
 */

export const problemSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: codeSchema.optional(),
  fix: z.string().optional(),
  said: sentenceSchema.optional(),
  fixSaid: sentenceSchema.optional(),
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

export const logLineSchema = z.looseObject({
  id: z.string(),
  at: time,
  slot: z.enum(["blue", "green"]).nullable(),
  taskId: z.string().nullable(),
  stream: z.string(),
  level: z.enum(["error", "warn", "info", "debug", "trace"]).nullable(),
  text: z.string(),
  origin: z.enum(["load-balancer", "ecs"]).optional().describe("Who wrote it where no task did"),
  colours: z
    .array(z.looseObject({ from: z.int(), to: z.int() }))
    .optional()
    .describe("Parts that a terminal would colour, by places in `text`; left out where there is none"),
});

/** Lines of the past, whole between the two times. */
export const logPageSchema = z.looseObject({
  lines: z.array(logLineSchema),
  from: time,
  to: time,
  isComplete: z.boolean(),
});

/** What a search by Logs Insights reads, and what it found. */
export const logSearchSchema = z.looseObject({
  bytes: z.number().nullable().describe("About as many are read; null where CloudWatch does not know"),
  found: z
    .looseObject({
      lines: z.array(logLineSchema).describe("The newest, in the order of their times"),
      scannedBytes: z.number().describe("As AWS bills them"),
      isCut: z.boolean().describe("Whether there may be more"),
    })
    .optional()
    .describe("Left out until the bytes are accepted"),
});

const errorKinds = z.array(
  z.looseObject({
    signature: z.string(),
    counts: z.looseObject({ blue: z.int(), green: z.int() }),
    firstAt: time,
    lastAt: time,
    chance: z
      .number()
      .describe("Of such counts or odder ones where both sides wrote it equally often for what they served"),
    example: logLineSchema,
  }),
);

/** How one side's errors differ from the other's, by the exact binomial test. */
export const errorsSchema = z.looseObject({
  color,
  onlyHere: errorKinds,
  maybe: errorKinds.describe("Never written by the other side, but too seldom to tell from chance"),
  moreHere: errorKinds,
  gone: errorKinds,
  exposure: z.looseObject({ blue: z.int(), green: z.int() }).describe("Requests that each served, or lines"),
  kinds: z.int().describe("How many kinds were compared"),
  words: z.string().nullable().describe("What is only on this side, in one line"),
});

const incidentHead = {
  id: z.string(),
  application: z.string(),
  at: time,
  kind: z.enum(INCIDENT_KINDS),
  title: z.string().describe("What happened, in one sentence"),
  titleSaid: sentenceSchema.optional(),
};

/** What was kept of an application, newest first. */
export const incidentListSchema = z.looseObject({
  items: z.array(z.looseObject({ ...incidentHead, deploymentId: z.string().nullable() })),
});

/** All that was kept of one thing that happened; secrets are masked. */
export const incidentSchema = z.looseObject({
  ...incidentHead,
  timeline: z.array(
    z.looseObject({
      at: time,
      about: z.string(),
      side: color.nullable(),
      text: z.string(),
      said: sentenceSchema.optional(),
      isBad: z.boolean(),
    }),
  ),
  lines: logPageSchema.shape.lines,
  newErrors: z.array(z.looseObject({ signature: z.string(), firstAt: time, example: z.string() })),
  changes: z
    .array(z.looseObject({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() }))
    .nullable(),
  missing: z.array(z.string()).describe("What could not be read, and why"),
  missingSaid: z.array(sentenceSchema).optional(),
  masked: z.array(z.looseObject({ name: z.string(), count: z.int() })),
});

export const auditRowSchema = z.looseObject({
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
  said: sentenceSchema.optional().describe("`message` in no language yet; older rows have none"),
  beforeSaid: sentenceSchema.optional(),
  afterSaid: sentenceSchema.optional(),
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
export const auditPageSchema = z.looseObject({ items: z.array(auditRowSchema), nextCursor });

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

export const waitsSchema = z.looseObject({
  yours: z.int().describe("How many wait for the asker"),
  items: z
    .array(
      z.looseObject({
        id: z.string().describe("The deployment's"),
        application: z.string(),
        kind: z.enum(WAIT_KINDS),
        deploymentKind: z.enum(DEPLOYMENT_KINDS),
        from: color,
        to: color,
        since: time,
        endsAt: time.nullable().describe("When something happens by itself; null where it is not told"),
        consequence: z.enum(CONSEQUENCES).describe("What happens then, worst first"),
        words: z.string().describe("The same in words that follow a time"),
        said: sentenceSchema.optional(),
        asks: z.boolean().describe("False for a window that closes by itself and needs no answer"),
        isForeign: z.boolean().describe("Whether somebody else started it in AWS"),
        gate: z.string().nullable().describe("AWS's hook that waits"),
        approval: z
          .looseObject({ approvers: z.int(), given: z.int(), approvedBy: z.array(z.string()) })
          .nullable()
          .describe("Null where nobody has to approve"),
        blocker: blockerSchema.nullable().describe("Why it does not wait for the asker; null when it does"),
      }),
    )
    .optional()
    .describe("Left out with ?count"),
});
