import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Caller } from "./caller.ts";

/** A message of a queue; it comes again unless it is deleted. */
interface QueueMessage {
  receipt: string;
  body: string;
}

/** SQS's queues. */
export interface Queues {
  /** The next messages, at most ten; none when none came within the wait. */
  receive(queueUrl: string, signal: AbortSignal): Promise<QueueMessage[]>;
  /** Deletes them, at most ten. */
  remove(queueUrl: string, messages: readonly QueueMessage[], signal: AbortSignal): Promise<void>;
}

/** AWS's most. */
const MOST = 10;
/** Shorter than the SDK's client waits for an answer. */
const WAIT_SECONDS = 4;
/** Long enough to be deleted; after it whoever comes next gets them. */
const HIDDEN_SECONDS = 30;

/** SQS through the SDK's client. */
export function createQueues(client: SQSClient, call: Caller): Queues {
  const how = { service: "sqs", family: "sqs", priority: "idle", effect: "read" } as const;
  return {
    async receive(QueueUrl, signal) {
      const input = {
        QueueUrl,
        MaxNumberOfMessages: MOST,
        WaitTimeSeconds: WAIT_SECONDS,
        VisibilityTimeout: HIDDEN_SECONDS,
      };
      const { Messages = [] } = await call({ ...how, operation: "ReceiveMessage", signal }, (abortSignal) =>
        client.send(new ReceiveMessageCommand(input), { abortSignal }),
      );
      return Messages.flatMap(({ ReceiptHandle: receipt, Body: body = "" }) => (receipt ? [{ receipt, body }] : []));
    },
    async remove(QueueUrl, messages, signal) {
      if (messages.length === 0) return;
      const Entries = messages.map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt }));
      await call({ ...how, operation: "DeleteMessageBatch", signal }, (abortSignal) =>
        client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }), { abortSignal }),
      );
    },
  };
}
