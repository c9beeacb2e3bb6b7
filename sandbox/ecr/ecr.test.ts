import { createHash } from "node:crypto";
import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ImageNotFoundException,
  ListImagesCommand,
  ListTagsForResourceCommand,
  PutImageCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  RepositoryAlreadyExistsException,
  RepositoryNotFoundException,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-ecr";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestServer, type TestServer, testBase } from "../protocol/test-server.ts";
import { createEcr, type EcrSimulator } from "./ecr.ts";
import { parseImageReference } from "./image-reference.ts";

const repositoryName = "library-management-system";
let server: TestServer;
let ecr: EcrSimulator;
let client: ECRClient;

beforeEach(async () => {
  ecr = createEcr(testBase());
  server = await startTestServer({ services: [ecr.service] });
  client = new ECRClient(server.clientConfig);
  for (const tag of ["1.0.0", "1.1.0", "1.2.0-unhealthy"]) {
    ecr.push({ repository: repositoryName, tag, pushedAt: new Date("2026-01-01T00:00:00Z"), sizeBytes: 1_000_000 });
  }
});

afterEach(() => server.close());

describe("registry API", () => {
  it("describes images with digest, size and time", async () => {
    const { imageDetails } = await client.send(new DescribeImagesCommand({ repositoryName }));
    expect(imageDetails).toHaveLength(3);
    expect(imageDetails?.[0]).toMatchObject({
      imageTags: ["1.0.0"],
      imageSizeInBytes: 1_000_000,
      imagePushedAt: new Date("2026-01-01T00:00:00Z"),
    });
    expect(imageDetails?.[0]?.imageDigest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it("gives the same digest in every run, the hash of the manifest it serves", async () => {
    const push = { repository: repositoryName, tag: "1.0.0", pushedAt: new Date(), sizeBytes: 1_000_000 };
    const { images } = await client.send(
      new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: "1.0.0" }] }),
    );
    const hash = createHash("sha256")
      .update(images?.[0]?.imageManifest ?? "")
      .digest("hex");
    expect(images?.[0]?.imageId?.imageDigest).toBe(`sha256:${hash}`);
    expect(createEcr(testBase()).push(push)).toBe(`sha256:${hash}`);
  });

  it("pages through images", async () => {
    const first = await client.send(new ListImagesCommand({ repositoryName, maxResults: 2 }));
    const second = await client.send(
      new ListImagesCommand({ repositoryName, maxResults: 2, nextToken: first.nextToken }),
    );
    const tags = [...(first.imageIds ?? []), ...(second.imageIds ?? [])].map((id) => id.imageTag);
    expect(tags).toEqual(["1.0.0", "1.1.0", "1.2.0-unhealthy"]);
    expect(second.nextToken).toBeUndefined();
  });

  it("refuses a token it did not give", async () => {
    const error = await client
      .send(new ListImagesCommand({ repositoryName, nextToken: "x" }))
      .catch((reason) => reason);
    expect(error.name).toBe("InvalidParameterException");
  });

  it("moves a tag to the newly pushed image and leaves the old one untagged", async () => {
    const imageManifest = JSON.stringify({ schemaVersion: 2, layers: [{ size: 5 }] });
    await client.send(new PutImageCommand({ repositoryName, imageManifest, imageTag: "1.0.0" }));
    const untagged = await client.send(new ListImagesCommand({ repositoryName, filter: { tagStatus: "UNTAGGED" } }));
    expect(untagged.imageIds).toHaveLength(1);
    const again = new PutImageCommand({ repositoryName, imageManifest, imageTag: "1.0.0" });
    await expect(client.send(again)).rejects.toMatchObject({ name: "ImageAlreadyExistsException" });
  });

  it("lets nobody push an immutable tag twice, but for those that are excluded", async () => {
    const imageTagMutabilityExclusionFilters = [{ filterType: "WILDCARD" as const, filter: "dev-*" }];
    for (const [name, imageTagMutability, frozen, free] of [
      ["frozen", "IMMUTABLE_WITH_EXCLUSION", "1.0.0", "dev-1"],
      ["free", "MUTABLE_WITH_EXCLUSION", "dev-1", "1.0.0"],
    ] as const) {
      const create = { repositoryName: name, imageTagMutability, imageTagMutabilityExclusionFilters };
      const { repository } = await client.send(new CreateRepositoryCommand(create));
      expect(repository).toMatchObject({ imageTagMutability, imageTagMutabilityExclusionFilters });
      const push = (imageTag: string, size: number) =>
        client.send(
          new PutImageCommand({
            repositoryName: name,
            imageTag,
            imageManifest: JSON.stringify({ layers: [{ size }] }),
          }),
        );
      for (const tag of [frozen, free]) await push(tag, 1);
      await expect(push(frozen, 2)).rejects.toMatchObject({ name: "ImageTagAlreadyExistsException" });
      expect((await push(free, 2)).image?.imageId?.imageTag).toBe(free);
    }
  });

  it("has other registries beside its own: by Region, by account, and closed ones", async () => {
    const at = { tag: "1", pushedAt: new Date(), sizeBytes: 10_000 };
    const digest = ecr.push({ ...at, repository: "base", registry: { accountId: "999999999999" } });
    ecr.push({ ...at, repository: "closed", registry: { accountId: "999999999999", isShared: false } });
    ecr.push({ ...at, repository: "far", registry: { region: "eu-west-1" } });
    const describeIn = (repositoryName: string, registryId?: string, region = server.clientConfig.region) =>
      new ECRClient({ ...server.clientConfig, region }).send(new DescribeImagesCommand({ repositoryName, registryId }));
    expect((await describeIn("base", "999999999999")).imageDetails).toMatchObject([{ imageDigest: digest }]);
    await expect(describeIn("base")).rejects.toBeInstanceOf(RepositoryNotFoundException);
    await expect(describeIn("closed", "999999999999")).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining("no resource-based policy allows the ecr:DescribeImages action"),
    });
    expect((await describeIn("far", undefined, "eu-west-1")).imageDetails).toHaveLength(1);
    await expect(describeIn(repositoryName, undefined, "eu-west-1")).rejects.toBeInstanceOf(
      RepositoryNotFoundException,
    );
    expect(ecr.findImage(`999999999999.dkr.ecr.${server.clientConfig.region}.amazonaws.com/base:1`)).not.toBeNull();
  });

  it("keeps policies, tags and settings of repositories, which tools read before they change anything", async () => {
    const { repositories } = await client.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
    const resourceArn = repositories?.[0]?.repositoryArn;
    const tags = [{ Key: "team", Value: "books" }];
    await client.send(new TagResourceCommand({ resourceArn, tags }));
    expect((await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual(tags);
    await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ["team"] }));
    expect((await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual([]);

    const readPolicy = () => client.send(new GetRepositoryPolicyCommand({ repositoryName }));
    await expect(readPolicy()).rejects.toMatchObject({ name: "RepositoryPolicyNotFoundException" });
    await client.send(new SetRepositoryPolicyCommand({ repositoryName, policyText: "{}" }));
    expect(await readPolicy()).toMatchObject({ repositoryName, policyText: "{}" });
    const readLifecycle = () => client.send(new GetLifecyclePolicyCommand({ repositoryName }));
    await expect(readLifecycle()).rejects.toMatchObject({ name: "LifecyclePolicyNotFoundException" });
    const selection = { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 10 };
    const lifecyclePolicyText = JSON.stringify({ rules: [{ rulePriority: 1, selection, action: { type: "expire" } }] });
    await client.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
    expect(await readLifecycle()).toMatchObject({ lifecyclePolicyText });
    await client.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: "IMMUTABLE" }));
    const imageManifest = JSON.stringify({ layers: [] });
    await expect(
      client.send(new PutImageCommand({ repositoryName, imageTag: "1.0.0", imageManifest })),
    ).rejects.toMatchObject({ name: "ImageTagAlreadyExistsException" });
  });

  it("answers AWS's errors for what is missing or there already", async () => {
    const missing = new DescribeImagesCommand({ repositoryName: "nothing" });
    await expect(client.send(missing)).rejects.toBeInstanceOf(RepositoryNotFoundException);
    const noTag = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: "9" }] });
    await expect(client.send(noTag)).rejects.toBeInstanceOf(ImageNotFoundException);
    const again = new CreateRepositoryCommand({ repositoryName });
    await expect(client.send(again)).rejects.toBeInstanceOf(RepositoryAlreadyExistsException);
    const { failures } = await client.send(new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: "9" }] }));
    expect(failures?.[0]?.failureCode).toBe("ImageNotFound");
  });

  it("describes repositories and hands out a token", async () => {
    await client.send(new CreateRepositoryCommand({ repositoryName: "team/other" }));
    const { repositories } = await client.send(new DescribeRepositoriesCommand({}));
    expect(repositories?.map((one) => one.repositoryUri)).toEqual([
      `${ecr.host}/${repositoryName}`,
      `${ecr.host}/team/other`,
    ]);
    const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
    expect(authorizationData?.[0]?.proxyEndpoint).toBe(`https://${ecr.host}`);
  });
});

describe("what ECS pulls", () => {
  it.each([
    ["1.0.0", "healthy"],
    ["1.2.0-unhealthy", "unhealthy"],
  ])("tells the behaviour of %s by its tag", (tag, kind) => {
    expect(ecr.findImage(`${ecr.host}/${repositoryName}:${tag}`)).toMatchObject({ tag, kind });
  });

  it("goes by the digest when there is one, even when the tag has moved on", () => {
    const old = ecr.findImage(`${ecr.host}/${repositoryName}:1.0.0`);
    const digest = ecr.push({ repository: repositoryName, tag: "1.1.0", pushedAt: new Date(), sizeBytes: 77_777 });
    expect(ecr.findImage(`${ecr.host}/${repositoryName}:1.1.0`)?.digest).toBe(digest);
    expect(ecr.findImage(`${ecr.host}/${repositoryName}:1.1.0@${old?.digest}`)).toEqual(old);
  });

  it("finds nothing for an unknown tag, repository or registry", () => {
    expect(ecr.findImage(`${ecr.host}/${repositoryName}:9.9.9`)).toBeNull();
    expect(ecr.findImage(`${ecr.host}/other:1.0.0`)).toBeNull();
    expect(ecr.findImage(`docker.io/${repositoryName}:1.0.0`)).toBeNull();
    expect(ecr.findImage(`${repositoryName}:1.0.0`)).toBeNull();
  });

  it("reads every form of an image reference", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    expect(parseImageReference("h.io/a/b:1")).toEqual({ host: "h.io", repository: "a/b", tag: "1", digest: null });
    expect(parseImageReference(`h.io/a@${digest}`)).toEqual({ host: "h.io", repository: "a", tag: null, digest });
    expect(parseImageReference(`h.io/a:1@${digest}`)).toEqual({ host: "h.io", repository: "a", tag: "1", digest });
    expect(parseImageReference("h.io/a")?.tag).toBe("latest");
    expect(parseImageReference("h.io/a:1 2")).toBeNull();
  });
});
