import type { ReactNode } from "react";
import { describe, expect, test } from "vitest";
import { AccessDesk } from "@/components/access/access-desk.tsx";
import { MyRoles } from "@/components/access/my-roles.tsx";
import { PermissionTable } from "@/components/access/permission-table.tsx";
import { ApprovalDesk } from "@/components/approvals/approval-desk.tsx";
import { AuditFilters } from "@/components/audit/audit-filters.tsx";
import { AuditTable } from "@/components/audit/audit-table.tsx";
import { ExportButton } from "@/components/audit/export-button.tsx";
import { HandoverButton } from "@/components/audit/handover-button.tsx";
import { Board } from "@/components/board/board.tsx";
import { CloseWindowForm } from "@/components/board/close-window-form.tsx";
import { OverrideForm } from "@/components/board/override-form.tsx";
import { ReceiptFacts } from "@/components/board/receipt-facts.tsx";
import { RetireForm } from "@/components/board/retire-form.tsx";
import { RollbackPage } from "@/components/board/rollback-page.tsx";
import { DeliveryFilters } from "@/components/deliveries/delivery-filters.tsx";
import { DeliveryTable } from "@/components/deliveries/delivery-table.tsx";
import { EndpointList } from "@/components/deliveries/endpoint-list.tsx";
import { DeployForm } from "@/components/deploy/deploy-form.tsx";
import { PlanDiff } from "@/components/deploy/plan-diff.tsx";
import { DeploymentDetail } from "@/components/deployments/deployment-detail.tsx";
import { DeploymentTable } from "@/components/deployments/deployment-table.tsx";
import { JournalTable } from "@/components/deployments/journal-table.tsx";
import { DiscoveryDesk } from "@/components/discovery/discovery-desk.tsx";
import { idleRunner } from "@/components/fixtures/idle-runner.ts";
import { pseudoMarkupOf, visibleTexts } from "@/components/fixtures/pseudo-language.tsx";
import { degraded, failed, faultAfterSwitch, scaling, unverified, waiting } from "@/components/fixtures/scenes.ts";
import { deployment, NOW, snapshot } from "@/components/fixtures/snapshots.ts";
import { FreezeDesk } from "@/components/freezes/freeze-desk.tsx";
import { IncidentList } from "@/components/incidents/incident-list.tsx";
import { IncidentView } from "@/components/incidents/incident-view.tsx";
import { NavRail } from "@/components/layout/nav-rail.tsx";
import { UserMenu } from "@/components/layout/user-menu.tsx";
import { LiveProvider } from "@/components/live/live-provider.tsx";
import { StreamPill } from "@/components/live/stream-pill.tsx";
import { LogPanel } from "@/components/logs/log-panel.tsx";
import { MovingView } from "@/components/manual-commands/moving-view.tsx";
import { Overview } from "@/components/overview/overview.tsx";
import { readOverviewAddress } from "@/components/overview/overview-address.ts";
import { ReadinessDesk } from "@/components/readiness/readiness-desk.tsx";
import { ReloadNote } from "@/components/readiness/reload-note.tsx";
import { SignIn } from "@/components/sign-in/sign-in.tsx";
import { TokenDesk } from "@/components/tokens/token-desk.tsx";
import { ClockProvider } from "@/components/ui/clock.tsx";
import { WaitList } from "@/components/waits/wait-list.tsx";
import { AUDIT_EVENTS } from "@/lib/domain/audit/audit.ts";
import { SECRET_RULE_WORDS } from "@/lib/domain/log/secrets.ts";
import { movingPlan } from "@/lib/domain/manual/moving.ts";
import { ALL_AT_ONCE } from "@/lib/domain/observation/rollout.ts";
import { readinessReport } from "@/lib/domain/readiness/readiness-report.ts";
import { say } from "@/lib/domain/sentence/sentence.ts";
import { lineMembers } from "@/lib/domain/sentence/told.ts";
import { receiptFacts } from "@/lib/domain/snapshot/receipt.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { LANGUAGE_NAMES } from "@/lib/messages/language.ts";
import { observation } from "@/lib/testing/facts.ts";
import { LIBRARY_SUBJECT, readyFacts, seen } from "@/lib/testing/readiness-facts.ts";
import { incidentRow, stoppedTask } from "@/lib/testing/test-rows.ts";

const HOUR = 3_600_000;
const OPERATOR = "operator";
const ADMIN = "admin";
/** Nothing is clicked here. */
const never = () => new Promise<never>(() => {});
const ACTIONS = new Proxy({}, { get: () => never }) as never;

/** What of ECS's own events is left when the names in them are shortened. */
const AWS_EVENTS = ["registered", "targets", "target-group", "service"];

/** What a page shows of one application. */
function live(shown: ApplicationSnapshot, children: ReactNode): [unknown, ReactNode] {
  return [
    [shown, AWS_EVENTS],
    <LiveProvider key="live" url="/live" initial={[shown]}>
      <StreamPill application={shown.name} />
      {children}
    </LiveProvider>,
  ];
}

const board = (shown: ApplicationSnapshot) =>
  live(
    shown,
    <Board application={shown.name} role={ADMIN} actions={ACTIONS} formKey="k">
      <LogPanel application={shown.name} maySearch={false} />
    </Board>,
  );

const audit = [
  {
    ...{ id: "a-1", at: NOW, actorId: "kim@example.com", actorName: "Kim", role: "operator", via: "session" },
    ...{ address: "10.0.0.7", action: "deployment.switch", application: "library", deploymentId: "dep-1" },
    ...{ outcome: "refused" as const, code: "FROZEN", reason: "audit week", sequence: 7, hash: "0f" },
    ...lineMembers(say("told.why", { what: "library", why: say("blocker.nothingInFlight") })),
  },
];
const notification = {
  ...{
    id: "n-1",
    kind: "deployment.rolledBack" as const,
    application: "library",
    deploymentId: "dep-1",
    version: 1 as const,
  },
  ...{ title: "t", text: "x", titleSaid: say("blocker.nothingInFlight"), lines: [], deepLinkPath: "/library", at: NOW },
};
const deliveries = [
  {
    delivery: {
      ...{ id: 1, notification, endpoint: "webhook:releases", state: "failed" as const, attempts: 3 },
      ...{ createdAt: NOW, nextAt: NOW, finishedAt: NOW },
      ...{ lastError: "No answer", lastErrorSaid: say("delivery.noAnswer") },
    },
    retryBlocked: say("refusal.delivered"),
  },
];
const freezes = [
  {
    ...{ id: "f-1", application: null, reason: "audit week", startedBy: "Kim", startedAt: NOW - HOUR, until: null },
    ...{ liftedAt: null, liftedBy: null },
  },
];
const tokens = [
  {
    ...{ id: "t-1", name: "pipeline", verbs: ["deploy" as const], applications: ["library"], createdBy: "Kim" },
    ...{ createdAt: NOW, expiresAt: NOW + HOUR, lastUsedAt: null, revokedAt: null, revokedBy: null },
  },
];
const grants = [
  {
    ...{ id: "g-1", kind: "address" as const, who: "kim@example.com", role: "admin" as const, application: null },
    ...{ reason: null, createdBy: "Lee", createdAt: NOW, expiresAt: null, revokedAt: null, revokedBy: null },
  },
];
const sessions = [
  {
    ...{ id: "s-1", personId: "kim@example.com", name: "Kim", provider: "oidc", address: "10.0.0.7" },
    ...{ startedAt: NOW - HOUR, lastSeenAt: NOW, endedAt: null, endedBy: null },
  },
];
const plain = incidentRow();
const incident = incidentRow({
  titleSaid: say("happened.endedWell"),
  missing: ["The journal could not be read: away"],
  missingSaid: [say("incidentFile.unread", { what: "journal", why: "away" })],
  sides: { ...plain.sides, green: { ...plain.sides.green, tasks: [stoppedTask("3e91c0d2f1", NOW)] } },
  changes: [{ field: "Order of entries", before: "4", after: "5" }],
});
const release = deployment("PRODUCTION_TRAFFIC_SHIFT", "AWAITING_APPROVAL" as never);
const wait = {
  ...{ kind: "switch" as const, since: NOW - HOUR, endsAt: NOW + HOUR, consequence: "ends" as const, asks: true },
  ...{ id: "dep-1", application: "library", from: "blue" as const, to: "green" as const, revision: release.revision },
  ...{ actor: release.actor, reason: null, deploymentKind: "RELEASE" as const, isForeign: false, approval: null },
  ...{ blocker: null, words: "it ends", wordsSaid: say("blocker.nothingInFlight"), title: "x" },
};
const unready = readinessReport(
  LIBRARY_SUBJECT,
  { ...readyFacts(), newestImage: seen(null), targetGroups: { state: "not seen", why: say("finding.why.noImageYet") } },
  [],
);
const discovery = {
  ...{ region: "eu-central-1", at: NOW, lookingSince: null, services: 2, entrances: 1, notSeen: [], text: "" },
  ...{ proposals: [], leftOut: [], file: { path: "switchyard.yaml", isWritable: true } },
};
const outcome = { at: NOW, isTaken: false, words: "x", wordsSaid: say("config.theValue") };
const offer = { url: "https://x", sandboxUsers: null, providers: [{ id: "oidc", name: null }] };

const receipt = {
  ...receiptFacts(faultAfterSwitch, "green"),
  ...{ hash: "0f", approvalHash: "0e", observedAt: NOW, weightsAfter: { blue: 0, green: 100 }, rollout: ALL_AT_ONCE },
  ...{
    steps: [],
    warnings: ["x"],
    warningsSaid: [say("caution.draining", { side: "blue", time: say("told.minutes", { minutes: 5 }) })],
    blockers: [],
  },
};
const journal = [
  {
    sequence: 1,
    at: NOW,
    step: "shift",
    phase: "intent" as const,
    ...lineMembers(say("step.scaleToZero", { side: "blue" })),
  },
];
const side = (color: string) => ({
  targetGroupArn: `arn:${color}`,
  targetGroupName: color,
  service: `library-${color}`,
});
const settings = {
  name: "library",
  region: "eu-central-1",
  cluster: "main",
  controller: "paired-services",
  windowMinutes: 0,
};
const listener = { arn: "arn:listener", kind: "listener", name: "library-alb HTTP:80", url: null };
const moving = movingPlan(
  {
    ...settings,
    listener,
    slots: { blue: side("blue"), green: side("green") },
    container: "library",
    smoke: null,
  } as never,
  observation(),
  null,
);

/** Everything that a page draws, with what it is drawn of. */
const PAGES: Readonly<Record<string, () => [data: unknown, page: ReactNode]>> = {
  "the board at rest": () => board(snapshot()),
  "the board that waits for a switch": () => board(waiting),
  "the board while a side comes up": () => board(scaling),
  "the board after a fault": () => board(faultAfterSwitch),
  "the board of a switch that is not verified": () => board(unverified),
  "the board with a source that is old": () => board(degraded),
  "the board of a failed release": () => board(failed),
  "the rollback page": () =>
    live(
      faultAfterSwitch,
      <RollbackPage
        application="library"
        role={OPERATOR}
        action={ACTIONS}
        formKey="k"
        acceptedId={null}
        accepted={null}
      />,
    ),
  "the overview": () => live(waiting, <Overview problems={[]} address={readOverviewAddress(new URLSearchParams())} />),
  "the deploy page": () =>
    live(
      snapshot(),
      <DeployForm
        application="library"
        role={OPERATOR}
        tags={{ ok: true, value: { tags: [], isCut: true } }}
        actions={ACTIONS}
      />,
    ),
  "the plan of a deploy": () => {
    const next = { family: "library", containers: [], taskRoleArn: null } as never;
    const changes = [{ field: "Order of entries", before: "4", after: "5" }];
    const plan = {
      slot: "green" as const,
      current: null,
      next,
      changes,
      blockers: [],
      notices: [],
      rollout: ALL_AT_ONCE,
    };
    return [plan, <PlanDiff key="p" plan={plan} />];
  },
  "a deployment": () =>
    live(failed, <DeploymentDetail deployment={failed.deployment ?? failed.lastDeployment ?? release} journal={[]} />),
  deployments: () => [release, <DeploymentTable key="d" deployments={[release]} />],
  "an approval": () =>
    live(
      waiting,
      <ApprovalDesk
        view={{ deployment: release, receipt: null, changes: null, problem: null, blocker: null }}
        approver={{ id: "lee@example.com" } as never}
        mayDecide
        actions={ACTIONS}
      />,
    ),
  "what waits for people": () => [wait, <WaitList key="w" items={[wait as never]} />],
  // Names of rules stand in the masked lines.
  "what happened": () => [
    [incident, SECRET_RULE_WORDS.map(({ name }) => name)],
    <IncidentView key="i" incident={incident} />,
  ],
  "what happened, as a list": () => [
    incident,
    <IncidentList key="i" application="library" incidents={[{ ...incident, deploymentId: null }]} />,
  ],
  "the audit": () => [
    [audit, AUDIT_EVENTS],
    <div key="a">
      <AuditFilters choice={{ application: "", actor: "", verb: "", outcome: "", from: "", to: "" }} />
      <AuditTable entries={audit} />
      <ExportButton url="/" format="csv" />
      <HandoverButton url="/" />
    </div>,
  ],
  notifications: () => [
    [deliveries, "hooks.example.com"],
    <div key="n">
      <DeliveryFilters choice={{ application: "", state: "" }} />
      <DeliveryTable rows={deliveries as never} onRetry={never} />
      <EndpointList
        endpoints={[{ id: "webhook:releases", host: "hooks.example.com", events: ["deployment.rolledBack"] } as never]}
      />
    </div>,
  ],
  freezes: () => [
    [freezes, "library"],
    <FreezeDesk key="f" freezes={freezes} now={NOW} mayFreeze={[null, "library"]} actions={ACTIONS} />,
  ],
  tokens: () => [
    tokens,
    <TokenDesk key="t" tokens={tokens} applications={["library"]} mayBeForAll now={NOW} actions={ACTIONS} />,
  ],
  access: () => [
    [grants, sessions, "library"],
    <div key="a">
      <PermissionTable holder={{ role: "admin" } as never} />
      <MyRoles name="Kim" roles={[]} />
      <AccessDesk
        settled={[{ kind: "address", who: "kim@example.com", role: "admin", application: null }]}
        grants={grants}
        sessions={sessions}
        applications={["library"]}
        mayGrantEverywhere
        myId="kim@example.com"
        now={NOW}
        actions={ACTIONS}
      />
    </div>,
  ],
  readiness: () => [
    unready,
    <div key="r">
      <ReloadNote outcome={outcome} maySeeWhy />
      <ReadinessDesk initial={unready} mayPutOff actions={ACTIONS} />
    </div>,
  ],
  discovery: () => [discovery, <DiscoveryDesk key="d" initial={discovery as never} actions={ACTIONS} />],
  "the dialogs of the board": () =>
    live(
      faultAfterSwitch,
      <div>
        <ReceiptFacts
          receipt={receipt}
          changes={[say("caution.stickySessions", { side: "blue", time: say("told.minutes", { minutes: 5 }) })]}
          driver="ECS"
        />
        <OverrideForm application="library" verb="" consequence="" keptReason="" isBusy={false} onConfirm={never} />
        <RetireForm
          snapshot={faultAfterSwitch}
          side="blue"
          deployment={release}
          actions={ACTIONS}
          runner={idleRunner}
          onClose={never}
        />
        <CloseWindowForm
          snapshot={faultAfterSwitch}
          deployment={release}
          actions={ACTIONS}
          runner={idleRunner}
          onClose={never}
        />
      </div>,
    ),
  "a journal": () => [journal, <JournalTable key="j" journal={journal} />],
  "a move to ECS's own deployments": () => [[moving, "library"], <MovingView key="m" plan={moving} />],
  "the account menu": () => [
    ["kim@example.com", "Kim", LANGUAGE_NAMES.en],
    <UserMenu key="u" name="Kim" id="kim@example.com" role={ADMIN} />,
  ],
  "the sign-in page": () => [offer, <SignIn key="s" offer={offer} callbackUrl="/" problem={null} />],
  "the ways through the console": () => [null, <NavRail key="n" foot={null} hasTokens />],
};

/** Names and codes that every reader reads so. */
const NAMES = new Set(
  [
    "Switchyard AWS ECS ECR CloudWatch CodeDeploy Amazon GitHub Fargate IAM UTC GMT URL HTTP SSO",
    // Roles, verbs, sides and what the record calls things.
    "blue green viewer operator approver admin deploy switch rollback approve reject abort extend retire",
    // Levels, as logs write them.
    "ERROR WARN INFO DEBUG TRACE",
    // Units and clocks.
    "s ms min MB kB GB KB",
  ].flatMap((line) => line.split(" ")),
);

/** Every text in what a page is drawn of, but for English that has its sentence beside it. */
function textsOf(data: unknown, found = new Set<string>()): Set<string> {
  if (typeof data === "string") found.add(data);
  if (Array.isArray(data)) for (const each of data) textsOf(each, found);
  else if (typeof data === "object" && data !== null)
    for (const [name, value] of Object.entries(data)) {
      const isTold = `${name}Said` in data || (name === "message" && "said" in data);
      found.add(name);
      if (!isTold) textsOf(value, found);
    }
  return found;
}

/** What of a text is neither of a catalogue nor of the data. */
function foreignWords(text: string, data: ReadonlySet<string>): string[] {
  const known = [...data].filter((each) => each.length > 2).sort((a, b) => b.length - a.length);
  const rest = known.reduce((left, each) => left.replaceAll(each, " "), text);
  const words = rest.match(/[A-Za-z][A-Za-z'-]+/g) ?? [];
  const isPartOfData = (each: string) =>
    each.includes(text.trim()) || (!/\s/.test(each) && rest.trim() !== "" && each.includes(rest.trim()));
  if ([...data].some(isPartOfData)) return [];
  return words.filter((word) => !NAMES.has(word) && !known.some((each) => !/\s/.test(each) && each.includes(word)));
}

describe("no English on a Korean page", () => {
  test.each(Object.entries(PAGES))("%s", (_name, page) => {
    const [data, drawn] = page();
    const texts = visibleTexts(pseudoMarkupOf(<ClockProvider serverNow={NOW}>{drawn}</ClockProvider>));
    const known = textsOf(data);
    expect(texts.join("")).toMatch(/[ａ-ｚ]/);
    const foreign = texts.flatMap((text) => (foreignWords(text, known).length > 0 ? [text.trim().slice(0, 200)] : []));
    expect([...new Set(foreign)]).toEqual([]);
  });
});
