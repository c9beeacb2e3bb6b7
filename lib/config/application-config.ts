import { z } from "zod";
import { DEFAULT_CHECKS, METRIC_PERIODS_SECONDS } from "../domain/application/checks.ts";
import { CONTROLLERS } from "../domain/application/controller-name.ts";
import { OWN_PAGES } from "../domain/application/own-pages.ts";
import { DEFAULT_TIMEOUTS } from "../domain/application/stage-timeouts.ts";
import { ALL_AT_ONCE } from "../domain/observation/rollout.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { NO_ROLE_RULES, roleRulesSchema } from "./access-config.ts";
import { approvalsSchema, NO_APPROVALS } from "./approvals-config.ts";
import { fix } from "./fix.ts";
import {
  listenerSchema,
  listenersSchema,
  ruleSchema,
  rulesSchema,
  testRuleSchema,
  withListener,
} from "./listener-config.ts";
import { logsSchema } from "./logs-config.ts";
import { maintenanceWindowsSchema } from "./maintenance-windows-config.ts";
import { findMisplaced, SIDE_FIX } from "./misplaced-parts.ts";
import { NO_NOTIFICATIONS, notificationsSchema } from "./notifications-config.ts";
import { pipelineRuleSchema } from "./pipelines-config.ts";
import { regionSchema } from "./region.ts";
import { rolloutSchema } from "./rollout-config.ts";
import { smokeSchema, timeoutsSchema } from "./stage-config.ts";
import { withTagName } from "./tag-name.ts";

const word = (what: Sentence) => z.string(fix(say("input.give", { what }))).min(1, fix(say("input.give", { what })));
/** A name, an ARN, or `{ tag: { team: library } }` for the only one that has these tags. */
const wordOrTag = (what: Sentence) => z.preprocess(withTagName, word(what));
const side = z.strictObject(
  {
    /** ECS service name; paired-services has one for each side. */
    service: wordOrTag(say("config.noun.service")).nullable().default(null),
    /** Name, ARN or tags. */
    targetGroup: wordOrTag(say("config.noun.targetGroup")),
  },
  SIDE_FIX,
);

/** What is named where Switchyard moves the traffic, with what to say when it is missing. */

const GITHUB_FIX = fix(say("input.shape", { shape: "{ repository: owner/name, branch, workflow }" }));
const SHARE_FIX = fix(say("config.share"));
const share = z.number(SHARE_FIX).min(0, SHARE_FIX).max(1, SHARE_FIX).nullable();
const FACTOR_FIX = fix(say("config.factor"));
const SAMPLES_FIX = fix(say("input.wholeNumber"));
const ERROR_KINDS_FIX = fix(
  say("input.shapeOptional", { shape: "{ atLeast: 1, blockSwitch: true, rollBack: false }" }),
);
const errorKinds = z.strictObject(
  {
    atLeast: z.int(SAMPLES_FIX).min(1, SAMPLES_FIX).default(1),
    blockSwitch: z.boolean(fix(say("input.trueOrFalse"))).default(true),
    rollBack: z.boolean(fix(say("input.trueOrFalse"))).default(false),
  },
  ERROR_KINDS_FIX,
);
const checks = z.strictObject(
  {
    maxErrorShare: share.default(DEFAULT_CHECKS.maxErrorShare),
    errorShareMargin: share.default(DEFAULT_CHECKS.errorShareMargin),
    responseTimeFactor: z.number(FACTOR_FIX).gt(1, FACTOR_FIX).nullable().default(DEFAULT_CHECKS.responseTimeFactor),
    minimumSamples: z.int(SAMPLES_FIX).min(1, SAMPLES_FIX).default(DEFAULT_CHECKS.minimumSamples),
    requestLines: z.boolean(fix(say("input.trueOrFalse"))).default(DEFAULT_CHECKS.requestLines),
    /** What the new side's own kinds of error do besides being told; nothing unless asked for. */
    errorKinds: errorKinds.nullable().default(DEFAULT_CHECKS.errorKinds),
  },
  fix(
    say("input.shapeOptional", {
      shape: "{ maxErrorShare, errorShareMargin, responseTimeFactor, minimumSamples, requestLines, errorKinds }",
    }),
  ),
);

const entrySchema = z
  .strictObject({
    name: word(say("config.noun.name"))
      .max(64, fix(say("input.atMost", { count: 64 })))
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, fix(say("input.lowerCase")))
      .refine((name) => !OWN_PAGES.includes(name), fix(say("config.nameOfPage"))),
    /** One of the file's accounts; null means that of Switchyard's own credentials. */
    account: word(say("config.noun.account")).nullable().default(null),
    /** Null means the first of the account, or the region of the file or the environment. */
    region: regionSchema.nullable().default(null),
    /** Who looks after it: what the overview groups by. */
    team: word(say("config.noun.team"))
      .max(64, fix(say("input.atMost", { count: 64 })))
      .nullable()
      .default(null),
    /** Name or ARN. */
    cluster: word(say("config.noun.cluster")),
    controller: z
      .enum(CONTROLLERS, fix(say("input.chooseOneOf", { values: CONTROLLERS.join(", ") })))
      .default("paired-services"),
    /** ECS service name; task-set has one for both sides. */
    service: wordOrTag(say("config.noun.service")).nullable().default(null),
    /** CodeDeploy's names; null means that the group which deploys the service is looked for. */
    codeDeploy: z
      .strictObject(
        { application: word(say("config.noun.cdApplication")), group: word(say("config.noun.cdGroup")) },
        fix(
          say("config.codeDeployShape", {
            shape: "{ application: <CodeDeploy application>, group: <deployment group> }",
          }),
        ),
      )
      .nullable()
      .default(null),
    /** Null only where AWS drives: then the service itself names its rules. */
    listener: listenerSchema.nullable().default(null),
    /** Null means that the listener's default action decides. */
    rule: ruleSchema.nullable().default(null),
    /** Several that move together; `listener` is the first of them then. */
    listeners: listenersSchema,
    /** Rules that move together: with `listener` in place of its default action, with `listeners` beside theirs. */
    rules: rulesSchema,
    testListener: listenerSchema.nullable().default(null),
    /** A rule that only test traffic matches, by a header, host or path; without `testListener` one of `listener`. */
    testRule: testRuleSchema.nullable().default(null),
    /** Null only where AWS drives: then the service itself names its target groups. */
    blue: side.nullable().default(null),
    green: side.nullable().default(null),
    container: word(say("config.noun.container")).nullable().default(null),
    /** Further containers that get the same image. */
    containers: z
      .array(word(say("config.noun.aContainer")), fix(say("input.listOf", { what: say("config.noun.containers") })))
      .max(10, fix(say("input.atMostOf", { count: 10, what: say("config.noun.containers") })))
      .default([]),
    repository: word(say("config.noun.repository")).nullable().default(null),
    /** Further repositories that its images may come from, as images name them, without tag. */
    imageRepositories: z
      .array(
        z
          .string(fix(say("config.imageRepository")))
          .regex(/^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,255}$/, fix(say("config.imageRepositoryForm"))),
        fix(say("input.listOf", { what: say("config.noun.repositories") })),
      )
      .max(50, fix(say("input.atMostOf", { count: 50, what: say("config.noun.repositories") })))
      .default([]),
    /** Task definition families that it may run besides those that its sides run. */
    taskDefinitionFamilies: z
      .array(
        z.string(fix(say("config.family"))).regex(/^[\w-]{1,255}$/, fix(say("config.familyForm"))),
        fix(say("input.listOf", { what: say("config.noun.families") })),
      )
      .max(50, fix(say("input.atMostOf", { count: 50, what: say("config.noun.families") })))
      .default([]),
    logGroup: word(say("config.noun.logGroup")).nullable().default(null),
    /** Where its pipeline is, for readiness. */
    github: z
      .strictObject(
        {
          repository: z
            .string(GITHUB_FIX)
            .regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/, fix(say("config.ownerName"))),
          branch: word(say("config.noun.branchDeployed")).default("main"),
          workflow: word(say("config.noun.workflowFile")).default("deploy-to-ecs.yml"),
        },
        GITHUB_FIX,
      )
      .nullable()
      .default(null),
    /** Further log groups, streams and level names, where the tasks do not say enough. */
    logs: logsSchema.nullable().default(null),
    minimumHealthy: z
      .int(fix(say("input.wholeNumber")))
      .min(1, fix(say("input.wholeNumber")))
      .nullable()
      .default(null),
    // A variable's value is text.
    stableChecks: z
      .preprocess(
        (value) => (typeof value === "string" && /^\d{1,2}$/.test(value) ? Number(value) : value),
        z
          .int(fix(say("input.between", { least: 1, most: 60 })))
          .min(1, fix(say("input.between", { least: 1, most: 60 })))
          .max(60, fix(say("input.between", { least: 1, most: 60 }))),
      )
      .default(3),
    bakeMinutes: z
      .int(fix(say("input.betweenUnit", { least: 0, most: 1440, unit: "minutes" })))
      .min(0, fix(say("input.betweenUnit", { least: 0, most: 1440, unit: "minutes" })))
      .max(1440, fix(say("input.betweenUnit", { least: 0, most: 1440, unit: "minutes" })))
      .default(10),
    /** How a release moves production traffic. */
    rollout: rolloutSchema.default(ALL_AT_ONCE),
    /** Asked through the test listener before a release waits for its switch; null asks nothing. */
    smoke: smokeSchema.nullable().default(null),
    /** Longest times of single stages. */
    timeouts: timeoutsSchema.default(DEFAULT_TIMEOUTS),
    /** CodeDeploy's termination wait, with its bounds and its default. */
    windowMinutes: z
      .int(fix(say("input.betweenUnit", { least: 0, most: 2880, unit: "minutes" })))
      .min(0, fix(say("input.betweenUnit", { least: 0, most: 2880, unit: "minutes" })))
      .max(2880, fix(say("input.betweenUnit", { least: 0, most: 2880, unit: "minutes" })))
      .default(60),
    afterWindow: z.enum(["keep", "scale-down"], fix(say("config.afterWindow"))).default("keep"),
    /** Whether auto scaling takes no tasks from the side without traffic while a deployment is in flight or its window is open. */
    suspendScaleIn: z.boolean(fix(say("input.trueOrFalse"))).default(false),
    requestLine: z
      .string(fix(say("config.pattern")))
      .refine(isRequestLine, fix(say("config.requestLine", { group: "(?<status>...)" })))
      .nullable()
      .default(null),
    /** Beside the target groups' own: what else asks after health, and so proves nothing. */
    healthCheckPaths: z
      .array(
        z.string(fix(say("config.path"))).startsWith("/", fix(say("config.pathForm"))),
        fix(say("input.listOf", { what: say("config.noun.paths") })),
      )
      .max(20, fix(say("input.atMostOf", { count: 20, what: say("config.noun.paths") })))
      .default([]),
    /** CloudWatch alarms that turn a release round when they go off during its shift or bake. */
    alarms: z
      .array(
        word(say("config.noun.alarm")).max(255, fix(say("input.atMost", { count: 255 }))),
        fix(say("input.listOf", { what: say("config.noun.alarmNames") })),
      )
      .max(100, fix(say("input.atMostOf", { count: 100, what: say("config.noun.alarms") })))
      .default([]),
    /** What is watched of the new side during its shift and bake. */
    checks: checks.default(DEFAULT_CHECKS),
    /** How often the load balancer's metrics are published: 60 in AWS, 10 in the sandbox. */
    metricPeriodSeconds: z
      .literal(METRIC_PERIODS_SECONDS, fix(say("config.metricPeriod", { values: METRIC_PERIODS_SECONDS.join(", ") })))
      .default(60),
    /** Where clients reach the production listener. */
    url: z
      .url({ protocol: /^https?$/, error: fix(say("input.httpAddress")) })
      .nullable()
      .default(null),
    /** Where people reach the test listener. */
    testUrl: z
      .url({ protocol: /^https?$/, error: fix(say("input.httpAddress")) })
      .nullable()
      .default(null),
    /** Who holds which role on this application, besides what they hold on all. */
    access: roleRulesSchema.default(NO_ROLE_RULES),
    /** How many people must approve a release or a switch before production traffic moves. */
    approvals: approvalsSchema.default(NO_APPROVALS),
    /** Times that come again, in which nothing goes forward. */
    quietHours: maintenanceWindowsSchema,
    /** The same for times of the year. */
    freezeWindows: maintenanceWindowsSchema,
    /** Who is told of this application, besides those told of every one. */
    notifications: notificationsSchema.default(NO_NOTIFICATIONS),
    /** Whose pipelines may act on it without a stored secret; nobody's unless listed. */
    pipelines: z
      .array(pipelineRuleSchema, fix(say("input.listOf", { what: say("config.noun.rules") })))
      .max(50, fix(say("input.atMostOf", { count: 50, what: say("config.noun.rules") })))
      .default([]),
  })
  .superRefine((application, context) => {
    for (const { path, message } of findMisplaced(application))
      context.addIssue({ code: "custom", path: [...path], message });
  });

/** One entry of `applications:` in switchyard.yaml, checked on its own; names are resolved from AWS later. */
export const applicationSchema = z.preprocess(withListener, entrySchema);

/** One application as switchyard.yaml names it; null is "not configured". */
export type ApplicationConfig = z.infer<typeof applicationSchema>;

/** A listener as configured: its ARN, or the load balancer's name and a port. */
export type ListenerConfig = NonNullable<ApplicationConfig["listener"]>;

/** An application whose traffic Switchyard moves: it names its listener and both sides. */
export type PairConfig = ApplicationConfig & {
  listener: ListenerConfig;
  blue: NonNullable<ApplicationConfig["blue"]>;
  green: NonNullable<ApplicationConfig["green"]>;
};

function isRequestLine(source: string): boolean {
  if (!source.includes("(?<status>")) return false;
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
