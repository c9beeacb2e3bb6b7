import { Notice } from "@/components/ui/notice.tsx";
import type { ActionRunner } from "./use-action.ts";

/** What the last action was refused with or failed of, said out loud; nothing while it has no problem. */
export function ProblemNotice({ problem }: Pick<ActionRunner, "problem">) {
  if (!problem) return null;
  return (
    <div role="alert">
      <Notice tone="fault" compact title={problem.message}>
        {problem.fix}
      </Notice>
    </div>
  );
}
