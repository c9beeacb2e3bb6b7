import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createAuthorizer } from "../sandbox/iam/authorizer.ts";
import { unusedActions } from "./used-actions.mjs";

const POLICY = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["ecs:ListClusters", "ecs:DescribeClusters"], Resource: "*" }],
};
const PLACE = { accountId: "123456789012", region: "ap-northeast-2" };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-used-actions-"));
  vi.stubEnv("SANDBOX_USED_ACTIONS", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("an action that nobody used is named; one that was denied, or that an administrator used, is not used", () => {
  const judge = createAuthorizer(POLICY, PLACE);
  expect(unusedActions(POLICY, folder)).toEqual(["ecs:DescribeClusters", "ecs:ListClusters"]);
  judge("ecs", "DescribeClusters", {}, "administrator");
  expect(() => judge("ecs", "ListServices", {}, "product")).toThrow("not authorized");
  expect(unusedActions(POLICY, folder)).toEqual(["ecs:DescribeClusters", "ecs:ListClusters"]);
  judge("ecs", "ListClusters", {}, "product");
  expect(unusedActions(POLICY, folder)).toEqual(["ecs:DescribeClusters"]);
});
