import { inTime } from "../async/within.ts";
import { asQuestion } from "../aws/question.ts";
import type { OperationRuntime } from "./context.ts";
import { findApplication } from "./load-facts.ts";

/** Whoever switches waits no longer for the log. */
const PATIENCE_MS = 3_000;

/**
 * Has both sides' errors compared where they may block a switch, so that the next look has it. What the log does not say in time
 * blocks nothing, and is no failure of the switch.
 */
export async function compareErrorsFirst(
  { observer, hub, errors }: Pick<OperationRuntime, "observer" | "hub" | "errors">,
  name: string,
): Promise<void> {
  const found = findApplication({ observer }, name);
  const look = observer.observation(name);
  if (!found.ok || !look || !found.application.checks.errorKinds?.blockSwitch) return;
  const compare = async () => {
    const snapshot = await hub.lastSnapshot(name);
    await errors.compare(found.application, look, snapshot?.deployment ?? snapshot?.lastDeployment ?? null);
  };
  // What AWS says no to is part of the look.
  await inTime(
    PATIENCE_MS,
    asQuestion(compare).catch(() => undefined),
  );
}
