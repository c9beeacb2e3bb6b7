import type { ECRClient } from "@aws-sdk/client-ecr";
import { expect, test } from "vitest";
import { createBudgets } from "./budget.ts";
import { createCaller } from "./caller.ts";
import { createEcr } from "./ecr.ts";

/** A repository of so many pages, oldest images first, as ECR may list them. */
function repositoryOf(pages: number) {
  let asked = 0;
  const client = {
    async send(command: { input: { nextToken?: string } }) {
      asked += 1;
      const page = Number(command.input.nextToken ?? 0);
      const image = { imageDigest: `sha256:${page}`, imageTags: [`v${page}`], imagePushedAt: new Date(page) };
      return { imageDetails: [image], ...(page + 1 < pages ? { nextToken: String(page + 1) } : {}) };
    },
  };
  const ecr = createEcr(() => client as unknown as ECRClient, "eu-central-1", createCaller(createBudgets()));
  return { ecr, asked: () => asked };
}

test("thousands of images come newest first, and more than are read are told as cut", async () => {
  const whole = repositoryOf(10);
  const listed = await whole.ecr.listTags("library", "action");
  expect(listed.isCut).toBe(false);
  expect(listed.tags.map(({ tag }) => tag)).toEqual(["v9", "v8", "v7", "v6", "v5", "v4", "v3", "v2", "v1", "v0"]);
  const more = repositoryOf(500);
  expect((await more.ecr.listTags("library", "action")).isCut).toBe(true);
  expect(more.asked()).toBe(10);
});
