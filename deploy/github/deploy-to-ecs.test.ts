// biome-ignore-all lint/suspicious/noTemplateCurlyInString: GitHub's expressions.
import { readFileSync } from "node:fs";
import { NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

interface Job {
  needs?: string;
  permissions?: Record<string, string>;
  environment?: string;
  "timeout-minutes"?: number;
  steps: { name?: string; uses?: string; run?: string; env?: Record<string, string>; with?: Record<string, unknown> }[];
}

const content = readFileSync(new URL("./deploy-to-ecs.yml", import.meta.url), "utf8");
// Safe because the first test checks it against GitHub's own schema.
const workflow = parse(content) as {
  permissions: unknown;
  concurrency: Record<string, unknown>;
  jobs: Record<"build" | "image" | "deploy", Job>;
};
const jobs = Object.values(workflow.jobs);
const steps = jobs.flatMap((job) => job.steps);
const problemsOf = (text: string) =>
  parseWorkflow({ name: "deploy-to-ecs.yml", content: text }, new NoOperationTraceWriter())
    .context.errors.getErrors()
    .map(String);

describe("the workflow", () => {
  test("is one that GitHub's own parser takes, expressions included", () => {
    expect(problemsOf(content)).toEqual([]);
  });

  test.each([
    ["an unknown key", content.replace("runs-on:", "run-on:")],
    ["an unknown context", content.replace("${{ github.sha }}", "${{ githb.sha }}")],
    ["an unknown permission", content.replace("id-token: write", "id-tokens: write")],
  ])("would not be taken with %s", (_what, broken) => {
    expect(broken).not.toBe(content);
    expect(problemsOf(broken)).not.toEqual([]);
  });

  test("gives each job only what it needs, and code that is built no token to sign in with", () => {
    expect(workflow.permissions).toEqual({});
    expect(workflow.jobs.build.permissions).toEqual({ contents: "read" });
    expect(workflow.jobs.image.permissions).toEqual({ contents: "read", "id-token": "write" });
    expect(workflow.jobs.deploy.permissions).toEqual({ contents: "read", "id-token": "write" });
    for (const step of steps.filter(({ uses }) => uses?.startsWith("actions/checkout@")))
      expect(step.with?.["persist-credentials"]).toBe(false);
  });

  test("builds and tests, then pushes, then deploys, each within a time", () => {
    expect([workflow.jobs.build.needs, workflow.jobs.image.needs, workflow.jobs.deploy.needs]).toEqual([
      undefined,
      "build",
      "image",
    ]);
    expect(workflow.jobs.build.steps.some(({ run }) => run?.includes("./gradlew --no-daemon build"))).toBe(true);
    for (const job of jobs) expect(job["timeout-minutes"]).toBeLessThanOrEqual(360);
    expect(workflow.jobs.deploy.environment).toBe("production");
  });

  test("runs one deployment at a time and cuts none off", () => {
    expect(workflow.concurrency).toEqual({
      group: "deploy-${{ vars.SWITCHYARD_APPLICATION }}",
      "cancel-in-progress": false,
    });
  });

  test("pins every action to a commit and says which version that is", () => {
    const uses = content.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
    expect(uses).toHaveLength(steps.filter((step) => step.uses).length);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("hands values to scripts through the environment, never into their text", () => {
    for (const { run } of steps) expect(run ?? "").not.toContain("${{");
  });

  test("deploys what was pushed by its digest, once for each attempt", () => {
    const step = workflow.jobs.deploy.steps.at(-1);
    expect(step?.env?.IMAGE).toMatch(/@\$\{\{ needs\.image\.outputs\.digest \}\}$/);
    expect(step?.env?.KEY).toBe("github-${{ github.run_id }}-${{ github.run_attempt }}");
    expect(step?.env?.PIPELINE_URL).toMatch(/\/actions\/runs\/\$\{\{ github\.run_id \}\}$/);
    for (const name of ["COMMIT", "COMMIT_URL", "PIPELINE_URL"]) expect(step?.run).toContain(`"$${name}"`);
    expect(step?.run).toContain("node deploy/github/wait-for-deployment.mjs");
    expect(step?.run).toContain('--idempotency-key "$KEY"');
  });

  test("the role it pushes with may push to one repository and no more", () => {
    const policy = JSON.parse(readFileSync(new URL("../iam/pipeline.json", import.meta.url), "utf8"));
    for (const { Action, Resource } of policy.Statement)
      if (Resource === "*") expect(Action).toEqual(["ecr:GetAuthorizationToken"]);
      else expect(Resource).toEqual([expect.stringMatching(/^arn:aws:ecr:.*:repository\/[^*]+$/)]);
  });
});
