import { expect, test } from "vitest";
import { NOT_DONE, STOPPING } from "@/lib/messages/not-done.ts";
import { askAgainWhileStopping } from "./ask-again.ts";

/** Answers in turn, counting how often it is asked and waited. */
function world(answers: readonly (string | Error)[]) {
  let asked = 0;
  let waited = 0;
  const ask = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const wait = async () => {
    waited += 1;
  };
  return { run: () => askAgainWhileStopping(ask, wait), asked: () => asked, waited: () => waited };
}

const stopping = new Error(`${NOT_DONE.ko}: ${STOPPING.ko}\n`);

test("a click that meets a process about to end is made at the next one", async () => {
  const { run, asked, waited } = world([stopping, stopping, "done"]);
  expect(await run()).toBe("done");
  expect([asked(), waited()]).toEqual([3, 2]);
});

test("not for ever", async () => {
  const { run, asked } = world([stopping]);
  await expect(run()).rejects.toBe(stopping);
  expect(asked()).toBe(5);
});

test.each([
  ["a lost connection, after which something may have been done", new TypeError("Failed to fetch")],
  ["another refusal", new Error(`${NOT_DONE.en}: you are signed out; reload the page and sign in`)],
  ["somebody else's words", new Error(STOPPING.en)],
])("%s is asked once", async (_name, error) => {
  const { run, asked } = world([error, "done"]);
  await expect(run()).rejects.toBe(error);
  expect(asked()).toBe(1);
});
