import { failureSaid } from "../aws/errors.ts";
import { type Application, type ListenerRef, productionRefs } from "../domain/application/application.ts";
import { readWeights } from "../domain/observation/read-weights.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import { combinedWeights, liveSide, type Traffic } from "../domain/observation/traffic.ts";
import { say } from "../domain/sentence/sentence.ts";
import { englishOf, saidOf, type Told } from "../domain/sentence/told.ts";
import { rulesBefore, shadowOfTest } from "./assemble-ways.ts";
import type { Facts } from "./facts.ts";

/** The part of an application's traffic that its listener or rule tells. */
export function trafficOf(application: Application, facts: Facts): Traffic {
  const { listener, testListener } = application;
  const arns = { blue: application.slots.blue.targetGroupArn, green: application.slots.green.targetGroupArn };
  const refs = productionRefs(application);
  const all = refs.map((ref) => forwardOf(ref, arns, facts, refs.length > 1));
  const weights = combinedWeights(all.map((each) => each.weights));
  const { whole, partial: earlierRules } = rulesBefore(application, facts);
  const drift = all.find((each) => each.drift !== null)?.drift ?? whole;
  const testFact = testListener ? facts.forwards.find(testListener.arn) : null;
  const test = testFact?.value ? readWeights(testFact.value.forward.groups, arns) : null;
  const testDrift = test && !test.ok ? test.drift : shadowOfTest(application, facts);
  return {
    listenerOrRuleArn: listener.arn,
    name: listener.name,
    weights,
    live: liveSide(weights),
    readAt: Math.min(...all.map(({ readAt }) => readAt)),
    ...driftMembers(drift),
    ...(all.length > 1 ? { together: all.map(({ ref, weights }) => ({ arn: ref.arn, name: ref.name, weights })) } : {}),
    ...(earlierRules.length > 0 ? { earlierRules } : {}),
    groupStickinessSeconds: longest(all.map(({ stickinessSeconds }) => stickinessSeconds)),
    ...(listener.url ? { url: listener.url } : {}),
    ...(testListener && test
      ? {
          test: {
            listenerOrRuleArn: testListener.arn,
            name: testListener.name,
            weights: test.weights,
            readAt: testFact?.readAt ?? 0,
            ...driftMembers(testDrift),
            ...(testListener.url ? { url: testListener.url } : {}),
            ...takesOf(application),
          },
        }
      : {}),
  };
}

function longest(seconds: readonly (number | null)[]): number | null {
  return seconds.reduce((most, each) => (each === null || (most !== null && most >= each) ? most : each), null);
}

function takesOf({ testRequest }: Application): Pick<NonNullable<Traffic["test"]>, "takes" | "takesSaid"> {
  if (!testRequest) return {};
  const { takes, takesSaid } = testRequest;
  return { takes, ...(takesSaid ? { takesSaid } : {}) };
}

function driftMembers(drift: Told | null): Pick<Traffic, "drift" | "driftSaid"> {
  if (drift === null) return {};
  const said = saidOf(drift);
  return { drift: englishOf(drift), ...(said ? { driftSaid: said } : {}) };
}

/** What one of the listeners and rules that move with a switch was last read to hold; drift says why that may not be ours. */
function forwardOf(ref: ListenerRef, arns: Readonly<Record<SlotColor, string>>, facts: Facts, isOneOfMany: boolean) {
  const fact = facts.forwards.find(ref.arn);
  const reading = fact?.value ? readWeights(fact.value.forward.groups, arns) : null;
  const unread = fact?.failure ? failureSaid(fact.failure) : say("drift.unread");
  const drift = reading ? (reading.ok ? null : reading.drift) : unread;
  return {
    ref,
    weights: reading?.weights ?? { blue: 0, green: 0 },
    drift: drift && isOneOfMany ? say("drift.of", { name: ref.name, drift }) : drift,
    readAt: fact?.readAt ?? 0,
    stickinessSeconds: fact?.value?.forward.stickinessSeconds ?? null,
  };
}
