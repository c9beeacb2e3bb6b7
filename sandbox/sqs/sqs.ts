import { createHash } from "node:crypto";
import type * as Sqs from "@aws-sdk/client-sqs";
import type { Timer } from "../clock.ts";
import { AwsError, type Call, type SandboxBase, type SimulatedService } from "../service.ts";

/** Simulated SQS: standard queues, which deliver at least once and in no order. */
export interface SqsSimulator {
  service: SimulatedService;
  /** Makes a queue that is not there yet. */
  addQueue(name: string): void;
  /** Puts a message into a queue; nothing happens where there is no such queue. */
  send(queue: string, body: string): void;
  /** How messages come from now on: which share of them twice, and how far (ms) they may overtake each other. */
  setDelivery(delivery: Partial<Delivery>): void;
  /** Messages that were not deleted yet. */
  waiting(queue: string): number;
  reset(): void;
}

interface Delivery {
  duplicates: number;
  disorderMs: number;
}

interface Message {
  id: string;
  body: string;
  sentAt: number;
  /** Epoch ms from which it may be received. */
  visibleAt: number;
  received: number;
  /** Of the newest receive; an older one deletes nothing. */
  handle: string;
}

interface Queue {
  messages: Message[];
  /** Who waits for a message. */
  pollers: Set<() => void>;
}

const VISIBLE_AFTER_MS = 30_000;
const MOST = 10;
/** Nobody may ever read it: the oldest go. */
const KEPT = 5_000;
const IN_TURN: Delivery = { duplicates: 0, disorderMs: 0 };

/** No queues. */
export function createSqs({ clock, place }: SandboxBase): SqsSimulator {
  const queues = new Map<string, Queue>();
  let delivery = IN_TURN;
  let made = 0;
  const nextId = () => `m-${String(++made).padStart(8, "0")}`;
  /** Numbers of its own, so that the ids of everything else stay what they are. */
  const chance = () => (Math.imul(++made, 0x9e3779b1) >>> 0) / 2 ** 32;

  function find(url: string | undefined): Queue {
    const queue = queues.get(url?.slice(url.lastIndexOf("/") + 1) ?? "");
    if (!queue) throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
    return queue;
  }

  function put(queue: Queue, body: string): string {
    const id = nextId();
    const copies = chance() < delivery.duplicates ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const visibleAt = clock.now() + chance() * delivery.disorderMs;
      queue.messages.push({ id, body, sentAt: clock.now(), visibleAt, received: 0, handle: "" });
    }
    if (queue.messages.length > KEPT) queue.messages.splice(0, KEPT / 10);
    for (const wake of [...queue.pollers]) wake();
    return id;
  }

  function take(queue: Queue, most: number, hiddenMs: number): Sqs.Message[] {
    const now = clock.now();
    const visible = queue.messages.filter(({ visibleAt }) => visibleAt <= now);
    const found = (delivery.disorderMs > 0 ? visible.toSorted((a, b) => a.visibleAt - b.visibleAt) : visible).slice(
      0,
      most,
    );
    return found.map((message) => {
      message.received += 1;
      message.visibleAt = now + hiddenMs;
      message.handle = `h-${message.id}-${message.received}-${Math.floor(chance() * 1e9)}`;
      return { MessageId: message.id, ReceiptHandle: message.handle, Body: message.body, MD5OfBody: md5(message.body) };
    });
  }

  /** Resolves with the next message, after `ms`, or when the client goes away. */
  function next(queue: Queue, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const soon = Math.min(ms, ...queue.messages.map(({ visibleAt }) => Math.max(1, visibleAt - clock.now())));
      let timer: Timer | null = null;
      const done = () => {
        timer?.cancel();
        queue.pollers.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      timer = clock.after(soon, done);
      queue.pollers.add(done);
      signal.addEventListener("abort", done, { once: true });
    });
  }

  function remove(queue: Queue, handle: string | undefined): void {
    if (!/^h-/.test(handle ?? ""))
      throw new AwsError(
        "ReceiptHandleIsInvalid",
        `The input receipt handle "${handle}" is not a valid receipt handle.`,
      );
    queue.messages = queue.messages.filter((message) => message.handle !== handle);
  }

  const ranged = (name: string, value: number | undefined, least: number, most: number, usual: number) => {
    if (value !== undefined && (value < least || value > most))
      throw new AwsError(
        "InvalidParameterValue",
        `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}, if provided.`,
      );
    return value ?? usual;
  };

  return {
    service: {
      name: "sqs",
      operations: {
        CreateQueue({ QueueName = "" }: Sqs.CreateQueueRequest, { origin }: Call): Sqs.CreateQueueResult {
          if (!/^[\w-]{1,80}$/.test(QueueName))
            throw new AwsError(
              "InvalidParameterValue",
              "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
            );
          if (!queues.has(QueueName)) queues.set(QueueName, { messages: [], pollers: new Set() });
          return { QueueUrl: `${origin}/${place.accountId}/${QueueName}` };
        },
        SendMessage({ QueueUrl, MessageBody = "" }: Sqs.SendMessageRequest): Sqs.SendMessageResult {
          return { MessageId: put(find(QueueUrl), MessageBody), MD5OfMessageBody: md5(MessageBody) };
        },
        async ReceiveMessage(input: Sqs.ReceiveMessageRequest, { signal }: Call): Promise<Sqs.ReceiveMessageResult> {
          const queue = find(input.QueueUrl);
          const most = ranged("MaxNumberOfMessages", input.MaxNumberOfMessages, 1, MOST, 1);
          const waitMs = ranged("WaitTimeSeconds", input.WaitTimeSeconds, 0, 20, 0) * 1000;
          const hiddenMs =
            ranged("VisibilityTimeout", input.VisibilityTimeout, 0, 43_200, VISIBLE_AFTER_MS / 1000) * 1000;
          const until = clock.now() + waitMs;
          let found = take(queue, most, hiddenMs);
          while (found.length === 0 && clock.now() < until && !signal.aborted) {
            await next(queue, until - clock.now(), signal);
            // Whoever went away while waiting gets nothing, and nothing is hidden for them.
            if (!signal.aborted) found = take(queue, most, hiddenMs);
          }
          return found.length > 0 ? { Messages: found } : {};
        },
        DeleteMessage({ QueueUrl, ReceiptHandle }: Sqs.DeleteMessageRequest): Record<string, never> {
          remove(find(QueueUrl), ReceiptHandle);
          return {};
        },
        DeleteMessageBatch({ QueueUrl, Entries = [] }: Sqs.DeleteMessageBatchRequest): Sqs.DeleteMessageBatchResult {
          const queue = find(QueueUrl);
          if (Entries.length === 0)
            throw new AwsError("EmptyBatchRequest", "The batch request doesn't contain any entries.");
          if (Entries.length > MOST)
            throw new AwsError(
              "TooManyEntriesInBatchRequest",
              `Maximum number of entries per request are 10. You have sent ${Entries.length}.`,
            );
          const ids = Entries.map(({ Id = "" }) => Id);
          if (new Set(ids).size < ids.length)
            throw new AwsError(
              "BatchEntryIdsNotDistinct",
              "Two or more batch entries in the request have the same Id.",
            );
          const Successful: Sqs.DeleteMessageBatchResultEntry[] = [];
          const Failed: Sqs.BatchResultErrorEntry[] = [];
          for (const { Id, ReceiptHandle } of Entries) {
            try {
              remove(queue, ReceiptHandle);
              Successful.push({ Id });
            } catch {
              Failed.push({
                Id,
                SenderFault: true,
                Code: "ReceiptHandleIsInvalid",
                Message: "The input receipt handle is invalid.",
              });
            }
          }
          return { Successful, Failed };
        },
      },
    },
    addQueue(name) {
      if (!queues.has(name)) queues.set(name, { messages: [], pollers: new Set() });
    },
    send(name, body) {
      const queue = queues.get(name);
      if (queue) put(queue, body);
    },
    setDelivery(changes) {
      delivery = { ...delivery, ...changes };
    },
    waiting: (name) => queues.get(name)?.messages.length ?? 0,
    reset() {
      for (const { pollers } of queues.values()) for (const wake of [...pollers]) wake();
      queues.clear();
      delivery = IN_TURN;
    },
  };
}

/** Clients check it. */
function md5(body: string): string {
  return createHash("md5").update(body).digest("hex");
}
