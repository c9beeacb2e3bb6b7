import type { Role } from "@/lib/domain/access/role.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import type { BoardActions } from "./board-actions.ts";
import type { useSent } from "./sent-notice.tsx";
import type { ActionRunner } from "./use-action.ts";

/** Everything the buttons need; the panel and the phone's bar share it. */
export interface ButtonProps {
  snapshot: ApplicationSnapshot;
  role: Role | null;
  actions: BoardActions;
  runner: ActionRunner;
  sent: ReturnType<typeof useSent>;
  /** Idempotency key of forms that are sent without the page's script. */
  formKey: string;
  onSwitch: (to: SlotColor) => void;
  onCloseWindow: () => void;
}
