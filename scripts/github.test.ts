import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { notesOf } from "./release-notes.mjs";

const GITHUB = join(import.meta.dirname, "../.github");
const read = (path: string) => readFileSync(join(GITHUB, path), "utf8");

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Workflow {
  permissions: unknown;
  jobs: Record<
    string,
    { permissions: unknown; "timeout-minutes": number; steps: Step[]; strategy?: { matrix: unknown } }
  >;
}

const WORKFLOWS = readdirSync(join(GITHUB, "workflows"));

test.each(WORKFLOWS)("%s is one that GitHub's own parser takes", (name) => {
  const errors = parseWorkflow({ name, content: read(`workflows/${name}`) }, new NoOperationTraceWriter());
  expect(errors.context.errors.getErrors().map(String)).toEqual([]);
});

test.each(WORKFLOWS)("%s gives each job only what it asks for, ends in time and keeps no credentials", (name) => {
  const { permissions, jobs } = parse(read(`workflows/${name}`)) as Workflow;
  expect(permissions).toEqual({});
  for (const job of Object.values(jobs)) {
    expect(job.permissions).toBeDefined();
    expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
    const checkouts = job.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    for (const { with: inputs } of checkouts) expect(inputs?.["persist-credentials"]).toBe(false);
  }
});

test("CI runs both test commands, on every Node.js that package.json lets in", () => {
  const { jobs } = parse(read("workflows/ci.yml")) as Workflow;
  const commands = Object.values(jobs).flatMap(({ steps }) => steps.map(({ run }) => run));
  expect(commands).toEqual(expect.arrayContaining(["npm test", "npm run test:deep"]));
  expect(jobs.test?.strategy?.matrix).toEqual({ node: [20, 22, 24] });
});

test.each(["dependabot.yml", "ISSUE_TEMPLATE/bug.yml", "ISSUE_TEMPLATE/idea.yml"])(
  "%s is YAML with what it needs",
  (path) => {
    const file = parse(read(path)) as { version?: number; updates?: unknown[]; body?: { type: string; id?: string }[] };
    if (path === "dependabot.yml") expect(file).toMatchObject({ version: 2, updates: expect.any(Array) });
    else expect(file.body?.every(({ type, id }) => type === "markdown" || id)).toBe(true);
  },
);

test.each([
  ["## 1.2.0 - 2026-11-29\n\n- One\n\n## 1.1.0\n\n- Two\n", "1.2.0", "- One"],
  ["## [1.2.0]\n\n- One\n", "1.2.0", "- One"],
  ["## 1.2.0\n\n## 1.1.0\n\n- Two\n", "1.2.0", null],
  ["## Unreleased\n\n- One\n", "1.2.0", null],
])("release notes are the version's own section", (changelog, version, notes) => {
  expect(notesOf(changelog, version)).toBe(notes);
});
