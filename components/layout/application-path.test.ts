import { expect, it } from "vitest";
import { applicationOf } from "./application-path.ts";

it.each([
  ["/", null],
  ["/audit", null],
  ["/access", null],
  ["/library", "library"],
  ["/library/deployments/dep-1", "library"],
  ["/my%20shop/logs", "my shop"],
])("finds the application of %s", (path, application) => expect(applicationOf(path)).toBe(application));
