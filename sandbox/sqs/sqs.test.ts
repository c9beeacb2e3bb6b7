import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testClock } from "../clock.ts";
import { createSandbox, type Sandbox } from "../sandbox.ts";

let sandbox: Sandbox;
let sqs: SQSClient;
let QueueUrl = "";
const clock = testClock();

beforeAll(async () => {
  sandbox = await createSandbox({ seed: false, clock });
  const credentials = { accessKeyId: "sandbox", secretAccessKey: "s" };
  sqs = new SQSClient({ endpoint: sandbox.url, region: sandbox.place.region, credentials, maxAttempts: 1 });
});
afterAll(() => sandbox.close());

let queues = 0;
beforeEach(async () => {
  sandbox.sqs.setDelivery({ duplicates: 0, disorderMs: 0 });
  queues += 1;
  QueueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: `events-${queues}` }))).QueueUrl ?? "";
});

const send = (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
async function receive(input: Partial<ReceiveMessageCommandInput> = {}) {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...input });
  return (await sqs.send(command)).Messages ?? [];
}

test("a message that was received is hidden for 30 s, comes again unless it was deleted, and an old receipt deletes nothing", async () => {
  await send("a");
  const [first] = await receive();
  expect(first?.Body).toBe("a");
  expect(await receive()).toEqual([]);
  clock.advance(30_000);
  const [again] = await receive();
  expect(again?.MessageId).toBe(first?.MessageId);
  const remove = (ReceiptHandle = "") =>
    sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [{ Id: "0", ReceiptHandle }] }));
  expect((await remove(first?.ReceiptHandle)).Successful).toHaveLength(1);
  expect(sandbox.sqs.waiting(`events-${queues}`)).toBe(1);
  await remove(again?.ReceiptHandle);
  expect(sandbox.sqs.waiting(`events-${queues}`)).toBe(0);
  expect((await remove("nonsense")).Failed).toMatchObject([{ Code: "ReceiptHandleIsInvalid" }]);
});

test("a long poll ends with the next message", async () => {
  const polled = receive({ WaitTimeSeconds: 20 });
  await send("late");
  expect((await polled).map(({ Body }) => Body)).toEqual(["late"]);
});

test("on request messages come twice and out of order", async () => {
  sandbox.sqs.setDelivery({ duplicates: 1, disorderMs: 5_000 });
  for (const body of ["1", "2", "3", "4"]) await send(body);
  clock.advance(5_000);
  const bodies = (await receive()).map(({ Body }) => Body);
  expect(bodies).toHaveLength(8);
  expect(bodies).not.toEqual([...bodies].sort());
});

test("what AWS refuses", async () => {
  await expect(receive({ MaxNumberOfMessages: 11 })).rejects.toMatchObject({ name: "InvalidParameterValue" });
  await expect(receive({ WaitTimeSeconds: 21 })).rejects.toMatchObject({ name: "InvalidParameterValue" });
  await expect(receive({ QueueUrl: `${QueueUrl}-none` })).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  const Entries = Array.from({ length: 11 }, (_, index) => ({ Id: String(index), ReceiptHandle: "h-1" }));
  await expect(sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))).rejects.toMatchObject({
    name: "TooManyEntriesInBatchRequest",
  });
});
