import { expect, test } from "vitest";
import { pinnedImage } from "../domain/observation/image-tag.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Receipt } from "../domain/snapshot/receipt.ts";
import { type LibraryWorld, startLibraryWorld } from "../testing/library-world.ts";
import { testRegistry } from "../testing/test-registry.ts";
import { withMovedTag } from "./moved-tag.ts";
import { resolveRevision } from "./resolve-revision.ts";

/* What may run on an application's sides, against the sandbox's ECS and ECR. */

type Operations = LibraryWorld["sandbox"]["ecs"]["service"]["operations"];

async function start(registryFetch?: typeof fetch) {
  const limits = { "ecr-read": { burst: 1000, perSecond: 1000, share: 1 } };
  const world = await startLibraryWorld({ aws: { limits, ...(registryFetch ? { registryFetch } : {}) } });
  const { sandbox, application, controller, aws } = world;
  const observation = await controller.observe(application);
  const call = async (service: "ecs" | "ecr", operation: string, input: object) => {
    const operations: Operations = sandbox[service].service.operations;
    return (await operations[operation]?.(input, { requestId: "test", signal: new AbortController().signal })) as never;
  };
  const running = observation.slots.green.revision?.taskDefinition ?? "";
  const { taskDefinition: own } = (await call("ecs", "DescribeTaskDefinition", { taskDefinition: running })) as {
    taskDefinition: { family: string; containerDefinitions: { name: string; image: string }[] };
  };
  const uri = await aws.ecr.getRepositoryUri("library-management-system", "action");
  const { tags } = await aws.ecr.listTags("library-management-system", "action");
  const [known] = tags;
  return {
    ...world,
    own,
    uri,
    digest: known?.digest ?? "",
    tag: known?.tag ?? "",
    call,
    ask: (input: Parameters<typeof resolveRevision>[3], changes = {}) =>
      resolveRevision({ aws }, { ...application, ...changes }, observation, input),
    /** Registers a copy of what green runs, changed; answers "family:revision". */
    async register(changes: object): Promise<string> {
      const { taskDefinition } = (await call("ecs", "RegisterTaskDefinition", {
        ...own,
        cpu: "256",
        memory: "512",
        ...changes,
      })) as { taskDefinition: { family: string; revision: number } };
      return `${taskDefinition.family}:${taskDefinition.revision}`;
    },
  };
}

test("task definitions: only active ones of the families that the sides run or that are listed, with the container", async () => {
  const world = await start();
  const { ask, register, own } = world;
  const good = await register({});
  expect(await ask({ taskDefinition: good })).toMatchObject({
    ok: true,
    request: { taskDefinition: expect.stringContaining(`task-definition/${good}`) },
  });
  // A bare family is pinned to what it names now.
  expect(await ask({ taskDefinition: own.family })).toMatchObject({
    ok: true,
    request: { taskDefinition: expect.stringContaining(`task-definition/${good}`) },
  });

  const foreign = await register({ family: "payments" });
  const before = world.calls("ecs.DescribeTaskDefinition");
  for (const taskDefinition of [foreign, "payments", "payments:99", `x-${own.family}:1`, `${own.family}-x:1`])
    expect(await ask({ taskDefinition }), taskDefinition).toMatchObject({ ok: false, code: "REVISION_NOT_ALLOWED" });
  const arn = `arn:aws:ecs:${world.application.region}:999999999999:task-definition/${good}`;
  expect(await ask({ taskDefinition: arn })).toMatchObject({ code: "REVISION_NOT_ALLOWED" });
  expect(
    await ask({
      taskDefinition: arn.replace("999999999999", world.application.accountId).replace(/ecs:[\w-]+:/, "ecs:us-east-1:"),
    }),
  ).toMatchObject({
    code: "REVISION_NOT_ALLOWED",
  });
  // Nobody learns by asking which other families there are.
  expect(world.calls("ecs.DescribeTaskDefinition")).toBe(before);
  expect(await ask({ taskDefinition: foreign }, { taskDefinitionFamilies: ["payments"] })).toMatchObject({ ok: true });
  // What its image is, by whatever it is named, says whether it was rolled back before.
  for (const image of [`${world.uri}:${world.tag}`, `${world.uri}@${world.digest}`]) {
    const named = await register({ containerDefinitions: [{ ...own.containerDefinitions[0], image }] });
    expect(await ask({ taskDefinition: named })).toMatchObject({ ok: true, digest: world.digest });
  }

  expect(await ask({ taskDefinition: `${own.family}:999` })).toMatchObject({
    code: "TASK_DEFINITION_NOT_FOUND",
    message: `There is no task definition ${own.family}:999`,
  });
  await world.call("ecs", "DeregisterTaskDefinition", { taskDefinition: good });
  expect(await ask({ taskDefinition: good })).toMatchObject({
    code: "TASK_DEFINITION_INACTIVE",
    message: expect.stringContaining(`${good} is INACTIVE`),
  });
  const other = await register({ containerDefinitions: [{ ...own.containerDefinitions[0], name: "sidecar" }] });
  expect(await ask({ taskDefinition: other })).toMatchObject({
    code: "INVALID_INPUT",
    message: expect.stringContaining("has no container library"),
  });
  for (const image of [`${world.uri}:9.9.9`, `${world.uri}@sha256:${"0".repeat(64)}`]) {
    const broken = await register({ containerDefinitions: [{ ...own.containerDefinitions[0], image }] });
    expect(await ask({ taskDefinition: broken }), image).toMatchObject({ code: "IMAGE_NOT_FOUND" });
  }
  expect(await ask({ taskDefinition: "a/b:c" })).toMatchObject({ code: "INVALID_INPUT" });
});

test("a definition of the own family runs images of the own repositories in the application's container, and any beside it", async () => {
  const { ask, register, own } = await start();
  const [main] = own.containerDefinitions;
  const withImage = (image: string) => register({ containerDefinitions: [{ ...main, image }] });
  for (const image of ["nginx:1.27", "public.ecr.aws/nginx/nginx:1.27", "ghcr.io/evil/library-management-system:1.0.0"])
    expect(await ask({ taskDefinition: await withImage(image) }), image).toMatchObject({
      ok: false,
      code: "REVISION_NOT_ALLOWED",
      message: expect.stringContaining("is not a repository of library"),
    });
  expect(
    await ask({ taskDefinition: await withImage("nginx:1.27") }, { imageRepositories: ["docker.io/library/nginx"] }),
  ).toMatchObject({ ok: true });
  const proxy = { name: "proxy", image: "envoyproxy/envoy:v1.31", essential: false };
  const beside = await register({ containerDefinitions: [main, proxy] });
  expect(await ask({ taskDefinition: beside })).toMatchObject({ ok: true });
  // Where several containers get the application's image, each of them is its place.
  expect(await ask({ taskDefinition: beside }, { containers: ["proxy"] })).toMatchObject({
    code: "REVISION_NOT_ALLOWED",
  });
});

test("what ECS would refuse the side's service is refused at once: container, port, launch type, network mode", async () => {
  const { ask, register, own } = await start();
  const [first] = own.containerDefinitions;
  const worker = { ...first, name: "worker", portMappings: [] };
  const withPort = (containerPort: number) => [{ ...first, portMappings: [{ containerPort, protocol: "tcp" }] }];
  const cases: [object, object, string][] = [
    [{ containerDefinitions: [worker] }, { container: "worker" }, "has no container library, which library-"],
    [{ containerDefinitions: withPort(1234) }, {}, "has no container port 8081, which library-"],
    [{ containerDefinitions: [{ ...first, portMappings: [] }] }, {}, "has no container port 8081"],
    [{ requiresCompatibilities: ["EC2"] }, {}, "can be run with EC2, and library-"],
    [
      { requiresCompatibilities: ["EC2"], networkMode: "bridge", containerDefinitions: [{ ...first, memory: 128 }] },
      {},
      "can be run with EC2",
    ],
  ];
  for (const [changes, application, message] of cases)
    expect(await ask({ taskDefinition: await register(changes) }, application)).toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining(message),
    });
  const both = await register({ containerDefinitions: [first, worker] });
  expect(await ask({ taskDefinition: both }, { container: "worker" })).toMatchObject({ ok: true });
  const arn = (await register({})).replace(/^/, `arn:aws-cn:ecs:ap-northeast-2:123456789012:task-definition/`);
  expect(await ask({ taskDefinition: arn })).toMatchObject({ code: "REVISION_NOT_ALLOWED" });
});

test("what no container runtime can read as an image is refused, also inside of a task definition", async () => {
  const { ask, register, own, uri, digest, tag } = await start();
  const [first] = own.containerDefinitions;
  const malformed = [
    `${uri}:`,
    `${uri}@`,
    `${uri}:@${digest}`,
    `${uri}:-x`,
    `${uri}:${"a".repeat(129)}`,
    `${uri}@${digest}0`,
  ];
  for (const image of malformed) {
    expect(await ask({ image }), image).toMatchObject({ code: "INVALID_INPUT" });
    const named = await register({ containerDefinitions: [{ ...first, image }] });
    expect(await ask({ taskDefinition: named }), image).toMatchObject({ code: "INVALID_INPUT" });
  }
  for (const image of [" ", `${uri}:a b`, `nginx :${tag}`]) {
    const named = await register({ containerDefinitions: [{ ...first, image }] });
    expect(await ask({ taskDefinition: named }), image).toMatchObject({ code: "INVALID_INPUT" });
  }
});

test("images: only of the application's own repositories, exactly, and only those that are there", async () => {
  const { ask, uri, digest, tag, call, application } = await start();
  const host = uri.slice(0, uri.indexOf("/"));
  expect(await ask({ image: `${uri}:${tag}` })).toEqual({
    ok: true,
    request: { image: pinnedImage(uri, tag, digest) },
  });
  expect(await ask({ image: `${uri}@${digest}` })).toEqual({ ok: true, request: { image: `${uri}@${digest}` } });
  expect(await ask({ image: `${uri}:${tag}@${digest}` })).toMatchObject({ ok: true });

  const foreign = [
    "nginx:1.27",
    "library-management-system:1.1.0",
    `${host}/evil-library-management-system:1.1.0`,
    `${host}/team/library-management-system:1.1.0`,
    `${host}/library-management-system/x:1.1.0`,
    `${uri.replace(application.accountId, "999999999999")}:1.1.0`,
    `${uri.replace(application.region, "us-east-1")}:1.1.0`,
    `evil.example/${uri}:1.1.0`,
    `${host}.evil.example/library-management-system:1.1.0`,
    `${host}:443/library-management-system:1.1.0`,
    `${uri.toUpperCase()}:1.1.0`,
  ];
  for (const image of foreign)
    expect(await ask({ image }), image).toMatchObject({ ok: false, code: "REVISION_NOT_ALLOWED" });

  expect(await ask({ image: `${uri}@sha256:${"0".repeat(64)}` })).toMatchObject({
    code: "IMAGE_NOT_FOUND",
    message: expect.stringContaining("has no image sha256:000"),
  });
  expect(await ask({ image: `${uri}@sha256:12` })).toMatchObject({ code: "INVALID_INPUT" });
  expect(await ask({ image: `${uri}:9.9.9` })).toMatchObject({ code: "IMAGE_NOT_FOUND" });
  expect(await ask({ image: uri })).toMatchObject({
    code: "IMAGE_NOT_FOUND",
    message: expect.stringContaining("latest"),
  });
  // A tag beside another image's digest would show one version and run another.
  expect(await ask({ image: `${uri}:9.9.9@${digest}` })).toMatchObject({
    code: "IMAGE_NOT_FOUND",
    message: expect.stringContaining("under another's name"),
  });
  expect(await ask({ imageTag: "9.9.9" })).toMatchObject({ code: "IMAGE_NOT_FOUND" });

  // What is listed is taken: unread where it is no registry of this Region, looked up where it is.
  const listed = { imageRepositories: ["public.ecr.aws/nginx/nginx", "base", "docker.io/library/nginx"] };
  expect(await ask({ image: "public.ecr.aws/nginx/nginx:1.27" }, listed)).toMatchObject({ ok: true });
  expect(await ask({ image: "nginx:1.27" }, listed)).toMatchObject({ ok: true });
  expect(await ask({ image: `${host}/base:1` }, listed)).toMatchObject({ code: "IMAGE_NOT_FOUND" });
  await call("ecr", "CreateRepository", { repositoryName: "base" });
  expect(await ask({ image: `${host}/base:1` }, listed)).toMatchObject({ code: "IMAGE_NOT_FOUND" });

  // Without a configured repository, what the sides run says which one is meant.
  expect(await ask({ image: `${uri}:${tag}` }, { repository: null })).toMatchObject({ ok: true });
  expect(await ask({ image: "nginx:1.27" }, { repository: null })).toMatchObject({ code: "REVISION_NOT_ALLOWED" });
  expect(await ask({ imageTag: tag }, { container: "other" })).toMatchObject({
    code: "INVALID_INPUT",
    message: expect.stringContaining("has no container other"),
  });
});

test("images of other accounts and Regions are looked up where their host says, and never in the own registry", async () => {
  const { ask, uri, sandbox, application, tag, digest, aws } = await start();
  const other = "999999999999";
  const at = (accountId: string, region = application.region) => `${accountId}.dkr.ecr.${region}.amazonaws.com`;
  const image = { repository: "library-management-system", tag, pushedAt: new Date(), sizeBytes: 77_777 };
  const foreign = sandbox.ecr.push({ ...image, registry: { accountId: other } });
  const far = sandbox.ecr.push({ ...image, sizeBytes: 88_888, registry: { region: "eu-west-1" } });
  sandbox.ecr.push({ ...image, repository: "closed", registry: { accountId: other, isShared: false } });
  const names = [
    `${at(other)}/library-management-system`,
    `${at(application.accountId, "eu-west-1")}/library-management-system`,
  ];
  const listed = { imageRepositories: [...names, `${at(other)}/closed`, `${at(other)}/gone`] };
  for (const [name, found] of [
    [names[0], foreign],
    [names[1], far],
    [uri, digest],
  ] as const) {
    const bounds = name === uri ? {} : listed;
    expect(await ask({ image: `${name}:${tag}` }, bounds)).toMatchObject({
      ok: true,
      request: { image: `${name}:${tag}@${found}` },
    });
    // The application's own repository may be there as well.
    if (name !== uri) {
      expect(await ask({ imageTag: tag }, { repository: name })).toMatchObject({
        ok: true,
        request: { image: `${name}:${tag}@${found}` },
      });
      // The own repository has this digest, and the foreign one does not.
      expect(await ask({ image: `${name}@${digest}` }, bounds)).toMatchObject({ code: "IMAGE_NOT_FOUND" });
      expect((await aws.ecr.listTags(name ?? "", "action")).tags).toHaveLength(1);
    }
  }
  expect(await ask({ image: `${at(other)}/gone:1` }, listed)).toMatchObject({ code: "IMAGE_NOT_FOUND" });
  expect(await ask({ image: `${at(other)}/closed:1` }, listed)).toEqual({
    ok: true,
    request: { image: `${at(other)}/closed:1` },
    notices: [
      say("refusal.digestUnknown", {
        image: `${at(other)}/closed:1`,
        why: say("refusal.why.account", { account: other }),
      }),
    ],
  });
  await expect(aws.ecr.findTag(`ghcr.io/library-management-system`, tag, "action")).rejects.toMatchObject({
    code: "RepositoryNotInEcr",
  });
});

test("images of public registries are pinned, or the digest is told as unknown", async () => {
  const registry = testRegistry("ghcr.io");
  const digest = registry.push("team/library", "1.0.0", ["linux/amd64"]);
  const { ask } = await start(registry.fetch);
  const own = { repository: "ghcr.io/team/library" };
  const pinned = { ok: true, request: { image: `ghcr.io/team/library:1.0.0@${digest}` } };
  expect(await ask({ imageTag: "1.0.0" }, own)).toEqual(pinned);
  expect(await ask({ image: "ghcr.io/team/library:1.0.0" }, own)).toEqual(pinned);
  expect(await ask({ image: `ghcr.io/team/library:1.0.0@${digest}` }, own)).toEqual(pinned);
  expect(await ask({ imageTag: "2" }, own)).toMatchObject({ code: "IMAGE_NOT_FOUND" });
  registry.push("team/library", "2", ["linux/amd64", "linux/arm64"]);
  expect(await ask({ image: `ghcr.io/team/library:2@${digest}` }, own)).toMatchObject({ code: "IMAGE_NOT_FOUND" });
  const asked = registry.asked.length;
  expect(await ask({ image: "ghcr.io/team/other:1.0.0" }, own)).toMatchObject({ code: "REVISION_NOT_ALLOWED" });
  expect(registry.asked).toHaveLength(asked);
  expect(await ask({ image: "quay.io/team/library:1" }, { repository: "quay.io/team/library" })).toEqual({
    ok: true,
    request: { image: "quay.io/team/library:1" },
    notices: [
      say("refusal.digestUnknown", {
        image: "quay.io/team/library:1",
        why: say("refusal.why.unreachable", { host: "quay.io" }),
      }),
    ],
  });
});

test("an image that ECR fetches at the first pull is looked up where it comes from", async () => {
  const registry = testRegistry("registry-1.docker.io", { realm: "https://auth.docker.io/token" });
  const digest = registry.push("library/nginx", "1.27", ["linux/amd64"]);
  const { ask, uri, sandbox } = await start(registry.fetch);
  const host = uri.slice(0, uri.indexOf("/"));
  const own = { repository: "docker-hub/library/nginx", imageRepositories: ["ghcr/team/app"] };
  expect(await ask({ imageTag: "1.27" }, { repository: `${host}/docker-hub/library/nginx` })).toMatchObject({
    code: "IMAGE_NOT_FOUND",
  });
  sandbox.ecr.addPullThroughCache("docker-hub", "registry-1.docker.io");
  sandbox.ecr.addPullThroughCache("ghcr", "ghcr.io");
  expect(await ask({ imageTag: "1.27" }, { repository: `${host}/docker-hub/library/nginx` })).toMatchObject({
    request: { image: `${host}/docker-hub/library/nginx:1.27@${digest}` },
  });
  expect(await ask({ image: `${host}/docker-hub/library/nginx:1.27` }, own)).toMatchObject({
    request: { image: `${host}/docker-hub/library/nginx:1.27@${digest}` },
  });
  expect(await ask({ image: `${host}/docker-hub/library/nginx:9` }, own)).toMatchObject({ code: "IMAGE_NOT_FOUND" });
  expect(await ask({ image: `${host}/ghcr/team/app:1` }, own)).toMatchObject({
    ok: true,
    notices: [{ params: { why: { code: "refusal.why.upstreamAnd", params: { upstream: "ghcr.io/team/app" } } } }],
  });
});

test("an image for another platform than the task's is refused, as a list and alone", async () => {
  const { ask, uri, sandbox, register, own } = await start();
  const push = (tag: string, platforms: readonly string[], isIndex?: boolean) =>
    sandbox.ecr.push({
      repository: "library-management-system",
      tag,
      pushedAt: new Date(),
      sizeBytes: 99_999,
      platforms,
      isIndex,
    });
  push("arm", ["linux/arm64"]);
  push("arm-list", ["linux/arm64"], true);
  push("both", ["linux/amd64", "linux/arm64"]);
  for (const tag of ["arm", "arm-list"])
    expect(await ask({ imageTag: tag }), tag).toMatchObject({
      code: "IMAGE_PLATFORM",
      message: expect.stringContaining("was built for linux/arm64, and the task runs on linux/amd64"),
      fix: expect.stringContaining("--platform linux/amd64"),
    });
  expect(await ask({ imageTag: "both" })).toMatchObject({ ok: true });
  const registered = (image: string, changes = {}) =>
    register({ containerDefinitions: [{ ...own.containerDefinitions[0], image }], ...changes });
  const onArm = { runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" } };
  const pinned = `${uri}@${push("arm", ["linux/arm64"])}`;
  expect(await ask({ taskDefinition: await registered(pinned) })).toMatchObject({ code: "IMAGE_PLATFORM" });
  expect(await ask({ taskDefinition: await registered(pinned, onArm) })).toMatchObject({ ok: true });
});

test("a tag that moved since is said on the receipt", async () => {
  const { aws, application, uri, tag, digest, sandbox } = await start();
  const receipt = {
    to: "green",
    warnings: ["as before"],
    revisions: { blue: null, green: { image: `${uri}:${tag}@${digest}` } },
  } as unknown as Receipt;
  expect(await withMovedTag(aws, application, receipt)).toBe(receipt);
  const moved = sandbox.ecr.push({
    repository: "library-management-system",
    tag,
    pushedAt: new Date(),
    sizeBytes: 77_777,
  });
  expect((await withMovedTag(aws, application, receipt)).warnings).toEqual([
    "as before",
    `Tag ${tag} was moved: it names ${moved.slice(0, 19)} now, and green runs ${digest.slice(0, 19)}`,
  ]);
});
