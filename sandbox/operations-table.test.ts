import { globSync, readFileSync, writeFileSync } from "node:fs";
import type { NormalizedSchema } from "@smithy/core/schema";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WIRE_SERVICES } from "./protocol/aws-services.ts";
import constraints from "./protocol/constraints.json" with { type: "json" };
import { findOperationSchema, requiredMembers } from "./protocol/operation-schema.ts";
import { createSandbox, type Sandbox } from "./sandbox.ts";

/*
 * The table of operations in README.md, made from what the sandbox serves, the SDK's model and the code. With
 * SANDBOX_TABLE=write it is written anew.
 */

const README = new URL("README.md", import.meta.url);
const [BEGIN, END] = ["<!-- operations: begin -->\n", "<!-- operations: end -->"];
/** Folders whose name is not the service's. */
const FOLDERS: Readonly<Record<string, string>> = { elbv2: "elb", "application-autoscaling": "autoscaling" };
/** The whole input is kept and told again, also what no code names. */
const KEPT_WHOLE: ReadonlySet<string> = new Set([
  "cloudwatch PutMetricAlarm",
  "codedeploy CreateDeploymentGroup",
  "codedeploy UpdateDeploymentGroup",
  "ecs RegisterTaskDefinition",
]);

const LIMITS: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>> = constraints;

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox({ seed: false });
});
afterAll(() => sandbox.close());

/** Members of the input, nested ones included, that are required or have an enum or a range. */
function countChecked(service: string, schema: NormalizedSchema, seen = new Set<string>()): number {
  const name = schema.getName() ?? "";
  if (schema.isListSchema() || schema.isMapSchema()) return countChecked(service, schema.getValueSchema(), seen);
  if (!schema.isStructSchema() || seen.has(name)) return 0;
  seen.add(name);
  const checked = new Set([...requiredMembers(schema), ...Object.keys(LIMITS[service]?.[name] ?? {})]);
  const nested = [...schema.structIterator()].map(([, member]) => countChecked(service, member, seen));
  return checked.size + nested.reduce((sum, count) => sum + count, 0);
}

function sourceOf(service: string): string {
  const folder = FOLDERS[service] ?? service;
  const files = globSync([`${folder}/**/*.ts`, "seed*.ts"], { cwd: import.meta.dirname, exclude: ["**/*.test.ts"] });
  return files.map((file) => readFileSync(new URL(file, import.meta.url), "utf8")).join("\n");
}

async function makeTable(): Promise<string> {
  const lines = [
    "| service | operation | members | checked by the model | not done |",
    "| ------- | --------- | ------- | -------------------- | -------- |",
  ];
  for (const { name, operations } of sandbox.services.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const service = WIRE_SERVICES.find((one) => one.name === name);
    if (!service) throw new Error(`${name} has no wire`);
    const source = sourceOf(name);
    for (const operation of Object.keys(operations).sort()) {
      const schema = await findOperationSchema(service, operation);
      if (!schema) throw new Error(`${name} has no ${operation}`);
      const members = schema.input.isStructSchema() ? [...schema.input.structIterator()].map(([member]) => member) : [];
      const isKept = KEPT_WHOLE.has(`${name} ${operation}`);
      const missing = isKept ? [] : members.filter((member) => !new RegExp(`\\b${member}\\b`).test(source));
      const told = missing.length > 0 ? missing.map((member) => `\`${member}\``).join(", ") : "";
      lines.push(`| ${name} | ${operation} | ${members.length} | ${countChecked(name, schema.input)} | ${told} |`);
    }
  }
  return `${lines.join("\n")}\n`;
}

test("README.md says of every operation what it checks, and which members of its input no code knows", async () => {
  const table = await makeTable();
  const readme = readFileSync(README, "utf8");
  const [before = "", rest = ""] = readme.split(BEGIN);
  const [written = "", after = ""] = rest.split(END);
  if (process.env.SANDBOX_TABLE === "write") {
    writeFileSync(README, `${before}${BEGIN}${table}${END}${after}`);
    return;
  }
  expect(written, "SANDBOX_TABLE=write npx vitest run sandbox/operations-table.test.ts writes it anew").toBe(table);
});
