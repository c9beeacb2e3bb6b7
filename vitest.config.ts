import { defineConfig } from "vitest/config";

const TESTS = ["{lib,sandbox,components,scripts,bench,torture,app,deploy}/**/*.test.{ts,tsx}", "*.test.ts"];

/** Tests with real processes, whole worlds or a database server in them: seconds each, so not part of `check:fast`. */
const WHOLE_PROGRAMS = [
  "lib/gather/{denied-readiness,gather-readiness,gather,gather-metrics,ways-of-driven}.test.ts",
  "lib/process/{first-deployment,config-reload,command-line,audit-check,audit-retention,boot,health,replica-events}.test.ts",
  "lib/process/{head-witnesses,health-of-aws,metrics,readiness,stuck-connections}.test.ts",
  "lib/operations/*.test.ts",
  "lib/request/{may-go-on,idempotency}.test.ts",
  "lib/queries/{aws-hangs,get-commands,get-incidents,list-approvals,list-deliveries,list-waits}.test.ts",
  "lib/controllers/{code-deploy,driven-contract,manual-commands,controller-contract,shapes-contract,propagated-tags,paired-services,shift-weights,task-set}.test.ts",
  "lib/observe/{event-consumer,log-region,observer,places,target-history}.test.ts",
  "lib/observe/{drift-watch,not-read-yet,open-place,readiness-looks,reconfigure,told-looks}.test.ts",
  "lib/logs/{error-comparisons,log-evidence,log-tails}.test.ts",
  "components/{live/held-back,logs/log-outages}.test.ts",
  "lib/notify/{release-notifications,email,killed-process,notifier}.test.ts",
  "lib/store/{access,audit,audit-chain,read-audit,create-store,migrate,notices,lock-directory,open-pglite,outbox,runtime-role}.test.ts",
  "lib/engine/{decide-worlds,orphaned-intents,outside-callers,retirements,route-worlds}.test.ts",
  "lib/aws/{clients,cloudwatch,ecr,entrances-besides,errors,insights,logs,question,registered-copies,task-definitions,trail}.test.ts",
  "lib/auth/auth-options.test.ts",
  "lib/resolve/{resolve-application,resolve-code-deploy,service-fit,tagged-names}.test.ts",
  "sandbox/{aws-cli,aws-driven,boto3,contract,front-door,main,operations-table,profile,sandbox,seed}.test.ts",
  "sandbox/{acm,autoscaling,cloudtrail,cloudwatch,codedeploy,ec2,ecr,ecs/native,elb,iam,rds,secretsmanager,sqs,ssm}/*.test.ts",
  "sandbox/ecs/{ecs-client,process-tasks,rolling-scheduler}.test.ts",
  "sandbox/{logs/create-logs,protocol/protocol}.test.ts",
  "sandbox/app/*.test.ts",
  "app/api/**/!(audit-csv).test.ts",
  "app/_testing/{access-matrix,access-table,nobody-gets-more}.test.ts",
  "deploy/aws/templates.test.ts",
  "lib/domain/audit/handover.test.ts",
  "scripts/place.test.ts",
  "deploy/github/{wait-for-deployment,deploy-step}.test.ts",
];

/** Replicas that are killed, stopped and cut off, with leases that run out by the clock: nothing else runs beside them. */
const REPLICAS = ["lib/operations/{asked-elsewhere,cut-off-holder,killed-holder}.test.ts"];

/** Inputs of any kind to every page, route and server action; `npm run fuzz` runs as many as asked. */
const FUZZ = ["app/_testing/fuzz.test.ts"];

/** Scripts on the oldest Node.js that may start them, fetched from the registry. */
const OLD_NODES = ["scripts/old-nodes.test.ts"];

/** Hundreds of applications on a hand-moved clock: its figures want the processor for themselves. */
const FLEET = ["lib/observe/fleet.test.ts", "lib/observe/native-fleet.test.ts"];

/** The folder that the image copies; it has to be built before. */
const IMAGE = ["deploy/image.test.ts"];

/** Terraform waits for minutes between what it asks, and its provider for AWS is 700 MB. */
const TERRAFORM = ["deploy/terraform/apply.test.ts"];

export default defineConfig({
  // Packages whose source maps name files that they do not ship are not this project's news.
  logLevel: "error",
  resolve: {
    alias: {
      "@": import.meta.dirname,
      // Next's own marker throws outside a server bundle; unit tests are a server.
      "server-only": new URL("./node_modules/next/dist/compiled/server-only/empty.js", import.meta.url).pathname,
    },
  },
  test: {
    projects: [
      // Nothing of a unit test outlives it, so all share their threads' modules: half the processor time.
      {
        extends: true,
        test: {
          name: "unit",
          include: TESTS,
          exclude: [...WHOLE_PROGRAMS, ...FUZZ, ...OLD_NODES, ...FLEET, ...IMAGE, ...TERRAFORM],
          pool: "threads",
          isolate: false,
        },
      },
      // They wait for worlds that move by themselves: on a busy machine for longer. One process runs many files, because the AWS
      // clients, the sandbox and a database's program take seconds to load: what a file puts into its process, it takes away.
      {
        extends: true,
        test: {
          name: "integration",
          isolate: false,
          // More than there are processors, because they mostly wait.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          include: WHOLE_PROGRAMS,
          exclude: REPLICAS,
          globalSetup: "lib/testing/database-template.ts",
          testTimeout: 180_000,
        },
      },
      { extends: true, test: { name: "replicas", include: REPLICAS, fileParallelism: false } },
      { extends: true, test: { name: "fuzz", include: FUZZ } },
      { extends: true, test: { name: "fleet", include: FLEET } },
      { extends: true, test: { name: "old-nodes", include: OLD_NODES } },
      { extends: true, test: { name: "image", include: IMAGE } },
      { extends: true, test: { name: "terraform", include: TERRAFORM, testTimeout: 600_000 } },
    ],
    // Imports its schema as JSON without saying so, which Node refuses.
    server: { deps: { inline: ["@actions/workflow-parser"] } },
    testTimeout: 20_000,
    hookTimeout: 240_000,
    maxWorkers: 2,
    // A passing run says nothing but its tests; SWITCHYARD_LOG_LEVEL=info shows what the program under test says.
    env: { SWITCHYARD_LOG_LEVEL: process.env.SWITCHYARD_LOG_LEVEL ?? "error" },
    restoreMocks: true,
  },
});
