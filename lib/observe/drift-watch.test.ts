import { afterAll, beforeAll, expect, test } from "vitest";
import { driftWords } from "../domain/drift/drift-words.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { Store } from "../store/store.ts";
import { NOW, observation } from "../testing/facts.ts";
import { createMemoryStore } from "../testing/memory-store.ts";
import { createDriftWatch } from "./drift-watch.ts";

let store: Store;
let count = 0;

beforeAll(async () => {
  store = await createMemoryStore();
});
afterAll(() => store.close());

/** A process that starts on the database, looks once, and ends. */
async function looksOnce(look: Observation): Promise<string[]> {
  const watch = createDriftWatch({
    ...{ store, onChange: () => undefined, now: () => look.observedAt, newId: () => `row-${++count}` },
    onError(error) {
      throw error;
    },
  });
  watch.observed(look);
  await watch.settled();
  return ((await store.findLedger(look.application))?.drifts ?? []).map(driftWords);
}

const ALB = "arn:aws:elasticloadbalancing:eu-west-1:111122223333";
const HTTP = { name: "library-alb HTTP:80", listenerOrRuleArn: `${ALB}:listener/app/library-alb/1/80` };
const HTTPS = { name: "library-alb HTTPS:443", listenerOrRuleArn: `${ALB}:listener/app/library-alb/1/443` };
const RULE = {
  name: "library-alb HTTP:80 rule 10",
  listenerOrRuleArn: `${ALB}:listener-rule/app/library-alb/1/80/10`,
};
const OTHER = { name: "other-alb HTTP:80", listenerOrRuleArn: `${ALB}:listener/app/other-alb/2/80` };
const BLUE = { blue: 1, green: 0 };
const GREEN = { blue: 0, green: 1 };

type Entry = Partial<Observation["traffic"]> & { cluster?: string };

function lookAt(application: string, minutes: number, { cluster = "main", ...traffic }: Entry): Observation {
  const at = NOW + minutes * 60_000;
  const look = observation({ at });
  return { ...look, application, cluster, traffic: { ...look.traffic, readAt: at, ...traffic } };
}

test.each<[string, Entry, Entry]>([
  ["port 443 for port 80", HTTP, HTTPS],
  ["a rule for the default action", HTTP, RULE],
  ["the default action for a rule", RULE, HTTP],
  ["another load balancer", HTTP, OTHER],
  ["another load balancer in another cluster", HTTP, { ...OTHER, cluster: "staging" }],
])(
  "another listener in the file with the same database is a new baseline, not 'weights changed, not by Switchyard': %s",
  async (how, before, after) => {
    const at = (minutes: number, entry: Entry) => looksOnce(lookAt(how, minutes, entry));
    expect(await at(0, { ...before, weights: BLUE })).toEqual([]);
    expect(await at(10, { ...after, weights: GREEN })).toEqual([]);
    // And back, where somebody has moved the first one meanwhile.
    expect(await at(20, { ...before, weights: GREEN })).toEqual([]);
    expect((await store.listAudit({ application: how }, { limit: 10 })).items).toEqual([]);
    // What changes under the name that stays is told as ever.
    expect(await at(30, { ...before, weights: BLUE })).toEqual([
      expect.stringMatching(/^Weights changed from 0\/1 to 1\/0 at .* not by Switchyard$/),
    ]);
  },
);
