import { describeFailure, failureSaid } from "../aws/errors.ts";
import { type Application, productionRefs } from "../domain/application/application.ts";
import { CAPABILITIES } from "../domain/application/capabilities.ts";
import { SLOT_COLORS } from "../domain/observation/slot.ts";
import type { SourceState } from "../domain/observation/source.ts";
import { say } from "../domain/sentence/sentence.ts";
import { lineMembers } from "../domain/sentence/told.ts";
import { waysFacts } from "./assemble-ways.ts";
import { type Fact, type Facts, serviceKey } from "./facts.ts";
import { codeDeployFactsOf } from "./gather-code-deploy.ts";
import { readSide } from "./side-reading.ts";

/** Three turns of an application that nobody watches. */
const METRIC_STALE_PERIODS = 15;

/** Data that is older is stale. */
export interface StaleAfter {
  ms: number;
  /** Of target health, where it is read in turns of its own; null where it is read with the rest. */
  targetsMs: number | null;
}

interface Source {
  state: SourceState;
  /** When its oldest part was read; 0 where nothing was. */
  readAt: number;
}

/** How current each source of the application's facts is, and when the observation as a whole was made. */
export function sourcesOf(
  application: Application,
  facts: Facts,
  now: number,
  staleAfter: StaleAfter,
): { observedAt: number; states: SourceState[] } {
  const ecs = sourceState("ecs", ecsFactsOf(application, facts), now, staleAfter.ms);
  const elb = elbState(application, facts, now, staleAfter);
  const minor = minorFailureOf(application, facts);
  if (elb.state.state === "ok" && minor) elb.state.message = minor;
  const cloudwatch = cloudwatchState(application, facts, now);
  const both = [ecs, elb];
  const current = both.filter((source) => source.state.state === "ok");
  const observedAt =
    current.length > 0
      ? Math.min(...current.map((source) => source.readAt))
      : Math.max(...both.map((source) => source.readAt));
  const sources = cloudwatch ? [...both, cloudwatch] : both;
  for (const source of sources) source.state.ageMs = source.readAt === 0 ? 0 : Math.max(0, observedAt - source.readAt);
  return { observedAt, states: sources.map((source) => source.state) };
}

/** Whether AWS says that something of the application is gone, so that its names may stand for something else by now. */
export function isSomethingMissing(application: Application, facts: Facts): boolean {
  const all = [...ecsFactsOf(application, facts), ...elbFactsOf(application, facts)];
  return all.some((fact) => fact?.failure?.kind === "missing");
}

type AnyFact = Fact<unknown> | null;

function ecsFactsOf(application: Application, facts: Facts): AnyFact[] {
  const sides = SLOT_COLORS.flatMap((color): AnyFact[] => {
    const { service } = application.slots[color];
    if (service === null) return [];
    const key = serviceKey(application.cluster, service);
    const reading = facts.services.find(key);
    const definition = facts.definitions.find(readSide(application, color, facts)?.taskDefinition ?? "");
    // A definition never changes, so its age says nothing; that it cannot be read does.
    return [reading, facts.tasks.find(key), ...(definition?.failure ? [{ ...definition, readAt: 0 }] : [])];
  });
  return [...sides, ...failingDeployments(application, facts)];
}

/** ECS's own deployments that could not be read: nothing is followed without them. How old they are is their own business. */
function failingDeployments({ controller, cluster, slots }: Application, facts: Facts): AnyFact[] {
  if (CAPABILITIES[controller].moves !== "ECS") return [];
  const list = facts.deploymentLists.find(serviceKey(cluster, slots.blue.service ?? ""));
  const newest = facts.serviceDeployments.find(list?.value?.[0] ?? "");
  return [list, newest].flatMap((fact) => (fact?.failure ? [{ ...fact, value: null }] : []));
}

function elbFactsOf(application: Application, facts: Facts): AnyFact[] {
  return [...forwardFactsOf(application, facts), ...targetFactsOf(application, facts)];
}

function forwardFactsOf(application: Application, facts: Facts): AnyFact[] {
  return productionRefs(application).map((ref) => facts.forwards.find(ref.arn));
}

function targetFactsOf(application: Application, facts: Facts): AnyFact[] {
  return SLOT_COLORS.map((color) => facts.targets.find(application.slots[color].targetGroupArn));
}

/** While target health has its turns of its own (`targetsMs`), the source is as old as its weights. */
function elbState(application: Application, facts: Facts, now: number, staleAfter: StaleAfter): Source {
  const whole = elbFactsOf(application, facts);
  if (staleAfter.targetsMs === null) return sourceState("elb", whole, now, staleAfter.ms);
  const weights = sourceState("elb", forwardFactsOf(application, facts), now, staleAfter.ms);
  if (weights.state.state !== "ok") return weights;
  // A side of which ECS says that it has nothing lacks no health before its turn comes.
  const asked = SLOT_COLORS.flatMap((color) => {
    const fact = facts.targets.find(application.slots[color].targetGroupArn);
    const side = readSide(application, color, facts);
    const isEmpty = side?.desired === 0 && side.running === 0 && side.pending === 0 && side.taskDefinition !== "";
    return fact === null && isEmpty ? [] : [fact];
  });
  const targets = sourceState("elb", asked, now, staleAfter.targetsMs);
  return { ...targets, readAt: weights.readAt };
}

/** What may fail without making the picture wrong: it is mentioned and blocks nothing. */
function minorFailureOf(application: Application, facts: Facts): string | null {
  const minor: AnyFact[] = [
    ...SLOT_COLORS.map((color) => facts.attributes.find(application.slots[color].targetGroupArn)),
    ...waysFacts(application, facts),
    ...instanceFacts(application, facts),
    ...codeDeployFactsOf(application, facts),
    application.testListener ? facts.forwards.find(application.testListener.arn) : null,
  ];
  const failure = minor.find((fact) => fact?.failure)?.failure;
  return failure ? describeFailure(failure) : null;
}

/** Null until it was asked for the first time. It is read by the minute and holds nothing up, so its age is its own. */
function cloudwatchState(application: Application, facts: Facts, now: number): Source | null {
  const asked = [
    facts.metrics.find(application.name),
    application.alarms.length > 0 ? facts.alarms.find(application.name) : null,
  ].filter((fact) => fact !== null);
  const staleAfterMs = METRIC_STALE_PERIODS * application.metricPeriodSeconds * 1000;
  return asked.length > 0 ? sourceState("cloudwatch", asked, now, staleAfterMs) : null;
}

function sourceState(
  name: "ecs" | "elb" | "cloudwatch",
  asked: readonly AnyFact[],
  now: number,
  staleAfterMs: number,
): Source {
  const known = asked.filter((fact) => fact?.value != null);
  const readAt = known.length > 0 ? Math.min(...known.map((fact) => fact?.readAt ?? 0)) : 0;
  const failures = asked.flatMap((fact) => (fact?.failure ? [fact.failure] : []));
  const failure = failures.find((f) => f.kind !== "throttled") ?? failures[0];
  if (failure) {
    const state = failure.kind === "throttled" ? "throttled" : "error";
    return { readAt, state: { name, state, ageMs: 0, ...lineMembers(failureSaid(failure)) } };
  }
  if (known.length < asked.length)
    return { readAt, state: { name, state: "stale", ageMs: 0, ...lineMembers(say("awsError.notAllRead")) } };
  if (now - readAt > staleAfterMs) {
    const silent = say("awsError.silent", { seconds: Math.round((now - readAt) / 1000) });
    return { readAt, state: { name, state: "stale", ageMs: 0, ...lineMembers(silent) } };
  }
  return { readAt, state: { name, state: "ok", ageMs: 0 } };
}

/** Without them targets of these tasks cannot be told from strangers of the same port. */
function instanceFacts(application: Application, facts: Facts): AnyFact[] {
  const tasks = SLOT_COLORS.flatMap((color) => readSide(application, color, facts)?.tasks ?? []);
  return [...new Set(tasks.flatMap(({ containerInstance }) => containerInstance ?? []))].map((arn) =>
    facts.instances.find(arn),
  );
}
