import { expect, test } from "vitest";
import { freezeNotifications } from "../domain/notification/freeze-notifications.ts";
import { notificationIn } from "./notification-in.ts";
import { slackPayload } from "./payload.ts";

const freeze = {
  id: "f-1",
  application: null,
  reason: "audit *week*",
  startedBy: "Kim",
  startedAt: 0,
  until: null,
  liftedAt: null,
  liftedBy: null,
};
const [frozen] = freezeNotifications(freeze, 1);
if (!frozen) throw new Error("A freeze is told");

test("a recipient reads in the language of the channel, and people's own words stay as they are", () => {
  expect(notificationIn(frozen, "en")).toEqual(frozen);
  const korean = notificationIn(frozen, "ko");
  expect(korean.title).toBe("모든 애플리케이션: Kim 님이 배포를 동결함");
  expect(korean.text).toContain("audit *week*");
  expect(korean).toMatchObject({ id: frozen.id, kind: frozen.kind, deepLinkPath: frozen.deepLinkPath });
  expect(slackPayload(korean, "https://x.example", "ko")).toContain("Switchyard에서 열기");
});

test("a notification of another version stays in English", () => {
  const { titleSaid: _title, ...older } = frozen;
  expect(notificationIn(older, "ko")).toEqual(older);
  const unknown = { ...frozen, lines: [{ code: "notice.gone", params: {} }] };
  expect(notificationIn(unknown, "ko")).toEqual(unknown);
});
