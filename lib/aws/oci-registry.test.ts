import { describe, expect, test } from "vitest";
import { say } from "../domain/sentence/sentence.ts";
import { testRegistry } from "../testing/test-registry.ts";
import { createOciRegistry } from "./oci-registry.ts";

/* Registries outside AWS, by the distribution API. */

describe("a public registry", () => {
  test.each([
    ["ghcr.io/team/library", "ghcr.io", "https://ghcr.io/token", "team/library"],
    ["public.ecr.aws/nginx/nginx", "public.ecr.aws", "https://public.ecr.aws/token/", "nginx/nginx"],
    ["docker.io/library/nginx", "registry-1.docker.io", "https://auth.docker.io/token", "library/nginx"],
    ["registry.gitlab.com/a/b/c", "registry.gitlab.com", "https://gitlab.com/jwt/auth", "a/b/c"],
  ])("says which digest a tag of %s has, to anybody", async (uri, host, realm, name) => {
    const registry = testRegistry(host, { realm });
    const digest = registry.push(name, "1.27", ["linux/amd64", "linux/arm64"]);
    const oci = createOciRegistry(registry.fetch);
    expect(await oci.find(uri, { tag: "1.27" })).toEqual({ state: "found", digest, tags: null });
    expect(await oci.find(uri, { digest })).toEqual({ state: "found", digest, tags: null });
    expect(await oci.find(uri, { tag: "2" })).toEqual({ state: "absent" });
    expect(await oci.findPlatforms(uri, digest)).toEqual(["linux/amd64", "linux/arm64"]);
    // HEAD is no pull, of which registries count few.
    expect(registry.asked.filter((line) => line.startsWith("GET") && line.includes("/manifests/"))).toHaveLength(1 + 1);
  });

  test("keeps the configuration of one image elsewhere, where the token does not go", async () => {
    const registry = testRegistry("ghcr.io", { blobsAt: "https://blobs.example.com/" });
    const digest = registry.push("team/library", "1", ["linux/arm64"]);
    const oci = createOciRegistry(registry.fetch);
    expect(await oci.findPlatforms("ghcr.io/team/library", digest)).toEqual(["linux/arm64"]);
    expect(registry.asked.at(-1)).toMatch(/^GET https:\/\/blobs\.example\.com\/sha256:[0-9a-f]{64}$/);
    const before = registry.asked.length;
    expect(await oci.findPlatforms("ghcr.io/team/library", digest)).toEqual(["linux/arm64"]);
    expect(registry.asked).toHaveLength(before);
  });

  test.each([
    "http://blobs.example.com/",
    "https://169.254.169.254/",
    "https://metadata.internal/",
    "https://localhost/",
  ])("leads nobody to %s", async (blobsAt) => {
    const registry = testRegistry("ghcr.io", { blobsAt });
    const digest = registry.push("team/library", "1", ["linux/arm64"]);
    expect(await createOciRegistry(registry.fetch).findPlatforms("ghcr.io/team/library", digest)).toBeNull();
    expect(registry.asked.join()).not.toContain(blobsAt);
  });

  test.each([
    "https://evil.example/token",
    "https://ghcr.io.evil.example/token",
    "http://ghcr.io/token",
    "https://169.254.169.254/token",
    "file:///etc/passwd",
    "no address",
  ])("gets no token from %s", async (realm) => {
    const registry = testRegistry("ghcr.io", { realm });
    registry.push("team/library", "1", ["linux/amd64"]);
    const found = await createOciRegistry(registry.fetch).find("ghcr.io/team/library", { tag: "1" });
    expect(found).toEqual({ state: "unknown", why: say("refusal.why.credentials", { host: "ghcr.io" }) });
    expect(registry.asked).toHaveLength(1);
  });

  test.each([
    [401, say("refusal.why.credentials", { host: "ghcr.io" })],
    [403, say("refusal.why.credentials", { host: "ghcr.io" })],
    [429, say("refusal.why.tooMany", { host: "ghcr.io" })],
    [500, say("refusal.why.answers", { host: "ghcr.io", status: 500 })],
  ])("that answers %s leaves the digest unknown, with why", async (status, why) => {
    const registry = testRegistry("ghcr.io", { status });
    expect(await createOciRegistry(registry.fetch).find("ghcr.io/team/library", { tag: "1" })).toEqual({
      state: "unknown",
      why,
    });
  });

  test("that cannot be reached, or is slow, leaves the digest unknown", async () => {
    const failing = (error: Error) => createOciRegistry(() => Promise.reject(error)).find("ghcr.io/a", { tag: "1" });
    expect(await failing(new TypeError("fetch failed"))).toEqual({
      state: "unknown",
      why: say("refusal.why.unreachable", { host: "ghcr.io" }),
    });
    expect(await failing(new DOMException("aborted", "TimeoutError"))).toEqual({
      state: "unknown",
      why: say("refusal.why.slow", { host: "ghcr.io", seconds: 5 }),
    });
  });

  test("is not believed: a manifest that its digest does not name says nothing, nor does a digest that is none", async () => {
    const registry = testRegistry("ghcr.io");
    const digest = registry.push("team/library", "1", ["linux/amd64"]);
    const lying = createOciRegistry(async (input, init) => {
      const response = await registry.fetch(input, init);
      if (!response.ok) return response;
      return new Response(`${await response.text()} `, { headers: { "docker-content-digest": "latest" } });
    });
    expect(await lying.findPlatforms("ghcr.io/team/library", digest)).toBeNull();
    expect(await lying.find("ghcr.io/team/library", { tag: "1" })).toMatchObject({ state: "unknown" });
  });
});
