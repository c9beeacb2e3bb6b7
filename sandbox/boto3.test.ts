import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { createSandbox } from "./sandbox.ts";

/** Without Python or boto3 on the machine there is nothing to run. */
/** Whether boto3 is here, and new enough to know log groups' classes (1.34). */
function hasBoto3(): boolean {
  const check = "import boto3; assert [int(part) for part in boto3.__version__.split('.')[:2]] >= [1, 34]";
  try {
    execFileSync("python3", ["-c", check], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!hasBoto3())(
  "boto3 makes a service behind a load balancer, moves it, and takes everything down",
  {
    timeout: 120_000,
  },
  async () => {
    const sandbox = await createSandbox({ seed: "empty", speed: 20, throttling: false, ecs: { virtual: true } });
    onTestFinished(() => sandbox.close());
    const script = new URL("boto3-sequence.py", import.meta.url).pathname;
    const { stdout } = await promisify(execFile)("python3", [script], {
      env: {
        ...process.env,
        AWS_ENDPOINT_URL: sandbox.url,
        AWS_ACCESS_KEY_ID: "sandbox",
        AWS_SECRET_ACCESS_KEY: "sandbox",
        AWS_DEFAULT_REGION: sandbox.place.region,
      },
    });
    expect(JSON.parse(stdout)).toEqual({
      lifecycle: "LifecyclePolicyNotFoundException",
      tags: [{ Key: "team", Value: "shop" }],
      settings: [{ name: "containerInsights", value: "enhanced" }],
      weights: [90, 10],
      tasks: 1,
      deleted: "DELETE_IN_PROGRESS",
      refused: "ValidationError",
    });
  },
);
