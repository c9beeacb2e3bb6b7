import { expect, it } from "vitest";
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
])("%s has a heading of its own", (path, page, id) => expect(pageOf(path)).toEqual({ page, id }));
