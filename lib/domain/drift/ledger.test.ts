import { describe, expect, test } from "vitest";
import { deployment, facts, NOW, observation, revision, slot, target } from "../../testing/facts.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { advance, requestSwitch, shifted, shiftSent, withPlan } from "../deployment/deployment-transitions.ts";
import type { Observation } from "../observation/observation.ts";
import type { SideScaling } from "../observation/side-scaling.ts";
import type { Slot, Task } from "../observation/slot.ts";
import { actionStates } from "../rules/action-rules.ts";
import { driftWords } from "./drift-words.ts";
import { acknowledged, judgeLook, type Ledger } from "./ledger.ts";
import type { LedgerRecord } from "./own-writes.ts";

const REST: LedgerRecord = { deployment: null, history: [] };
const BLUE = { blue: 100, green: 0 };
const GREEN = { blue: 0, green: 100 };
const LATER = NOW + 60_000;
type Look = Parameters<typeof observation>[0];

function kept(look: Look = {}): Ledger {
  const ledger = judgeLook(null, observation(look), REST);
  if (!ledger) throw new Error("Nothing was kept");
  return ledger;
}

function judged(look: Look, record: LedgerRecord = REST, ledger = kept()): Ledger {
  const next = judgeLook(ledger, observation({ at: LATER, ...look }), record);
  if (!next) throw new Error("Nothing was kept");
  return next;
}

const words = (ledger: Ledger) => ledger.drifts.map(driftWords);

function task(address: string, changes: Partial<Task> = {}): Task {
  return {
    arn: address,
    id: address,
    lastStatus: "RUNNING",
    desiredStatus: "RUNNING",
    healthStatus: "UNKNOWN",
    startedAt: NOW - 600_000,
    createdAt: NOW - 600_000,
    stoppedAt: null,
    containers: [],
    taskDefinition: revision(1).taskDefinition,
    address,
    ...changes,
  };
}

const TASKS = { tasks: [task("10.0.1.1"), task("10.0.1.2")] };
const known = { isConfigurationKnown: true as const };

test("the first look is kept as it is, and the same again changes nothing", () => {
  const ledger = kept();
  expect(ledger.drifts).toEqual([]);
  expect(judgeLook(ledger, observation({ at: LATER }), REST)).toBe(ledger);
});

describe("what somebody else changed is told in words after one look", () => {
  test.each<[string, Look, Look, string, boolean]>([
    [
      "weights",
      {},
      { weights: { blue: 80, green: 20 } },
      "Weights changed from 100/0 to 80/20 at 08:01 UTC, not by Switchyard",
      true,
    ],
    [
      "a task definition",
      {},
      { green: { revision: revision(9) } },
      "Green's task definition changed from library:2 to library:9",
      true,
    ],
    [
      "target stickiness",
      { blue: known },
      { blue: { ...known, stickinessSeconds: 60 } },
      "Stickiness of blue's targets changed from off to 60 s",
      true,
    ],
    [
      "the deregistration delay",
      { blue: known },
      { blue: { ...known, deregistrationDelaySeconds: 5 } },
      "Blue's deregistration delay changed from 300 s to 5 s",
      true,
    ],
    [
      "a target without a task",
      { blue: TASKS },
      { blue: { ...TASKS, targets: [target("10.0.1.1"), target("10.0.1.2"), target("9.9.9.9")] } },
      "Targets in blue's group that belong to no task changed from none to 9.9.9.9:8081",
      true,
    ],
    [
      "a target taken out while its task runs",
      { blue: TASKS },
      { blue: { ...TASKS, targets: [target("10.0.1.1")] } },
      "Targets of running tasks that are not in blue's group changed from none to 10.0.1.2",
      true,
    ],
    [
      "a count",
      {},
      { green: { counts: { desired: 4, running: 2, pending: 2, healthy: 2, total: 2 } } },
      "Green's desired count changed from 2 to 4",
      false,
    ],
  ])("%s", (_name, before, after, message, blocks) => {
    const withTasks = (look: Look) => ({ ...look, blue: { ...TASKS, ...look?.blue } });
    const plain = { green: { tasks: [task("10.0.2.1"), task("10.0.2.2")] } };
    const ledger = kept({ ...plain, ...withTasks(before), green: { ...plain.green, ...before?.green } });
    const next = judged({ ...withTasks(after), green: { ...plain.green, ...after?.green } }, REST, ledger);
    expect(words(next)).toHaveLength(1);
    expect(words(next)[0]).toContain(message);
    expect(next.drifts[0]?.blocks).toBe(blocks);
  });
});

test("it blocks switch and deploy until it is acknowledged, but no rollback", () => {
  const look = observation({ at: LATER, green: { revision: revision(9) } });
  const ledger = judged({ green: { revision: revision(9) } });
  const [drift] = ledger.drifts;
  const moved: Deployment = withPlan(
    {
      ...deployment({ kind: "SWITCH", requested: null, to: "blue" }),
      status: "SUCCESSFUL",
      finishedAt: NOW,
      fromRevision: null,
    },
    { shift: { to: "blue", expected: GREEN, sentAt: NOW - 60_000, readBackMs: 5 } },
  );
  const states = (of: Ledger) => actionStates(facts(look, { ledger: of, history: [moved], now: LATER }));
  const blocked = states(ledger);
  expect(blocked.switch.blockers.map(({ code }) => code)).toEqual(["DRIFT_NOT_ACKNOWLEDGED"]);
  expect(blocked.deploy.blockers.map(({ code }) => code)).toEqual(["DRIFT_NOT_ACKNOWLEDGED"]);
  expect(blocked.rollback.allowed).toBe(true);
  const taken = acknowledged(ledger, drift?.id ?? "", LATER);
  expect(states(taken).switch.allowed).toBe(true);
  expect(judgeLook(taken, look, REST)?.drifts).toEqual([]);
});

test("a changed count blocks nothing and is taken as it is after a while: autoscaling does that", () => {
  const counts = { desired: 4, running: 4, pending: 0, healthy: 2, total: 2 };
  const ledger = judged({ blue: { counts } });
  expect(actionStates(facts(observation({ blue: { counts } }), { ledger })).switch.allowed).toBe(true);
  expect(judged({ blue: { counts }, at: LATER + 14 * 60_000 }, REST, ledger).drifts).toHaveLength(1);
  expect(judged({ blue: { counts }, at: LATER + 16 * 60_000 }, REST, ledger).drifts).toEqual([]);
});

describe("a count that auto scaling set", () => {
  const counts = { desired: 4, running: 4, pending: 0, healthy: 2, total: 2 };
  const scaling = (changes: Partial<SideScaling>): SideScaling => ({
    minimum: 1,
    maximum: 8,
    isScaleInSuspended: false,
    isScheduleSuspended: false,
    policies: [],
    scheduled: [],
    newest: { count: 4, at: LATER - 5_000 },
    countWhenRead: 4,
    count: 4,
    ...changes,
  });

  test.each<[string, Partial<SideScaling>, number]>([
    ["is no change of anybody's", {}, 0],
    ["before the last look that was settled explains nothing", { newest: { count: 4, at: NOW - 1 } }, 1],
    ["to another number explains nothing", { newest: { count: 3, at: LATER - 5_000 } }, 1],
    ["is not judged before it was asked about", { countWhenRead: 2, newest: null }, 0],
    ["and nothing else", { newest: null }, 1],
  ])("%s", (_, changes, drifts) => {
    expect(judged({ blue: { counts, scaling: scaling(changes) } }).drifts).toHaveLength(drifts);
  });

  test("is what is expected from then on", () => {
    const ledger = judged({ blue: { counts, scaling: scaling({}) } });
    expect(ledger.parts["blue.desired"]).toBe("4");
  });

  test("of task sets is the service's, whatever each side has of it", () => {
    const half = { ...counts, desired: 2 };
    const before = kept({ blue: { counts: { ...counts, desired: 1 } } });
    expect(judged({ blue: { counts: half, scaling: scaling({}) } }, REST, before).drifts).toEqual([]);
  });
});

test("what is back as it was is no drift any more, and what goes on changing is told anew", () => {
  const first = judged({ weights: { blue: 80, green: 20 } });
  const second = judged({ weights: { blue: 60, green: 40 }, at: LATER + 1_000 }, REST, first);
  expect(second.drifts).toMatchObject([{ from: "100/0", to: "60/40", seenAt: LATER + 1_000 }]);
  expect(second.drifts[0]?.id).not.toBe(first.drifts[0]?.id);
  expect(judged({ at: LATER + 2_000 }, REST, second).drifts).toEqual([]);
});

test("a task definition that was not read yet is told neither as gone nor as new", () => {
  const unread = { green: { revision: null, isRevisionUnread: true as const } };
  expect(judged({}, REST, kept(unread)).drifts).toEqual([]);
  expect(judged(unread).drifts).toEqual([]);
});

test("a look that lacks a source says nothing", () => {
  const look = observation({ at: LATER, weights: GREEN });
  look.sources = look.sources.map((source) => ({ ...source, state: "error" as const }));
  const ledger = kept();
  expect(judgeLook(ledger, look, REST)).toBe(ledger);
});

describe("Switchyard's own writes are never told as somebody else's", () => {
  function pressed(): Deployment {
    let release = deployment({ now: NOW });
    while (release.stage !== "PRE_PRODUCTION_TRAFFIC_SHIFT") release = advance(release, NOW);
    return requestSwitch({ ...release, revision: revision(3) }, BLUE, NOW + 1);
  }
  const sent = () => shiftSent(pressed(), BLUE, NOW + 40_000);
  const done = () => shifted(sent(), { attemptAt: NOW + 40_000, alreadyThere: false, readBackMs: 50 }, NOW + 40_050);
  const ended = (): Deployment => ({ ...done(), status: "SUCCESSFUL", finishedAt: NOW + 41_000 });

  test.each<[string, () => LedgerRecord, Look]>([
    ["the write was sent and may have been done", () => ({ deployment: sent(), history: [] }), { weights: GREEN }],
    ["the write was sent and may not have been done", () => ({ deployment: sent(), history: [] }), { weights: BLUE }],
    ["the write has been read back", () => ({ deployment: done(), history: [] }), { weights: GREEN }],
    ["an old reading follows it", () => ({ deployment: done(), history: [] }), { weights: BLUE, at: NOW + 42_000 }],
    ["the deployment has ended", () => ({ deployment: null, history: [ended()] }), { weights: GREEN }],
    [
      "it ended while nobody looked",
      () => ({ deployment: null, history: [ended()] }),
      { weights: GREEN, at: NOW + 9_000_000 },
    ],
    ["its revision runs", () => ({ deployment: pressed(), history: [] }), { green: { revision: revision(3) } }],
    [
      "it was retired afterwards",
      () => ({ deployment: null, history: [{ ...ended(), retired: { slot: "blue", at: LATER - 1_000 } }] }),
      { weights: GREEN, blue: { counts: { desired: 0, running: 0, pending: 0, healthy: 0, total: 0 }, targets: [] } },
    ],
  ])("when %s", (_name, record, look) => {
    expect(words(judged(look, record()))).toEqual([]);
  });

  test("but what comes on top of them is", () => {
    const record = { deployment: null, history: [ended()] };
    const settled = judged({ weights: GREEN }, record);
    expect(words(judged({ weights: { blue: 50, green: 50 }, at: LATER + 1_000 }, record, settled))).toEqual([
      "Weights changed from 0/100 to 50/50 at 08:01 UTC, not by Switchyard",
    ]);
    const rolledBackByHand = judged({ weights: BLUE, at: LATER + 1_000 }, record, settled);
    expect(words(rolledBackByHand)).toHaveLength(1);
    expect(
      words(judged({ weights: GREEN, green: { revision: revision(2) }, at: LATER + 1_000 }, record, settled)),
    ).toEqual([]);
  });

  test("and an acknowledged one stays acknowledged, whatever was written before it", () => {
    const record = { deployment: null, history: [ended()] };
    const ledger = judged({ weights: { blue: 50, green: 50 }, at: NOW + 60_000 }, record);
    const taken = acknowledged(ledger, ledger.drifts[0]?.id ?? "", NOW + 60_500);
    expect(judged({ weights: { blue: 50, green: 50 }, at: NOW + 61_000 }, record, taken).drifts).toEqual([]);
  });
});

describe("targets and tasks are read by two calls, and what moved between them is nobody's change", () => {
  const gone = { ...TASKS, targets: [target("10.0.1.1")] };
  const before = kept({ blue: { ...TASKS, targets: [target("10.0.1.1"), target("10.0.1.2")] } });
  const missing = (times: Partial<Slot>) => words(judged({ blue: { ...gone, ...times } }, REST, before));

  test("a target that may have left since its task was told running is not missing yet", () => {
    const read = (apart: number, slot: Partial<Slot> = {}) =>
      missing({ tasksReadAt: LATER, targetsReadAt: LATER, targetsAnsweredAt: LATER + apart, ...slot });
    expect(read(1_001)).toEqual([]);
    expect(read(20, { deregistrationDelaySeconds: 0 })).toEqual([]);
  });

  test("while a target that leaves would still be listed, one that is not listed is missing", () => {
    for (const targetsAnsweredAt of [LATER - 30_000, LATER, LATER + 300, LATER + 1_000])
      expect(missing({ tasksReadAt: LATER, targetsReadAt: LATER, targetsAnsweredAt })).toEqual([
        expect.stringContaining("10.0.1.2"),
      ]);
  });

  test("one that was told missing stays so while nothing newer is known", () => {
    const told = judged({ blue: { ...gone, tasksReadAt: LATER, targetsAnsweredAt: LATER } }, REST, before);
    expect(told.drifts).toHaveLength(1);
    const late = { ...gone, tasksReadAt: LATER, targetsAnsweredAt: LATER + 5_000 };
    expect(judged({ blue: late, at: LATER + 1_000 }, REST, told).drifts).toEqual(told.drifts);
  });

  test("a task that began after its targets were read misses none yet, and a target that is newer than its task's reading is no stranger", () => {
    const began = { tasks: [...TASKS.tasks, task("10.0.1.3", { startedAt: LATER - 70_000 })] };
    const targets = [target("10.0.1.1"), target("10.0.1.2")];
    const old = { targetsReadAt: LATER - 80_000, targetsAnsweredAt: LATER - 80_000, tasksReadAt: LATER };
    expect(words(judged({ blue: { ...began, targets, ...old } }, REST, before))).toEqual([]);
    const more = [...targets, { ...target("10.0.1.4"), since: LATER - 30_000 }];
    expect(words(judged({ blue: { ...TASKS, targets: more, tasksReadAt: LATER - 25_000 } }, REST, before))).toEqual([]);
  });
});

test("a side that is empty has no targets to miss", () => {
  expect(
    kept({ blue: slot("blue", { tasks: [task("x", { desiredStatus: "STOPPED" })], targets: [] }) }).parts,
  ).toMatchObject({
    "blue.missingTargets": "none",
  });
});

describe("another entry in switchyard.yaml with the same database is a new baseline", () => {
  const look = observation({ at: LATER, weights: { blue: 1, green: 0 } });
  const elsewhere = {
    ...look,
    traffic: { ...look.traffic, listenerOrRuleArn: "arn:another-listener", name: "other-alb HTTP:80" },
  };

  test("another listener holds other weights, and nobody changed any", () => {
    const next = judgeLook(kept(), elsewhere, REST);
    expect(next?.drifts).toEqual([]);
    expect(next?.parts.weights).toBe("1/0");
    // From then on a change of it is one.
    const after = { ...elsewhere, observedAt: LATER + 60_000, traffic: { ...elsewhere.traffic, weights: GREEN } };
    expect(judgeLook(next, after, REST)?.drifts.map(({ to }) => to)).toEqual(["0/100"]);
  });

  test("what was told of the listener before is not told any more, of the sides it is", () => {
    const changed = judged({ weights: GREEN, green: { revision: revision(9) } });
    expect(changed.drifts.map(({ part }) => part)).toEqual(["weights", "green.taskDefinition"]);
    const next = judgeLook(
      changed,
      { ...elsewhere, slots: { ...look.slots, green: slot("green", { revision: revision(9) }) } },
      REST,
    );
    expect(next?.drifts.map(({ part }) => part)).toEqual(["green.taskDefinition"]);
  });

  test("sides swapped hold what they held, under each other's name", () => {
    const { blue, green } = observation().slots;
    const swapped = {
      blue: { ...green, color: "blue" as const },
      green: { ...blue, color: "green" as const },
    };
    const next = judgeLook(kept(), { ...observation({ at: LATER, weights: GREEN }), slots: swapped }, REST);
    expect(next?.drifts).toEqual([]);
    expect(next?.parts.weights).toBe("0/100");
  });

  test.each([
    ["Region", /:x:1:/g, ":us-east-1:1:"],
    ["account", /:x:1:/g, ":x:2:"],
  ])("everything of the same names in another %s is other", (_what, from, to) => {
    const moved: Observation = JSON.parse(JSON.stringify(look).replaceAll(from, to));
    expect(moved.traffic.listenerOrRuleArn).not.toBe(look.traffic.listenerOrRuleArn);
    const side = { revision: revision(9), counts: { ...look.slots.blue.counts, desired: 5 } };
    const next = judgeLook(
      kept(),
      { ...moved, slots: { ...moved.slots, blue: { ...moved.slots.blue, ...side } } },
      REST,
    );
    expect(next?.drifts).toEqual([]);
    expect(next?.parts.weights).toBe("1/0");
    expect(judgeLook(next, { ...moved, observedAt: LATER + 60_000 }, REST)?.drifts.map(({ part }) => part)).toContain(
      "blue.taskDefinition",
    );
  });

  test("services of the same name in another cluster are others", () => {
    const here = { ...observation(), cluster: "production" };
    const there = { ...observation({ at: LATER, blue: { revision: revision(8) } }), cluster: "staging" };
    const ledger = judgeLook(null, here, REST);
    expect(judgeLook(ledger, there, REST)?.drifts).toEqual([]);
    expect(judgeLook(ledger, { ...there, cluster: "production" }, REST)?.drifts).toHaveLength(1);
    // A record from before clusters were kept is about the same one.
    expect(judgeLook(kept(), there, REST)?.drifts).toHaveLength(1);
  });

  test("another target group of one side leaves what is expected of the other", () => {
    const green = slot("green", { targetGroupArn: "arn:other-tg", targetGroupName: "other-tg", revision: revision(9) });
    const blue = slot("blue", { revision: revision(8) });
    const next = judgeLook(kept(), { ...observation({ at: LATER }), slots: { blue, green } }, REST);
    expect(next?.drifts.map(({ part }) => part)).toEqual(["blue.taskDefinition"]);
  });
});

describe("what was deleted and made anew under its name is no new baseline, but a change that blocks", () => {
  const { traffic, slots } = observation();
  const anew = (id: string) => traffic.listenerOrRuleArn.replace(/[^/]+$/, id);
  const look = (changes: Partial<typeof traffic>, at = LATER) => ({
    ...observation({ at }),
    traffic: { ...traffic, readAt: at, ...changes },
  });

  test.each([
    ["with the same weights", { listenerOrRuleArn: anew("new") }, ["listener"]],
    ["with other weights", { listenerOrRuleArn: anew("new"), weights: GREEN }, ["listener", "weights"]],
    [
      "with another protocol",
      { listenerOrRuleArn: anew("new"), name: "library-alb HTTPS:80", weights: { blue: 0, green: 0 } },
      ["listener", "weights"],
    ],
  ])("a listener %s", (_how, changes, parts) => {
    const next = judgeLook(kept(), look(changes), REST);
    expect(next?.drifts.map(({ part, blocks }) => (blocks ? part : "shown"))).toEqual(parts);
    // It stays told, and what is acknowledged is the new one.
    const again = judgeLook(next, look(changes, LATER + 60_000), REST);
    expect(again?.drifts).toEqual(next?.drifts);
    const taken = (again?.drifts ?? []).reduce(
      (ledger, { id }) => acknowledged(ledger, id, LATER + 60_000),
      again ?? kept(),
    );
    expect(judgeLook(taken, look(changes, LATER + 120_000), REST)?.drifts).toEqual([]);
  });

  test("while a deployment is in flight, too", () => {
    const record = { deployment: deployment(), history: [] };
    const next = judgeLook(kept(), look({ listenerOrRuleArn: anew("new") }), record);
    expect(next?.drifts.map(driftWords)).toEqual([
      `What the switch moves was deleted and made anew: library-alb HTTP:80 (${traffic.listenerOrRuleArn.split("/").at(-1)}) became library-alb HTTP:80 (new) at 08:01 UTC, not by Switchyard`,
    ]);
  });

  test("but a rule whose priority somebody changed is the same rule", () => {
    const named = (priority: number) => look({ name: `library-alb HTTP:80 rule ${priority}` });
    const before = judgeLook(null, { ...named(5), observedAt: NOW }, REST);
    const next = judgeLook(before, named(7), REST);
    expect(next?.drifts).toEqual([]);
    expect(next?.parts.listener).toContain("rule 7");
  });

  test("a target group", () => {
    const green = { ...slots.green, targetGroupArn: `${slots.green.targetGroupArn}0` };
    const next = judgeLook(kept(), { ...observation({ at: LATER }), slots: { ...slots, green } }, REST);
    expect(next?.drifts.map(({ part, blocks }) => [part, blocks])).toEqual([["green.targetGroup", true]]);
  });

  test("a record from before names were kept goes on without a word", () => {
    const { names, ...scope } = kept().scope ?? { traffic: "", blue: "", green: "" };
    const { listener, ...parts } = kept().parts;
    expect([names?.traffic, listener]).toEqual(["library-alb:80", expect.any(String)]);
    expect(judgeLook({ ...kept(), scope, parts }, look({}), REST)?.drifts).toEqual([]);
  });
});

describe("targets that belong to no task", () => {
  const stranger = { ...target("i-0a1b2c3d4e5f60001"), since: NOW };
  const side = (since: number) => ({
    tasks: TASKS.tasks,
    targets: [target("10.0.1.1"), target("10.0.1.2"), { ...stranger, since }],
  });
  const ledger = kept({ blue: side(NOW) });

  test("are no change where they stood there at the first look", () => {
    expect(ledger.parts["blue.foreignTargets"]).toBe("i-0a1b2c3d4e5f60001:8081");
    expect(words(judged({ blue: side(NOW) }, REST, ledger))).toEqual([]);
  });

  test("nor after a restart, which sees them for the first time", () => {
    expect(words(judged({ blue: side(LATER) }, REST, ledger))).toEqual([]);
  });

  test("nor once they are gone, or their tasks are known", () => {
    expect(words(judged({ blue: TASKS }, REST, ledger))).toEqual([]);
  });

  test("are not those of tasks on instances, which a load balancer knows by instance and host port", () => {
    const [host, port] = ["i-0a1b2c3d4e5f60001", 32_773];
    const container = { name: "library", lastStatus: "RUNNING", hostPorts: [port] };
    const onHost = { containerInstance: "arn:instance", instanceId: host, containers: [container] };
    const bridged = { ...task("10.0.1.1", onHost), address: null };
    const registered = { ...target(host), port };
    const own = { tasks: [bridged], targets: [registered] };
    const other = { ...registered, port: port + 1 };
    expect(words(judged({ blue: own }, REST, kept({ blue: own })))).toEqual([]);
    const withStranger = { ...own, targets: [registered, other] };
    expect(words(judged({ blue: withStranger }, REST, kept({ blue: own })))).toEqual([
      expect.stringContaining(`belong to no task changed from none to ${host}:32774`),
    ]);
    expect(words(judged({ blue: { ...own, targets: [] } }, REST, kept({ blue: own })))).toEqual([
      expect.stringContaining(`changed from none to ${host}:32773`),
    ]);
  });

  test("are a change where they came later", () => {
    expect(words(judged({ blue: side(NOW) }, REST, kept({ blue: TASKS })))).toHaveLength(1);
  });
});
