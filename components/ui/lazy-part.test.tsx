import { expect, test } from "vitest";
import { markupOf } from "@/components/fixtures/in-language.tsx";
import { lazyPart } from "./lazy-part.tsx";

const Greeting = ({ name }: { name: string }) => <p>Hello {name}</p>;

test("its code is asked for once, however many ask, and again after it did not come", async () => {
  const answers = [Promise.reject(new Error("the network is gone")), Promise.resolve(Greeting)];
  let asked = 0;
  const part = lazyPart(() => {
    asked += 1;
    return answers.shift() ?? Promise.reject(new Error("asked too often"));
  });
  expect(asked).toBe(0);
  await Promise.all([part.load(), part.load()]);
  expect(asked).toBe(1);
  await Promise.all([part.load(), part.load()]);
  await part.load();
  expect(asked).toBe(2);
});

test("the server draws a block of its size, whether or not it has the code itself", async () => {
  const part = lazyPart(() => Promise.resolve(Greeting));
  const drawn = () => markupOf(<part.Part name="library" waitingLook="h-40" />);
  expect(drawn()).toContain("skeleton h-40");
  await part.load();
  expect(drawn()).toContain("skeleton h-40");
});
