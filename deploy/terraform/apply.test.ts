import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { DescribeListenersOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, onTestFinished, test } from "vitest";
import { createSandbox } from "../../sandbox/sandbox.ts";
import { createCaller } from "../../sandbox/seed-caller.ts";
import { SEED_SECURITY_GROUPS, SEED_SUBNETS, SEED_VPC } from "../../sandbox/seed-network.ts";

/* The example as it is shipped, planned and applied by Terraform itself against the sandbox. */

/** Folders that may have the provider hashicorp/aws, as `terraform providers mirror` makes them. No registry is ever asked. */
const MIRRORS = [
  ...(process.env.TF_PLUGIN_MIRROR ? [process.env.TF_PLUGIN_MIRROR] : []),
  join(homedir(), ".terraform.d/plugins"),
  ...["/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins"],
];
const mirror = MIRRORS.find((folder) => existsSync(join(folder, "registry.terraform.io/hashicorp/aws"))) ?? null;
const hasTerraform = spawnSync("terraform", ["version"], { stdio: "ignore" }).status === 0;
const REGION = "ap-northeast-2";

test.skipIf(mirror === null || !hasTerraform)(
  "Terraform applies the example, finds nothing to change, leaves moved weights and takes all down",
  async () => {
    const sandbox = await createSandbox({ seed: "paired", speed: 20, throttling: false, ecs: { virtual: true } });
    const folder = mkdtempSync(join(tmpdir(), "switchyard-terraform-"));
    onTestFinished(async () => {
      rmSync(folder, { recursive: true });
      await sandbox.close();
    });
    const call = createCaller();
    await call(sandbox.ecs.service, "RegisterTaskDefinition", {
      ...{
        family: "shop-task",
        networkMode: "awsvpc",
        requiresCompatibilities: ["FARGATE"],
        cpu: "256",
        memory: "512",
      },
      executionRoleArn: `arn:aws:iam::${sandbox.place.accountId}:role/library-task-execution`,
      containerDefinitions: [
        {
          ...{
            name: "shop",
            image: `${sandbox.place.accountId}.dkr.ecr.${REGION}.amazonaws.com/library-management-system:1.0.0`,
            essential: true,
          },
          portMappings: [{ containerPort: 8081 }],
        },
      ],
    });
    cpSync(join(import.meta.dirname, "main.tf"), join(folder, "main.tf"));
    const values = {
      ...{ name: "shop", cluster: "library-management-cluster", task_definition: "shop-task", vpc_id: SEED_VPC },
      ...{ public_subnets: SEED_SUBNETS, private_subnets: SEED_SUBNETS },
      load_balancer_security_group: SEED_SECURITY_GROUPS.loadBalancer,
      task_security_group: SEED_SECURITY_GROUPS.tasks,
    };
    writeFileSync(join(folder, "terraform.tfvars.json"), JSON.stringify(values));
    writeFileSync(join(folder, "rc"), "");
    const terraform = async (...args: string[]) => {
      const child = spawn("terraform", [`-chdir=${folder}`, ...args, "-no-color"], {
        env: {
          ...process.env,
          ...{ TF_CLI_CONFIG_FILE: join(folder, "rc"), CHECKPOINT_DISABLE: "1", AWS_EC2_METADATA_DISABLED: "true" },
          ...{ AWS_ENDPOINT_URL: sandbox.url, AWS_REGION: REGION },
          ...{ AWS_ACCESS_KEY_ID: "administrator", AWS_SECRET_ACCESS_KEY: "sandbox" },
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const [out, err] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        new Promise((end) => child.on("close", end)),
      ]);
      return { status: child.exitCode, said: `${out}${err}` };
    };
    expect(await terraform("init", "-backend=false", "-input=false", `-plugin-dir=${mirror}`)).toMatchObject({
      status: 0,
    });
    const applied = await terraform("apply", "-auto-approve", "-input=false");
    expect(applied.said).toContain("Apply complete! Resources: 6 added, 0 changed, 0 destroyed.");

    // Everything that was sent is told again.
    const again = await terraform("plan", "-detailed-exitcode", "-input=false");
    expect(again, again.said).toMatchObject({ status: 0 });

    // What a switch writes is left alone.
    const { Listeners = [] } = await call<DescribeListenersOutput>(sandbox.elb.service, "DescribeListeners", {
      LoadBalancerArn: shopArn(applied.said),
    });
    const [listener] = Listeners;
    const DefaultActions = structuredClone(listener?.DefaultActions ?? []);
    for (const group of DefaultActions[0]?.ForwardConfig?.TargetGroups ?? []) group.Weight = 100 - (group.Weight ?? 0);
    await call(sandbox.elb.service, "ModifyListener", { ListenerArn: listener?.ListenerArn, DefaultActions });
    const moved = await terraform("plan", "-detailed-exitcode", "-input=false");
    expect(moved, moved.said).toMatchObject({ status: 0 });

    const gone = await terraform("destroy", "-auto-approve", "-input=false");
    expect(gone.said).toContain("Destroy complete! Resources: 6 destroyed.");
  },
);

function shopArn(said: string): string {
  return /arn:aws:elasticloadbalancing:[\w:-]+loadbalancer\/app\/shop-alb\/\w+/.exec(said)?.[0] ?? "";
}
