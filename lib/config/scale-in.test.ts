import { expect, test } from "vitest";
import { fixesOf } from "../testing/fixes-of.ts";
import { LIBRARY_SETTINGS } from "../testing/library-settings.ts";
import { applicationSchema } from "./application-config.ts";

test("scaling in is suspended only where that was asked for", () => {
  expect(applicationSchema.parse(LIBRARY_SETTINGS).suspendScaleIn).toBe(false);
  expect(applicationSchema.parse({ ...LIBRARY_SETTINGS, suspendScaleIn: true }).suspendScaleIn).toBe(true);
});

test.each([
  [{ controller: "ecs-native", service: "orders-service", blue: null, green: null, listener: null }],
  [{ controller: "task-set", service: "library-service", blue: { targetGroup: "b" }, green: { targetGroup: "g" } }],
])("where one service has both sides it cannot be suspended for one: %j", (changes) => {
  const { error } = applicationSchema.safeParse({ ...LIBRARY_SETTINGS, ...changes, suspendScaleIn: true });
  expect(error?.issues).toMatchObject([{ path: ["suspendScaleIn"] }]);
  expect(fixesOf(error)).toBe(
    "leave it out; only with paired-services has each side a service that is scaled by itself",
  );
});
