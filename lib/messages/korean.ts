import type { ENGLISH } from "./english.ts";
import { access } from "./ko/access.ts";
import { alarm } from "./ko/alarm.ts";
import { approval } from "./ko/approval.ts";
import { approvals } from "./ko/approvals.ts";
import { audit } from "./ko/audit.ts";
import { auditRow } from "./ko/auditRow.ts";
import { awsError } from "./ko/awsError.ts";
import { blocker } from "./ko/blocker.ts";
import { board } from "./ko/board.ts";
import { breach } from "./ko/breach.ts";
import { caution } from "./ko/caution.ts";
import { check } from "./ko/check.ts";
import { codeDeploy } from "./ko/codeDeploy.ts";
import { condition } from "./ko/condition.ts";
import { config } from "./ko/config.ts";
import { decision } from "./ko/decision.ts";
import { deliveries } from "./ko/deliveries.ts";
import { delivery } from "./ko/delivery.ts";
import { deploy } from "./ko/deploy.ts";
import { deployments } from "./ko/deployments.ts";
import { discovery } from "./ko/discovery.ts";
import { doing } from "./ko/doing.ts";
import { drift } from "./ko/drift.ts";
import { finding } from "./ko/finding.ts";
import { fit } from "./ko/fit.ts";
import { freeze } from "./ko/freeze.ts";
import { freezes } from "./ko/freezes.ts";
import { gate } from "./ko/gate.ts";
import { handover } from "./ko/handover.ts";
import { happened } from "./ko/happened.ts";
import { health } from "./ko/health.ts";
import { incident } from "./ko/incident.ts";
import { incidentFile } from "./ko/incidentFile.ts";
import { input } from "./ko/input.ts";
import { layout } from "./ko/layout.ts";
import { limit } from "./ko/limit.ts";
import { list } from "./ko/list.ts";
import { live } from "./ko/live.ts";
import { logGap } from "./ko/logGap.ts";
import { logs } from "./ko/logs.ts";
import { manual } from "./ko/manual.ts";
import { manualCommands } from "./ko/manualCommands.ts";
import { moving } from "./ko/moving.ts";
import { notice } from "./ko/notice.ts";
import { overview } from "./ko/overview.ts";
import { paging } from "./ko/paging.ts";
import { plain } from "./ko/plain.ts";
import { problem } from "./ko/problem.ts";
import { proof } from "./ko/proof.ts";
import { readiness } from "./ko/readiness.ts";
import { readinessStep } from "./ko/readinessStep.ts";
import { refusal } from "./ko/refusal.ts";
import { resolve } from "./ko/resolve.ts";
import { rest } from "./ko/rest.ts";
import { scaling } from "./ko/scaling.ts";
import { secretRule } from "./ko/secretRule.ts";
import { signIn } from "./ko/signIn.ts";
import { smoke } from "./ko/smoke.ts";
import { source } from "./ko/source.ts";
import { step } from "./ko/step.ts";
import { tokens } from "./ko/tokens.ts";
import { told } from "./ko/told.ts";
import { ui } from "./ko/ui.ts";
import { wait } from "./ko/wait.ts";
import { waits } from "./ko/waits.ts";
import { way } from "./ko/way.ts";
import type { TranslationOf } from "./types.ts";

/** Every sentence in Korean, by room; a key that is missing or too much does not compile. */
export const KOREAN = {
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
} as const satisfies TranslationOf<typeof ENGLISH>;
