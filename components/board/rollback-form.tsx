"use client";
import { type ReactNode, useActionState } from "react";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import type { RollBackForm } from "./board-actions.ts";
import { rollbackPath } from "./rollback-path.ts";

/**
 * A rollback as a form: the browser itself sends it while the page's script does not run yet, or never does, and the page at
 * `rollbackPath` answers. With the script `onSend` takes its place. `formKey` makes sending it twice do it once.
 */
export function RollbackForm({
  application,
  to,
  action,
  formKey,
  onSend,
  children,
}: {
  application: string;
  to: SlotColor | null;
  action: RollBackForm;
  formKey: string;
  onSend: () => void;
  children: ReactNode;
}) {
  const [, send] = useActionState(action, null, rollbackPath(application));
  return (
    <form
      action={send}
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
    >
      <RollbackFields application={application} to={to} formKey={formKey} />
      {children}
    </form>
  );
}

/** What the form says: which side it brings back, as the page shows it. */
export function RollbackFields({
  application,
  to,
  formKey,
}: {
  application: string;
  to: SlotColor | null;
  formKey: string;
}) {
  return (
    <>
      <input type="hidden" name="application" value={application} />
      {to ? <input type="hidden" name="to" value={to} /> : null}
      <input type="hidden" name="idempotencyKey" value={formKey} />
    </>
  );
}
