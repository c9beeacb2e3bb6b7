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
  ["/library", "Board"],
  ["/library/logs", "Logs"],
  ["/library/deploy", "Deploy"],
  ["/library/deployments", "Deployments"],
  ["/library/deployments/d-1", "Deployment d-1"],
])("%s has a heading of its own", (path, page) => expect(pageOf(path)).toBe(page));
