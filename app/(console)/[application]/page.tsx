import { randomUUID } from "node:crypto";
import { Board } from "@/components/board/board.tsx";
import { LogPanel } from "@/components/logs/log-panel.tsx";
import { can, roleOn } from "@/lib/domain/access/role.ts";
import { requireIdentity } from "../page-context.ts";
import {
  abortAction,
  acknowledgeAction,
  acknowledgeRollbackAction,
  extendAction,
  receiptAction,
  retireAction,
  rollBackAction,
  rollBackFormAction,
  switchAction,
} from "./actions.ts";

const ACTIONS = {
  receipt: receiptAction,
  switch: switchAction,
  rollBack: rollBackAction,
  rollBackForm: rollBackFormAction,
  abort: abortAction,
  acknowledge: acknowledgeAction,
  acknowledgeRollback: acknowledgeRollbackAction,
  extend: extendAction,
  retire: retireAction,
};

export default async function BoardPage({ params }: { params: Promise<{ application: string }> }) {
  const name = decodeURIComponent((await params).application);
  const identity = await requireIdentity();
  return (
    <Board application={name} role={roleOn(identity, name)} actions={ACTIONS} formKey={randomUUID()}>
      <LogPanel application={name} maySearch={can(identity, "deploy", name)} />
    </Board>
  );
}
