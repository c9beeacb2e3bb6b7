import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import type { Rollout } from "@/lib/domain/observation/rollout.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import type { Receipt } from "@/lib/domain/snapshot/receipt.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";

/** What an action of the board answers; an outdated receipt comes back with the fresh one. */
export type ActionResult = Result<Deployment, { receipt?: Receipt }>;

/** An approver's word against refusals. */
interface OverrideRequest {
  application: string;
  reason: string;
}

/** What a form that was refused is answered with; one that was accepted leads to a page of its own. */
export type FormRefusal = Extract<Result<never>, { ok: false }> | null;

/** Rolls back as a form's fields say. */
export type RollBackForm = (before: FormRefusal, form: FormData) => Promise<FormRefusal>;

/** The server actions that the page hands to the board. */
export interface BoardActions {
  receipt(application: string, to: SlotColor): Promise<Result<Receipt>>;
  switch(input: {
    application: string;
    to: SlotColor;
    receipt: string;
    reason?: string;
    /** Left out, traffic moves as the receipt says. */
    rollout?: Rollout;
    override?: OverrideRequest;
    idempotencyKey?: string;
  }): Promise<ActionResult>;
  rollBack(input: {
    application: string;
    /** The side that the button names. */
    to?: SlotColor;
    reason?: string;
    override?: OverrideRequest;
    idempotencyKey?: string;
  }): Promise<ActionResult>;
  /** The same from a form, which works without the page's script. */
  rollBackForm: RollBackForm;
  acknowledge(input: { application: string; drift: string }): Promise<Result<unknown>>;
  acknowledgeRollback(input: { deploymentId: string }): Promise<Result<unknown>>;
  abort(input: { deploymentId: string }): Promise<ActionResult>;
  extend(input: { deploymentId: string; minutes: number }): Promise<ActionResult>;
  retire(input: { deploymentId: string; gate?: string }): Promise<ActionResult>;
}
