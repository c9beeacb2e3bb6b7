import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Identity } from "../domain/access/role.ts";
import type { Context } from "../request/context.ts";
import type { Store } from "../store/store.ts";
import { createMemoryStore } from "../testing/memory-store.ts";
import { incidentRow } from "../testing/test-rows.ts";
import { getIncident, listIncidents } from "./get-incidents.ts";

let store: Store;
beforeAll(async () => {
  store = await createMemoryStore();
  for (const application of ["library", "other"])
    await store.saveIncident(
      incidentRow({ id: `i-${application}`, application, title: `of ${application}` }),
      1_000_000,
    );
});
afterAll(() => store.close());

function as(roles: Partial<Identity>): Context {
  const observer = {
    findApplication: (name: string) => (["library", "other"].includes(name) ? { name } : null),
    unresolved: () => [],
  } as unknown as Context["runtime"]["observer"];
  const runtime = { store, observer, now: Date.now } as Context["runtime"];
  return { runtime, identity: { id: "kim", name: "Kim", role: null, via: "session", ...roles }, address: null };
}
const ofLibrary = () => as({ applicationRoles: { library: "viewer" } });

describe("what happened", () => {
  test("is read by who may see its application", async () => {
    expect(await getIncident(ofLibrary(), "library", "i-library")).toMatchObject({
      ok: true,
      value: { id: "i-library" },
    });
    expect(await listIncidents(ofLibrary(), "library")).toMatchObject({ ok: true, value: [{ id: "i-library" }] });
  });

  test("another application's is not there, by its own name and by the reader's", async () => {
    for (const name of ["other", "library"]) {
      const answer = await getIncident(ofLibrary(), name, "i-other");
      expect(answer).toMatchObject({ ok: false, code: "NOT_FOUND" });
      expect(JSON.stringify(answer)).not.toContain("of other");
    }
    expect(await listIncidents(ofLibrary(), "other")).toMatchObject({ ok: false, code: "NOT_FOUND" });
    const admin = await getIncident(as({ role: "admin" }), "library", "i-other");
    expect(admin).toMatchObject({ ok: false, code: "NOT_FOUND" });
  });

  test("is refused to who has no role at all", async () => {
    expect(await getIncident(as({}), "library", "i-library")).toMatchObject({ ok: false, code: "FORBIDDEN" });
  });
});
