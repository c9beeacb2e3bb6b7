import { expect, test } from "vitest";
import { toldIn } from "../sentence/told.ts";
import { nameSaid } from "./person-name.ts";

test("the bootstrap token's name is told in the reader's language, a person's as it is", () => {
  expect(toldIn(nameSaid("Bootstrap token"), "ko")).toBe("부트스트랩 토큰");
  expect(toldIn(nameSaid("Bootstrap token"), "en")).toBe("Bootstrap token");
  expect(toldIn(nameSaid("Kim"), "ko")).toBe("Kim");
});
