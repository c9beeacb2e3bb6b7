import { expect, test } from "vitest";
import { newestFirst, parseImage, pinnedImage } from "./image-tag.ts";

test.each([
  ["nginx", { repository: "nginx", tag: null, digest: null }],
  ["nginx:1.2", { repository: "nginx", tag: "1.2", digest: null }],
  ["localhost:5000/library", { repository: "localhost:5000/library", tag: null, digest: null }],
  ["host:5000/a/b:1@sha256:ff", { repository: "host:5000/a/b", tag: "1", digest: "sha256:ff" }],
  ["host/a@sha256:ff", { repository: "host/a", tag: null, digest: "sha256:ff" }],
])("takes %s apart", (image, expected) => {
  expect(parseImage(image)).toEqual(expected);
});

test("a pinned image taken apart gives its parts back", () => {
  expect(parseImage(pinnedImage("host:5000/a", "1.0.0", "sha256:ff"))).toEqual({
    repository: "host:5000/a",
    tag: "1.0.0",
    digest: "sha256:ff",
  });
});

test("lists the newest push first and breaks ties by version", () => {
  const tag = (name: string, pushedAt: number | null) => ({
    tag: name,
    digest: "sha256:ff",
    pushedAt,
    sizeBytes: null,
  });
  const sorted = newestFirst([tag("1.9.0", 5), tag("1.10.0", 5), tag("old", null), tag("2.0.0", 9)]);
  expect(sorted.map((t) => t.tag)).toEqual(["2.0.0", "1.10.0", "1.9.0", "old"]);
});
