import { expect, test } from "vitest";
import { idleRunner } from "@/components/fixtures/idle-runner.ts";
import { markupOf } from "@/components/fixtures/in-language.tsx";
import { faultAfterSwitch, waiting } from "@/components/fixtures/scenes.ts";
import { snapshot } from "@/components/fixtures/snapshots.ts";
import type { Role } from "@/lib/domain/access/role.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import type { ActionState } from "@/lib/domain/verb/action-state.ts";
import type { BlockerCode } from "@/lib/domain/verb/blocker.ts";
import type { Verb } from "@/lib/domain/verb/verb.ts";
import type { BoardActions } from "./board-actions.ts";
import { OverrideEntry } from "./override-entry.tsx";

const READ = "Read the receipt to override";
const ROLLBACK = "Override the rollback&#x27;s refusal";

const refused = (...codes: BlockerCode[]): ActionState => ({
  allowed: false,
  blockers: codes.map((code) => ({ code, message: code })),
});
const having = (scene: ApplicationSnapshot, actions: Partial<Record<Verb, ActionState>>): ApplicationSnapshot => ({
  ...scene,
  actions: { ...scene.actions, ...actions },
});

function render(scene: ApplicationSnapshot, role: Role | null = "approver"): string {
  return markupOf(
    <OverrideEntry
      snapshot={scene}
      role={role}
      actions={{} as BoardActions}
      runner={idleRunner}
      sent={{ found: null, dismiss: () => {} }}
      onSwitch={() => undefined}
      onCloseWindow={() => undefined}
    />,
  );
}

/** The ways to an override that this person is shown. */
function waysFor(scene: ApplicationSnapshot, role: Role | null = "approver"): string[] {
  return [...render(scene, role).matchAll(/<button[^>]*>([^<]*)/g)].map((match) => match[1] ?? "");
}

const waitsSick = having(waiting, { switch: refused("STANDBY_NOT_HEALTHY", "STANDBY_TOO_SMALL") });
const restsSick = having(snapshot(), { switch: refused("STANDBY_TOO_SMALL") });
const bakesSick = having(faultAfterSwitch, { rollback: refused("OLD_SIDE_NOT_HEALTHY") });

test.each([
  ["a release waits for its switch to a sick side", waitsSick, [READ]],
  ["the switch to a sick side stands beside a new deployment", restsSick, [READ]],
  ["the way back leads to a sick side", bakesSick, [ROLLBACK]],
  [
    "both lead to a sick side at rest",
    having(restsSick, { rollback: refused("OLD_SIDE_NOT_HEALTHY") }),
    [READ, ROLLBACK],
  ],
])("an approver is shown the override where %s", (_, scene, ways) => {
  expect(waysFor(scene)).toEqual(ways);
  for (const role of ["viewer", "operator", null] as const) expect(waysFor(scene, role)).toEqual([]);
});

test.each([
  ["nothing is refused", waiting],
  ["something else is in the way as well", having(waiting, { switch: refused("STANDBY_NOT_HEALTHY", "FROZEN") })],
  ["a side has no target to take back traffic", having(bakesSick, { rollback: refused("STANDBY_EMPTY") })],
  ["rolling back is possible instead", having(restsSick, { rollback: { allowed: true, blockers: [] } })],
])("no override is offered where %s", (_, scene) => {
  expect(waysFor(scene)).toEqual([]);
});

test("what is in the way of the switch is said here only where no button says it", () => {
  expect(render(restsSick)).toContain(">STANDBY_TOO_SMALL<");
  expect(render(waitsSick)).not.toContain("STANDBY_");
});
