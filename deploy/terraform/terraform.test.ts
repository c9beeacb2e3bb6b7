import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const HERE = import.meta.dirname;

/** Without Terraform on the machine there is nothing to run. */
function hasTerraform(): boolean {
  return spawnSync("terraform", ["version"], { stdio: "ignore" }).status === 0;
}

test.skipIf(!hasTerraform())("the Terraform example parses and is formatted as Terraform formats it", () => {
  expect(execFileSync("terraform", ["fmt", "-check", "-diff", HERE], { encoding: "utf8", stdio: "pipe" })).toBe("");
});

test("Terraform's rules let the same events into the queue as CloudFormation's", () => {
  const typesIn = (file: string) =>
    (
      readFileSync(join(HERE, file), "utf8").match(
        /(?:ECS|CodeDeploy) [A-Z][\w -]*(?:Change|Action|Notification)\b/g,
      ) ?? []
    ).sort();
  expect(typesIn("events.tf")).toHaveLength(6);
  expect(typesIn("events.tf")).toEqual(typesIn("../aws/events.yaml"));
});

test.skipIf(!hasTerraform())(
  "the Terraform example is valid, where its provider can be had without the network",
  (context) => {
    const folder = mkdtempSync(join(tmpdir(), "switchyard-terraform-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const file of ["main.tf", "events.tf"]) cpSync(join(HERE, file), join(folder, file));
    const terraform = (...args: string[]) =>
      spawnSync("terraform", [`-chdir=${folder}`, ...args], { encoding: "utf8", timeout: 15_000 });
    // A mirror on the machine or a cache; a registry is not asked.
    const mirror = process.env.TF_PLUGIN_MIRROR;
    if (!mirror || terraform("init", "-backend=false", "-input=false", `-plugin-dir=${mirror}`).status !== 0)
      context.skip("the provider hashicorp/aws is not on this machine: TF_PLUGIN_MIRROR names a folder with it");
    const { status, stdout } = terraform("validate", "-json");
    expect({ status, ...JSON.parse(stdout) }).toMatchObject({ status: 0, valid: true, error_count: 0 });
  },
);
