import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { type Aws, createAws } from "../aws/aws.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import { parseConfigFile } from "../config/config-file.ts";
import { readinessReport } from "../domain/readiness/readiness-report.ts";
import { STEPS } from "../domain/readiness/steps.ts";
import { manyCalls, until } from "../testing/test-world.ts";
import { gatherReadiness } from "./gather-readiness.ts";
import { proposedSubject, subjectOf } from "./readiness-subject.ts";

const REGION = "ap-northeast-2";
const parsed = parseConfigFile(readFileSync("sandbox/switchyard.yaml", "utf8"), "switchyard.yaml", {});
if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
const { applications } = parsed.file;
/** What needs no answer of AWS's. */
const OF_NO_ANSWER = ["documents"];

/** How far tasks of the two worlds have come is no matter of what may be seen. */
const OF_STARTING: ReadonlySet<string> = new Set(["finding.runsNone", "finding.noneHealthy"]);

const worlds: { sandbox: Sandbox; aws: Aws }[] = [];
beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  everything = await allowing(...READS.map((name) => `${name}:*`), "sts:*");
  await until(async () => {
    const all = await Promise.all(applications.map((config) => stepsOf(everything, config)));
    return all.flat().every(({ id, outcome }) => id !== "service" || outcome !== "fail");
  });
});
afterAll(async () => {
  for (const { sandbox, aws } of worlds) {
    aws.destroy();
    await sandbox.close();
  }
});

async function allowing(...actions: string[]): Promise<Aws> {
  const Statement = [{ Effect: "Allow", Action: actions, Resource: "*" }];
  const policy = actions.length > 0 ? { Version: "2012-10-17", Statement } : { Version: "2012-10-17", Statement: [] };
  const sandbox = await createSandbox({ seed: "all", ecs: { virtual: true }, throttling: false, policy });
  const aws = createAws({ region: REGION, endpoint: sandbox.url, limits: manyCalls() });
  worlds.push({ sandbox, aws });
  return aws;
}

async function stepsOf(aws: Aws, config: ApplicationConfig | null) {
  const subject = config ? subjectOf(config, REGION) : proposedSubject(REGION);
  const found = await gatherReadiness(aws, subject, { state: "not seen", why: "nobody asked" }, Date.now);
  return readinessReport(found.subject, found.facts, []).steps;
}

test("whoever may ask nothing sees nothing: every step is unknown and says which permission is missing", async () => {
  const aws = await allowing();
  for (const config of [...applications, null]) {
    const steps = (await stepsOf(aws, config)).filter(({ id }) => !OF_NO_ANSWER.includes(id));
    expect(
      steps.filter(({ outcome }) => outcome !== "unknown").map(({ id, points }) => [config?.name, id, points]),
    ).toEqual([]);
  }
});

let everything: Aws;
/** What is asked of each service of AWS's, so that all of one can be denied. */
const READS = ["ecs", "elasticloadbalancing", "ec2", "ecr", "ssm", "iam", "logs", "rds", "acm", "codedeploy"];

test.each(READS)(
  "what %s denies is unknown, and nothing is said to be missing that was not looked for",
  async (left) => {
    const aws = await allowing(...READS.filter((name) => name !== left).map((name) => `${name}:*`), "sts:*");
    for (const config of applications) {
      const [denied, open] = [await stepsOf(aws, config), await stepsOf(everything, config)];
      for (const { id } of STEPS) {
        const [here, there] = [denied, open].map((steps) => steps.find((step) => step.id === id));
        const known = new Set(there?.points.map(({ evidence }) => evidence));
        const invented = here?.points.filter(
          ({ outcome, evidence, said }) =>
            outcome === "fail" && !known.has(evidence) && !OF_STARTING.has(said?.code ?? ""),
        );
        expect([config.name, id, invented]).toEqual([config.name, id, []]);
        if (here?.outcome === "pass") expect([config.name, id, there?.outcome]).toEqual([config.name, id, "pass"]);
      }
    }
  },
);
