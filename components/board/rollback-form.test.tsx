import { expect, test } from "vitest";
import { idleRunner } from "@/components/fixtures/idle-runner.ts";
import { markupOf } from "@/components/fixtures/in-language.tsx";
import { degraded, faultAfterSwitch } from "@/components/fixtures/scenes.ts";
import type { Role } from "@/lib/domain/access/role.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import type { BoardActions } from "./board-actions.ts";
import { RollbackButton } from "./rollback-button.tsx";

function render(scene: ApplicationSnapshot, role: Role | null): string {
  return markupOf(
    <RollbackButton
      snapshot={scene}
      role={role}
      actions={{ rollBackForm: async () => null } as unknown as BoardActions}
      runner={idleRunner}
      formKey="key-1"
      idPrefix="panel"
    />,
  );
}

const fieldOf = (markup: string, name: string) =>
  new RegExp(`<input type="hidden" name="${name}" value="([^"]*)"`).exec(markup)?.[1];

test("the way back is a form that says what it is about, for browsers whose script has not arrived", () => {
  const markup = render(faultAfterSwitch, "operator");
  expect(markup).toContain("<form");
  expect(markup).toMatch(/<button type="submit"[^>]*>Roll back to/);
  expect(fieldOf(markup, "application")).toBe(faultAfterSwitch.name);
  expect(fieldOf(markup, "to")).toBe(faultAfterSwitch.rollbackTo);
  expect(fieldOf(markup, "idempotencyKey")).toBe("key-1");
});

test.each([
  ["who may only look", faultAfterSwitch, "viewer" as const],
  ["where there is nothing to go back to", degraded, "operator" as const],
])("for %s its button sends nothing", (_name, scene, role) => {
  expect(render(scene, role)).not.toContain('type="submit"');
});
