/**
 * Who gets what answer from everything that can be asked: one column for each kind of asker, one row for each page, REST
 * method, server action, operation and query. A new one without a row, and a row without its subject, fail the test.
 */

/** The askers, in the order of every row's cells. All look at the application `library`; there is another one, `other`. */
export const ASKERS = [
  "anonymous",
  // An admin's session, used by a page of another origin.
  "foreign origin",
  // An admin's session, unused for more than an hour.
  "idle session",
  // An admin's session, older than eight hours.
  "old session",
  // An admin's session that was ended.
  "ended session",
  "wrong token",
  "revoked token",
  "past token",
  "no role",
  "viewer",
  "operator",
  "approver",
  "admin",
  "viewer on library",
  "operator on library",
  "approver on library",
  "admin on library",
  "admin on other",
  // Tokens with every verb, and one with none.
  "token for library",
  "token for other",
  "token that looks",
] as const;
export type Asker = (typeof ASKERS)[number];

/**
 * "ok": let in, whatever the rules say then. "none": let in, and `library` is not in the answer. "in": sent to the sign-in page;
 * "away": sent from there, being signed in. "401", "403", "404": refused, and for 404 as if there were no such thing.
 */
export type Cell = "ok" | "none" | "in" | "away" | "401" | "403" | "404";

/* biome-ignore format: one column for each asker, grouped: none or false, on all, on one application, tokens */
const ROWS = {
  //                       anon foreign idle old ended wrong revoked past | none viewer oper appr admin | vwr op apr adm other | tok other looks
  open:                   "ok   ok   ok   ok   ok   ok   ok   ok     ok   ok   ok   ok   ok     ok   ok   ok   ok   ok     ok   ok   ok",
  signIn:                 "ok   away ok   ok   ok   ok   ok   ok     away away away away away   away away away away away   ok   ok   ok",

  restRead:               "401  ok   401  401  401  401  401  401    403  ok   ok   ok   ok     ok   ok   ok   ok   404    ok   404  ok",
  restDocument:           "401  ok   401  401  401  401  401  401    403  ok   ok   ok   ok     ok   ok   ok   ok   ok     ok   ok   ok",
  restList:               "401  ok   401  401  401  401  401  401    403  ok   ok   ok   ok     ok   ok   ok   ok   none   ok   none ok",
  restAll:                "401  ok   401  401  401  401  401  401    403  ok   ok   ok   ok     403  403  403  403  403    403  403  403",
  restAdminRead:          "401  ok   401  401  401  401  401  401    403  403  403  403  ok     403  403  403  403  403    403  403  403",
  adminList:              "401  ok   401  401  401  401  401  401    403  403  403  403  ok     403  403  403  ok   none   403  403  403",
  restOperate:            "401  403  401  401  401  401  401  401    403  403  ok   ok   ok     403  ok   ok   ok   404    ok   404  403",
  restApprove:            "401  403  401  401  401  401  401  401    403  403  403  ok   ok     403  403  ok   ok   404    ok   404  403",
  restAdmin:              "401  403  401  401  401  401  401  401    403  403  403  403  ok     403  403  403  403  403    403  403  403",

  restAcknowledge:        "401  403  401  401  401  401  401  401    403  403  ok   ok   ok     403  ok   ok   ok   404    403  404  403",
  restAcknowledgeById:    "401  403  401  401  401  401  401  401    403  403  ok   ok   ok     403  ok   ok   ok   404    403  403  403",
  restAdminHere:          "401  403  401  401  401  401  401  401    403  403  403  403  ok     403  403  403  ok   404    403  403  403",
  restAdminById:          "401  403  401  401  401  401  401  401    403  403  403  403  ok     403  403  403  ok   404    403  403  403",

  page:                   "in   ok   in   in   in   in   in   in     ok   ok   ok   ok   ok     ok   ok   ok   ok   ok     in   in   in",
  pageList:               "in   ok   in   in   in   in   in   in     403  ok   ok   ok   ok     ok   ok   ok   ok   none   in   in   in",
  pageAll:                "in   ok   in   in   in   in   in   in     403  ok   ok   ok   ok     403  403  403  403  403    in   in   in",
  pageAny:                "in   ok   in   in   in   in   in   in     403  ok   ok   ok   ok     ok   ok   ok   ok   ok     in   in   in",
  pageOfApplication:      "in   ok   in   in   in   in   in   in     403  ok   ok   ok   ok     ok   ok   ok   ok   404    in   in   in",
  pageAdminList:          "in   ok   in   in   in   in   in   in     404  404  404  404  ok     404  404  404  ok   none   in   in   in",

  actRead:                "401  403  401  401  401  401  401  401    403  ok   ok   ok   ok     ok   ok   ok   ok   404    401  401  401",
  actOperate:             "401  403  401  401  401  401  401  401    403  403  ok   ok   ok     403  ok   ok   ok   404    401  401  401",
  actApprove:             "401  403  401  401  401  401  401  401    403  403  403  ok   ok     403  403  ok   ok   404    401  401  401",
  actAdmin:               "401  403  401  401  401  401  401  401    403  403  403  403  ok     403  403  403  403  403    401  401  401",
  actAdminHere:           "401  403  401  401  401  401  401  401    403  403  403  403  ok     403  403  403  ok   404    401  401  401",

  operate:                "401  ok   401  401  401  401  401  401    403  403  ok   ok   ok     403  ok   ok   ok   404    ok   404  403",
  approve:                "401  ok   401  401  401  401  401  401    403  403  403  ok   ok     403  403  ok   ok   404    ok   404  403",
  acknowledge:            "401  ok   401  401  401  401  401  401    403  403  ok   ok   ok     403  ok   ok   ok   404    403  404  403",
  acknowledgeById:        "401  ok   401  401  401  401  401  401    403  403  ok   ok   ok     403  ok   ok   ok   404    403  403  403",
  administer:             "401  ok   401  401  401  401  401  401    403  403  403  403  ok     403  403  403  403  403    403  403  403",
  administerHere:         "401  ok   401  401  401  401  401  401    403  403  403  403  ok     403  403  403  ok   404    403  404  403",
  administerById:         "401  ok   401  401  401  401  401  401    403  403  403  403  ok     403  403  403  ok   404    403  403  403",
} as const;

/** What one row is about. */
export interface AccessRow {
  cells: keyof typeof ROWS;
  /** Sent by REST as the body, given to an operation as its input; a query's arguments after its context. */
  input?: unknown;
  /** A server action's arguments. */
  args?: readonly unknown[];
  /** Appended to the path. */
  search?: string;
}

/** The cells of a row, by asker. */
export function cellsOf(row: AccessRow): ReadonlyMap<Asker, Cell> {
  const cells = ROWS[row.cells].split(/ +/) as Cell[];
  if (cells.length !== ASKERS.length) throw new Error(`${row.cells} has ${cells.length} cells, not ${ASKERS.length}`);
  return new Map(ASKERS.map((asker, index) => [asker, cells[index] ?? "404"]));
}

const OURS = { application: "library" };
const SOME = { deploymentId: "d-library", comment: "why" };
/** Let in, and refused then: nothing of this may move anything. */
const BAD_RECEIPT = { ...OURS, to: "green", receipt: "none" };
/** About all, and ended before it began. */
const NO_FREEZE = { application: null, reason: "why", until: 1 };
/** Of a proposal that there is not. */
const NO_PROPOSAL = { proposals: [{ name: "library", hash: "0000000000000000" }] };
/** About one application, and over before it began. */
const NO_TOKEN = { name: "ci", verbs: [], applications: ["library"], expiresAt: 1 };
const PAST_TOKEN = { tokenId: "t-000000000003" };
const STRANGER = { personId: "stranger@example.com" };
const NOBODY = { addresses: [], claims: [] };
const NO_RULES = { viewer: NOBODY, operator: NOBODY, approver: NOBODY, admin: NOBODY };
const CONFIGURED = {
  access: NO_RULES,
  applications: [{ name: "library", access: { ...NO_RULES, viewer: { addresses: [], claims: ["team"] } } }],
};
const BAD_REASON = { ...OURS, reason: 5 };
const BAD_FORM = new FormData();
BAD_FORM.set("application", "library");
BAD_FORM.set("to", "purple");

/** Everything that can be asked, by its name as the test finds it. */
export const ACCESS_TABLE: Readonly<Record<string, AccessRow>> = {
  "page /sign-in": { cells: "signIn" },
  "page /": { cells: "pageList" },
  "page /access": { cells: "page" },
  "page /audit": { cells: "pageList" },
  "page /deliveries": { cells: "pageList" },
  "page /freezes": { cells: "pageList" },
  "page /approvals": { cells: "pageAny" },
  "page /approvals/[id]": { cells: "pageOfApplication" },
  "page /discovery": { cells: "pageAll" },
  "page /readiness": { cells: "pageList" },
  "page /tokens": { cells: "pageAdminList" },
  "page /[application]": { cells: "pageOfApplication" },
  "page /[application]/deploy": { cells: "pageOfApplication" },
  "page /[application]/deployments": { cells: "pageOfApplication" },
  "page /[application]/deployments/[id]": { cells: "pageOfApplication" },
  "page /[application]/incidents/[id]": { cells: "pageOfApplication" },
  "page /[application]/logs": { cells: "pageOfApplication" },
  "page /[application]/moving": { cells: "pageOfApplication" },
  "page /[application]/rollback": { cells: "pageOfApplication" },

  "GET /api/health": { cells: "open" },
  "GET /api/health/live": { cells: "open" },
  "GET /api/health/ready": { cells: "open" },
  "GET /api/metrics": { cells: "restDocument" },
  "GET /api/auth/[...nextauth]": { cells: "open" },
  "POST /api/auth/[...nextauth]": { cells: "open" },

  "GET /api/v1/openapi.json": { cells: "open" },
  "GET /api/v1/applications": { cells: "restList" },
  "GET /api/v1/live": { cells: "restList" },
  "GET /api/v1/audit": { cells: "restList" },
  "GET /api/v1/applications/[name]": { cells: "restRead" },
  "GET /api/v1/applications/[name]/live": { cells: "restRead" },
  "GET /api/v1/applications/[name]/logs": { cells: "restRead" },
  "GET /api/v1/applications/[name]/logs/history": { cells: "restRead" },
  "GET /api/v1/applications/[name]/errors": { cells: "restRead" },
  "GET /api/v1/applications/[name]/incidents": { cells: "restRead" },
  "GET /api/v1/applications/[name]/incidents/[id]": { cells: "restRead" },
  "GET /api/v1/applications/[name]/images": { cells: "restRead" },
  "GET /api/v1/applications/[name]/receipt": { cells: "restRead", search: "?to=purple" },
  "GET /api/v1/applications/[name]/deployments": { cells: "restRead" },
  "GET /api/v1/applications/[name]/commands": { cells: "restRead", search: "?action=none" },
  "GET /api/v1/applications/[name]/handover": { cells: "restRead" },
  "POST /api/v1/applications/[name]/deployments": { cells: "restOperate", input: {} },
  "POST /api/v1/applications/[name]/switch": { cells: "restOperate", input: { to: "green", receipt: "none" } },
  "POST /api/v1/applications/[name]/rollback": { cells: "restOperate", input: { reason: 5 } },
  "GET /api/v1/deployments/[id]": { cells: "restRead" },
  "GET /api/v1/deployments/[id]/handover": { cells: "restRead" },
  "GET /api/v1/deployments/[id]/live": { cells: "restRead" },
  "POST /api/v1/deployments/[id]/abort": { cells: "restOperate", input: {} },
  "POST /api/v1/deployments/[id]/extend": { cells: "restOperate", input: {} },
  "POST /api/v1/deployments/[id]/retire": { cells: "restOperate", input: {} },
  "POST /api/v1/deployments/[id]/acknowledge": { cells: "restAcknowledgeById", input: {} },
  "POST /api/v1/deployments/[id]/approve": { cells: "restApprove", input: {} },
  "POST /api/v1/deployments/[id]/reject": { cells: "restApprove", input: {} },
  "GET /api/v1/approvals": { cells: "restDocument" },
  "GET /api/v1/summaries": { cells: "restList" },
  "GET /api/v1/waits": { cells: "restDocument" },
  "POST /api/v1/applications/[name]/drifts": { cells: "restAcknowledge", input: {} },
  "POST /api/v1/applications/[name]/target-groups": { cells: "restOperate", input: {} },
  "POST /api/v1/applications/[name]/logs/search": { cells: "restOperate", input: {} },
  "GET /api/v1/freezes": { cells: "restList" },
  "POST /api/v1/freezes": { cells: "restAdmin", input: NO_FREEZE },
  "GET /api/v1/freezes/[id]": { cells: "restRead" },
  "DELETE /api/v1/freezes/[id]": { cells: "restAdminById" },
  "GET /api/v1/discovery": { cells: "restAll" },
  "POST /api/v1/discovery": { cells: "restAdmin", input: NO_PROPOSAL },
  "GET /api/v1/readiness": { cells: "restList" },
  "GET /api/v1/applications/[name]/readiness": { cells: "restRead" },
  "POST /api/v1/applications/[name]/readiness": { cells: "restAcknowledge", input: {} },
  "GET /api/v1/tokens": { cells: "adminList" },
  "POST /api/v1/tokens": { cells: "restAdminHere", input: NO_TOKEN },
  "GET /api/v1/tokens/[id]": { cells: "administerById" },
  "DELETE /api/v1/tokens/[id]": { cells: "restAdminById" },

  "action deployAction": { cells: "actOperate", args: [OURS] },
  "action switchAction": { cells: "actOperate", args: [BAD_RECEIPT] },
  "action rollBackAction": { cells: "actOperate", args: [BAD_REASON] },
  "action rollBackFormAction": { cells: "actOperate", args: [null, BAD_FORM] },
  "action abortAction": { cells: "actOperate", args: [SOME] },
  "action extendAction": { cells: "actOperate", args: [{ deploymentId: "d-library" }] },
  "action retireAction": { cells: "actOperate", args: [SOME] },
  "action receiptAction": { cells: "actRead", args: ["library", "purple"] },
  "action deployPlanAction": { cells: "actOperate", args: ["library", {}] },
  "action approveAction": { cells: "actApprove", args: [SOME] },
  "action rejectAction": { cells: "actApprove", args: [SOME] },
  "action acknowledgeRollbackAction": { cells: "actOperate", args: [{ deploymentId: "d-library" }] },
  "action acknowledgeAction": { cells: "actOperate", args: [OURS] },
  "action addGroupAction": { cells: "actOperate", args: [OURS] },
  "action putOffAction": { cells: "actOperate", args: [OURS] },
  "action addApplicationsAction": { cells: "actAdmin", args: [NO_PROPOSAL] },
  "action freezeAction": { cells: "actAdmin", args: [NO_FREEZE] },
  "action liftAction": { cells: "actAdminHere", args: [{ freezeId: "d-library" }] },
  "action createTokenAction": { cells: "actAdminHere", args: [NO_TOKEN] },
  "action revokeTokenAction": { cells: "actAdminHere", args: [PAST_TOKEN] },
  "action retryDeliveryAction": { cells: "actAdminHere", args: [OURS] },
  "action grantRoleAction": { cells: "actAdminHere", args: [OURS] },
  "action revokeGrantAction": { cells: "actAdminHere", args: [{ grantId: "g-000000000001" }] },
  "action endSessionsAction": { cells: "actAdmin", args: [STRANGER] },

  "operation deploy": { cells: "operate", input: OURS },
  "operation switchTraffic": { cells: "operate", input: BAD_RECEIPT },
  "operation rollBack": { cells: "operate", input: BAD_REASON },
  "operation abortDeployment": { cells: "operate", input: SOME },
  "operation extendWindow": { cells: "operate", input: { deploymentId: "d-library" } },
  "operation retireSide": { cells: "operate", input: SOME },
  "operation approveDeployment": { cells: "approve", input: SOME },
  "operation rejectDeployment": { cells: "approve", input: SOME },
  "operation acknowledgeRollback": { cells: "acknowledgeById", input: { deploymentId: "d-library" } },
  "operation acknowledgeDrift": { cells: "acknowledge", input: OURS },
  "operation addUnusedGroup": { cells: "operate", input: OURS },
  "operation putOffStep": { cells: "acknowledge", input: OURS },
  "operation addApplications": { cells: "administer", input: NO_PROPOSAL },
  "operation freezeLine": { cells: "administer", input: NO_FREEZE },
  "operation liftFreeze": { cells: "administerById", input: { freezeId: "d-library" } },
  "operation createToken": { cells: "administerById", input: NO_TOKEN },
  "operation revokeToken": { cells: "administerById", input: PAST_TOKEN },
  "operation retryDelivery": { cells: "administerHere", input: OURS },
  "operation grantRole": { cells: "administerHere", input: OURS },
  "operation revokeGrant": { cells: "administerById", input: { grantId: "g-000000000001" } },
  "operation endSessions": { cells: "administer", input: STRANGER },

  "query getDiscovery": { cells: "restAll", input: [] },
  "query getFreeze": { cells: "restRead", input: ["d-library"] },
  "query getToken": { cells: "administerById", input: ["t-000000000003"] },
  "query getApplication": { cells: "restRead", input: ["library"] },
  "query getApplicationHandover": { cells: "restRead", input: ["library"] },
  "query getCommands": { cells: "restRead", input: ["library", {}] },
  "query getDeploymentHandover": { cells: "restRead", input: ["d-library"] },
  "query getDeployPlan": { cells: "operate", input: ["library", {}] },
  "query searchLog": { cells: "operate", input: [{ application: "library" }] },
  "query getDeployment": { cells: "restRead", input: ["d-library"] },
  "query getReceipt": { cells: "restRead", input: ["library", "purple"] },
  "query getMovingPlan": { cells: "restRead", input: ["library"] },
  "query getStoppedTasks": { cells: "restRead", input: ["library"] },
  "query getErrors": { cells: "restRead", input: ["library"] },
  "query getIncident": { cells: "restRead", input: ["library", "d-library"] },
  "query listIncidents": { cells: "restRead", input: ["library"] },
  "query listDeployments": { cells: "restRead", input: ["library", {}] },
  "query findRequested": { cells: "restRead", input: ["library", "key-1"] },
  "query listImageTags": { cells: "restRead", input: ["library"] },
  "query getApproval": { cells: "restRead", input: ["d-library"] },
  "query listApprovals": { cells: "restDocument", input: [] },
  "query listWaits": { cells: "restDocument", input: [] },
  "query countWaits": { cells: "restDocument", input: [] },
  "query getReadiness": { cells: "restRead", input: ["library"] },
  "query listReadiness": { cells: "restList", input: [] },
  "query listFreezes": { cells: "restList", input: [] },
  "query listApplications": { cells: "restList", input: [] },
  "query listSummaries": { cells: "restList", input: [] },
  "query listAudit": { cells: "restList", input: [{}] },
  "query exportAudit": { cells: "restDocument", input: [{}] },
  "query listDeliveries": { cells: "restList", input: [{}] },
  "query listEndpoints": { cells: "restDocument", input: [] },
  "query listTokens": { cells: "adminList", input: [] },
  "query listSessions": { cells: "restAdminRead", input: [] },
  "query listGrants": { cells: "adminList", input: [] },
  "query listConfiguredRoles": { cells: "adminList", input: [CONFIGURED] },
};
