import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { OWN_PAGES } from "@/lib/domain/application/own-pages.ts";
import { applicationOf, pageOf } from "./application-path.ts";

it.each([
  ["/", null],
  ["/audit", null],
  ["/access", null],
  ["/library", "library"],
  ["/library/deployments/dep-1", "library"],
  ["/my%20shop/logs", "my shop"],
])("finds the application of %s", (path, application) => expect(applicationOf(path)).toBe(application));

it.each([
  ["/library", "board", null],
  ["/library/logs", "logs", null],
  ["/library/deploy", "deploy", null],
  ["/library/deployments", "deployments", null],
  ["/library/deployments/d-1", "deployments", "d-1"],
  ["/library/incidents/i-1", "incidents", null],
  ["/library/moving", "moving", null],
  ["/library/rollback", "rollback", null],
])("%s has a heading of its own", (path, page, id) => expect(pageOf(path)).toEqual({ page, id }));

it("no application can have the address of a page", () => {
  const folders = readdirSync("app", { recursive: true, encoding: "utf8" })
    .filter((path) => /(?:^|\/)(?:page\.tsx|route\.ts)$/.test(path))
    .map((path) => path.split("/").find((part) => !part.startsWith("(")) ?? "");
  const first = new Set(folders.filter((part) => !part.startsWith("[") && !part.includes(".")));
  expect([...first].filter((part) => !OWN_PAGES.includes(part))).toEqual([]);
  expect(first.size).toBeGreaterThan(5);
});
