import { z } from "zod";
import { isDrivenByAws } from "../domain/application/capabilities.ts";
import { DEFAULT_CHECKS, METRIC_PERIODS_SECONDS } from "../domain/application/checks.ts";
import { CONTROLLERS } from "../domain/application/controller-name.ts";
import { OWN_PAGES } from "../domain/application/own-pages.ts";
import { DEFAULT_TIMEOUTS } from "../domain/application/stage-timeouts.ts";
import { ALL_AT_ONCE } from "../domain/observation/rollout.ts";
import { NO_ROLE_RULES, roleRulesSchema } from "./access-config.ts";
import { approvalsSchema, NO_APPROVALS } from "./approvals-config.ts";
import {
  LISTENER_FIX,
  listenerSchema,
  listenersSchema,
  ruleSchema,
  rulesSchema,
  testRuleSchema,
  withListener,
} from "./listener-config.ts";
import { logsSchema } from "./logs-config.ts";
import { maintenanceWindowsSchema } from "./maintenance-windows-config.ts";
import { NO_NOTIFICATIONS, notificationsSchema } from "./notifications-config.ts";
import { pipelineRuleSchema } from "./pipelines-config.ts";
import { regionSchema } from "./region.ts";
import { rolloutSchema } from "./rollout-config.ts";
import { smokeSchema, timeoutsSchema } from "./stage-config.ts";
import { withTagName } from "./tag-name.ts";

const word = (what: string) => z.string(`give ${what}`).min(1, `give ${what}`);
/** A name, an ARN, or `{ tag: { team: library } }` for the only one that has these tags. */
const wordOrTag = (what: string) => z.preprocess(withTagName, word(what));
const SIDE_FIX = "give { service: <ECS service>, targetGroup: <name or ARN> }";
const side = z.strictObject(
  {
    /** ECS service name; paired-services has one for each side. */
    service: wordOrTag("the ECS service's name").nullable().default(null),
    /** Name, ARN or tags. */
    targetGroup: wordOrTag("the target group's name or ARN"),
  },
  SIDE_FIX,
);

/** What is named where Switchyard moves the traffic, with what to say when it is missing. */
const PAIR_PARTS = [
  ["listener", LISTENER_FIX],
  ["blue", SIDE_FIX],
  ["green", SIDE_FIX],
] as const;

const GITHUB_FIX = "give { repository: owner/name, branch, workflow }";
const SHARE_FIX = "give a share from 0 to 1, or null for no check";
const share = z.number(SHARE_FIX).min(0, SHARE_FIX).max(1, SHARE_FIX).nullable();
const FACTOR_FIX = "give a number above 1, or null for no check";
const SAMPLES_FIX = "give a whole number, 1 or more";
const checks = z.strictObject(
  {
    maxErrorShare: share.default(DEFAULT_CHECKS.maxErrorShare),
    errorShareMargin: share.default(DEFAULT_CHECKS.errorShareMargin),
    responseTimeFactor: z.number(FACTOR_FIX).gt(1, FACTOR_FIX).nullable().default(DEFAULT_CHECKS.responseTimeFactor),
    minimumSamples: z.int(SAMPLES_FIX).min(1, SAMPLES_FIX).default(DEFAULT_CHECKS.minimumSamples),
    requestLines: z.boolean("give true or false").default(DEFAULT_CHECKS.requestLines),
  },
  "give { maxErrorShare, errorShareMargin, responseTimeFactor, minimumSamples, requestLines }, each of which may be left out",
);

const entrySchema = z
  .strictObject({
    name: word("a name")
      .max(64, "use 64 characters or fewer")
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "use lower-case letters, digits and single hyphens")
      .refine((name) => !OWN_PAGES.includes(name), "choose another name: a page of Switchyard has this address"),
    /** One of the file's accounts; null means that of Switchyard's own credentials. */
    account: word("an account of accounts:").nullable().default(null),
    /** Null means the first of the account, or the region of the file or the environment. */
    region: regionSchema.nullable().default(null),
    /** Who looks after it: what the overview groups by. */
    team: word("a team's name").max(64, "use 64 characters or fewer").nullable().default(null),
    /** Name or ARN. */
    cluster: word("the ECS cluster's name or ARN"),
    controller: z.enum(CONTROLLERS, `choose one of ${CONTROLLERS.join(", ")}`).default("paired-services"),
    /** ECS service name; task-set has one for both sides. */
    service: wordOrTag("the ECS service's name").nullable().default(null),
    /** CodeDeploy's names; null means that the group which deploys the service is looked for. */
    codeDeploy: z
      .strictObject(
        { application: word("the CodeDeploy application's name"), group: word("the deployment group's name") },
        "give { application: <CodeDeploy application>, group: <deployment group> }, or leave it out",
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
    container: word("the container's name").nullable().default(null),
    /** Further containers that get the same image. */
    containers: z
      .array(word("a container's name"), "give a list of containers")
      .max(10, "give 10 containers or fewer")
      .default([]),
    repository: word("the ECR repository's name").nullable().default(null),
    /** Further repositories that its images may come from, as images name them, without tag. */
    imageRepositories: z
      .array(
        z
          .string("give a repository as images name it")
          .regex(/^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,255}$/, "give a repository as images name it, without tag or digest"),
        "give a list of repositories",
      )
      .max(50, "give 50 repositories or fewer")
      .default([]),
    /** Task definition families that it may run besides those that its sides run. */
    taskDefinitionFamilies: z
      .array(
        z.string("give a family's name").regex(/^[\w-]{1,255}$/, "give a family's name, without revision"),
        "give a list of families",
      )
      .max(50, "give 50 families or fewer")
      .default([]),
    logGroup: word("the log group's name").nullable().default(null),
    /** Where its pipeline is, for readiness. */
    github: z
      .strictObject(
        {
          repository: z
            .string(GITHUB_FIX)
            .regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/, "give the repository as owner/name"),
          branch: word("the branch that is deployed").default("main"),
          workflow: word("the workflow's file name").default("deploy-to-ecs.yml"),
        },
        GITHUB_FIX,
      )
      .nullable()
      .default(null),
    /** Further log groups, streams and level names, where the tasks do not say enough. */
    logs: logsSchema.nullable().default(null),
    minimumHealthy: z
      .int("give a whole number, 1 or more")
      .min(1, "give a whole number, 1 or more")
      .nullable()
      .default(null),
    // A variable's value is text.
    stableChecks: z
      .preprocess(
        (value) => (typeof value === "string" && /^\d{1,2}$/.test(value) ? Number(value) : value),
        z.int("give 1 to 60").min(1, "give 1 to 60").max(60, "give 1 to 60"),
      )
      .default(3),
    bakeMinutes: z
      .int("give 0 to 1440 minutes")
      .min(0, "give 0 to 1440 minutes")
      .max(1440, "give 0 to 1440 minutes")
      .default(10),
    /** How a release moves production traffic. */
    rollout: rolloutSchema.default(ALL_AT_ONCE),
    /** Asked through the test listener before a release waits for its switch; null asks nothing. */
    smoke: smokeSchema.nullable().default(null),
    /** Longest times of single stages. */
    timeouts: timeoutsSchema.default(DEFAULT_TIMEOUTS),
    /** CodeDeploy's termination wait, with its bounds and its default. */
    windowMinutes: z
      .int("give 0 to 2880 minutes")
      .min(0, "give 0 to 2880 minutes")
      .max(2880, "give 0 to 2880 minutes")
      .default(60),
    afterWindow: z.enum(["keep", "scale-down"], "choose keep or scale-down").default("keep"),
    /** Whether auto scaling takes no tasks from the side without traffic while a deployment is in flight or its window is open. */
    suspendScaleIn: z.boolean("choose true or false").default(false),
    requestLine: z
      .string("give a regular expression")
      .refine(isRequestLine, "give a JavaScript regular expression with a group (?<status>...) for the HTTP status")
      .nullable()
      .default(null),
    /** Beside the target groups' own: what else asks after health, and so proves nothing. */
    healthCheckPaths: z
      .array(z.string("give a path such as /ping").startsWith("/", "begin the path with /"), "give a list of paths")
      .max(20, "give 20 paths or fewer")
      .default([]),
    /** CloudWatch alarms that turn a release round when they go off during its shift or bake. */
    alarms: z
      .array(word("the alarm's name").max(255, "use 255 characters or fewer"), "give a list of alarm names")
      .max(100, "give 100 alarms or fewer")
      .default([]),
    /** What is watched of the new side during its shift and bake. */
    checks: checks.default(DEFAULT_CHECKS),
    /** How often the load balancer's metrics are published: 60 in AWS, 10 in the sandbox. */
    metricPeriodSeconds: z
      .literal(METRIC_PERIODS_SECONDS, `give one of ${METRIC_PERIODS_SECONDS.join(", ")}; AWS publishes every 60 s`)
      .default(60),
    /** Where clients reach the production listener. */
    url: z
      .url({ protocol: /^https?$/, error: "give an http:// or https:// address" })
      .nullable()
      .default(null),
    /** Where people reach the test listener. */
    testUrl: z
      .url({ protocol: /^https?$/, error: "give an http:// or https:// address" })
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
    pipelines: z.array(pipelineRuleSchema, "give a list of rules").max(50, "give 50 rules or fewer").default([]),
  })
  .superRefine((application, context) => {
    const driven = isDrivenByAws(application.controller);
    for (const [key, fix] of PAIR_PARTS) {
      if (!driven && application[key] === null) context.addIssue({ code: "custom", path: [key], message: fix });
      if (driven && application[key] !== null)
        context.addIssue({
          code: "custom",
          path: [key],
          message: `leave it out; with ${application.controller} the ${application.controller === "code-deploy" ? "deployment group" : "service itself"} names it`,
        });
    }
    if (driven && application.testRule !== null)
      context.addIssue({
        code: "custom",
        path: ["testRule"],
        message: `leave it out; with ${application.controller} AWS's own settings name where test traffic comes in`,
      });
    if (driven && application.service === null)
      context.addIssue({
        code: "custom",
        path: ["service"],
        message: "give the name of the ECS service that AWS deploys",
      });
    if (application.controller !== "code-deploy" && application.codeDeploy !== null)
      context.addIssue({
        code: "custom",
        path: ["codeDeploy"],
        message: "leave it out; only the controller code-deploy has a deployment group",
      });
    for (const color of ["blue", "green"] as const)
      if (application.controller === "paired-services" && application[color]?.service === null)
        context.addIssue({
          code: "custom",
          path: [color],
          message: "give service: <ECS service>; paired-services has one for each side",
        });
    if (application.suspendScaleIn && application.controller !== "paired-services")
      context.addIssue({
        code: "custom",
        path: ["suspendScaleIn"],
        message: "leave it out; only with paired-services has each side a service that is scaled by itself",
      });
    const hasTaskSets = application.controller === "task-set";
    if (hasTaskSets && application.service === null)
      context.addIssue({
        code: "custom",
        path: ["service"],
        message: "give the ECS service's name; task-set has one for both sides",
      });
    if (application.controller === "paired-services" && application.service !== null)
      context.addIssue({
        code: "custom",
        path: ["service"],
        message: "give service: under blue and under green; only task-set has one for both sides",
      });
    for (const color of ["blue", "green"] as const)
      if (hasTaskSets && application[color] && application[color].service !== null)
        context.addIssue({
          code: "custom",
          path: [color, "service"],
          message: "leave it out; with task-set the sides are task sets of one service",
        });
    const { smoke, testListener, testRule, testUrl } = application;
    for (const [key, isThere] of [
      ["testListener", testListener !== null || testRule !== null],
      ["testUrl", testUrl !== null],
    ] as const)
      if (smoke !== null && !isThere)
        context.addIssue({
          code: "custom",
          path: ["smoke"],
          message: `give ${key === "testListener" ? "testListener: or testRule:" : "testUrl:"} too; the smoke check asks through the test listener or rule, at its address`,
        });
    for (const key of ["service", "targetGroup"] as const)
      if (application.blue && application.blue[key] !== null && application.blue[key] === application.green?.[key])
        context.addIssue({
          code: "custom",
          path: ["green", key],
          message: "name another one than blue's: the two sides share nothing",
        });
    const isSecondForm = application.listeners.length > 0;
    if (isSecondForm && JSON.stringify(application.listeners[0]) !== JSON.stringify(application.listener))
      context.addIssue({ code: "custom", path: ["listeners"], message: "give listener: or listeners:, not both" });
    if (application.rule !== null && application.rules.length > 0)
      context.addIssue({ code: "custom", path: ["rules"], message: "give rule: or rules:, not both" });
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
