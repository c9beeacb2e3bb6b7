import { access } from "./en/access.ts";
import { alarm } from "./en/alarm.ts";
import { approval } from "./en/approval.ts";
import { approvals } from "./en/approvals.ts";
import { audit } from "./en/audit.ts";
import { auditRow } from "./en/auditRow.ts";
import { awsError } from "./en/awsError.ts";
import { blocker } from "./en/blocker.ts";
import { board } from "./en/board.ts";
import { breach } from "./en/breach.ts";
import { caution } from "./en/caution.ts";
import { check } from "./en/check.ts";
import { codeDeploy } from "./en/codeDeploy.ts";
import { condition } from "./en/condition.ts";
import { config } from "./en/config.ts";
import { decision } from "./en/decision.ts";
import { deliveries } from "./en/deliveries.ts";
import { delivery } from "./en/delivery.ts";
import { deploy } from "./en/deploy.ts";
import { deployments } from "./en/deployments.ts";
import { discovery } from "./en/discovery.ts";
import { doing } from "./en/doing.ts";
import { drift } from "./en/drift.ts";
import { finding } from "./en/finding.ts";
import { fit } from "./en/fit.ts";
import { freeze } from "./en/freeze.ts";
import { freezes } from "./en/freezes.ts";
import { gate } from "./en/gate.ts";
import { handover } from "./en/handover.ts";
import { happened } from "./en/happened.ts";
import { health } from "./en/health.ts";
import { incident } from "./en/incident.ts";
import { incidentFile } from "./en/incidentFile.ts";
import { input } from "./en/input.ts";
import { layout } from "./en/layout.ts";
import { limit } from "./en/limit.ts";
import { list } from "./en/list.ts";
import { live } from "./en/live.ts";
import { logGap } from "./en/logGap.ts";
import { logs } from "./en/logs.ts";
import { manual } from "./en/manual.ts";
import { manualCommands } from "./en/manualCommands.ts";
import { moving } from "./en/moving.ts";
import { notice } from "./en/notice.ts";
import { overview } from "./en/overview.ts";
import { paging } from "./en/paging.ts";
import { plain } from "./en/plain.ts";
import { problem } from "./en/problem.ts";
import { proof } from "./en/proof.ts";
import { readiness } from "./en/readiness.ts";
import { readinessStep } from "./en/readinessStep.ts";
import { refusal } from "./en/refusal.ts";
import { resolve } from "./en/resolve.ts";
import { rest } from "./en/rest.ts";
import { scaling } from "./en/scaling.ts";
import { secretRule } from "./en/secretRule.ts";
import { signIn } from "./en/signIn.ts";
import { smoke } from "./en/smoke.ts";
import { source } from "./en/source.ts";
import { step } from "./en/step.ts";
import { tokens } from "./en/tokens.ts";
import { told } from "./en/told.ts";
import { ui } from "./en/ui.ts";
import { wait } from "./en/wait.ts";
import { waits } from "./en/waits.ts";
import { way } from "./en/way.ts";

/** Every sentence in English, by room. */
export const ENGLISH = {
  access,
  alarm,
  approval,
  approvals,
  audit,
  auditRow,
  awsError,
  blocker,
  board,
  breach,
  caution,
  check,
  codeDeploy,
  condition,
  config,
  decision,
  deliveries,
  delivery,
  deploy,
  deployments,
  discovery,
  doing,
  drift,
  finding,
  fit,
  freeze,
  freezes,
  gate,
  handover,
  happened,
  health,
  incident,
  incidentFile,
  input,
  layout,
  limit,
  list,
  live,
  logGap,
  logs,
  manual,
  manualCommands,
  moving,
  notice,
  overview,
  paging,
  plain,
  problem,
  proof,
  readiness,
  readinessStep,
  refusal,
  resolve,
  rest,
  scaling,
  secretRule,
  signIn,
  smoke,
  source,
  step,
  tokens,
  told,
  ui,
  wait,
  waits,
  way,
};
