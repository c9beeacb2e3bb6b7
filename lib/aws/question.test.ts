import { expect, onTestFinished, test } from "vitest";
import { createPairedServices } from "../controllers/paired-services.ts";
import { startLibraryWorld } from "../testing/library-world.ts";
import { createAws } from "./aws.ts";
import type { Priority } from "./budget.ts";
import { createCaller } from "./caller.ts";
import { asQuestion, forEverybody } from "./question.ts";

const READ = {
  service: "elasticloadbalancing",
  operation: "DescribeRules",
  family: "elb-read",
  effect: "read",
} as const;

test("within a question nothing is asked of AWS more urgently than one, and within what all wait for it is as it was meant", async () => {
  const asked: Priority[] = [];
  const call = createCaller({
    acquire: async (_family, priority) => void asked.push(priority),
    throttled: () => undefined,
    throttledElsewhere: () => undefined,
    shareAmong: () => undefined,
    rate: () => 1,
    use: () => [],
  });
  const ask = (priority: Priority) => call({ ...READ, priority }, async () => null);
  await asQuestion(async () => {
    await ask("write");
    await ask("action");
    await ask("logs");
    await forEverybody(() => ask("engine"));
  });
  await ask("action");
  expect(asked).toEqual(["question", "question", "logs", "engine", "action"]);
});

test("of a budget that nothing comes back to, questions leave a whole look, a write and its read-back", async () => {
  const { application, sandbox } = await startLibraryWorld();
  const aws = createAws({ region: sandbox.place.region, endpoint: sandbox.url, now: () => 0 });
  onTestFinished(() => aws.destroy());
  const controller = createPairedServices(aws, () => 0);
  const listener = application.listener;
  let answered = 0;
  for (let i = 0; i < 150; i += 1)
    void asQuestion(() => aws.elb.describeForwards([listener], "action")).then(() => {
      answered += 1;
    });
  const look = await controller.observe(application);
  expect(look.sources).toMatchObject([{ state: "ok" }, { state: "ok" }]);
  const shifted = await controller.shift(application, look.traffic.weights, { blue: 0, green: 100 });
  expect(shifted.value).toMatchObject({ after: { blue: 0, green: 100 }, alreadyThere: false });
  expect(answered).toBeLessThan(12);
});
