import { z } from "zod";
import { say } from "../domain/sentence/sentence.ts";
import { fix } from "./fix.ts";
import { regionSchema } from "./region.ts";

const URL_FIX = fix(say("config.queueUrl"));

const queueSchema = z.strictObject(
  {
    /** The queue that EventBridge delivers ECS's events of a place to. */
    queueUrl: z.string(URL_FIX).regex(/^https?:\/\/[\w.:-]+\/\d{12}\/[\w-]{1,80}$/, URL_FIX),
    /** One of `accounts`; Switchyard's own when left out. */
    account: z
      .string(fix(say("input.name")))
      .nullable()
      .default(null),
    /** The account's first when left out. */
    region: regionSchema.nullable().default(null),
  },
  fix(say("input.shape", { shape: "{ queueUrl, account, region }" })),
);

/** Queues with ECS's events, one for each account and Region that has one. */
export const eventsSchema = z.array(queueSchema, fix(say("input.listOf", { what: "{ queueUrl, account, region }" })));

/** One of them. */
export type EventsQueue = z.infer<typeof queueSchema>;

/** What of the queues does not fit the accounts, with the place in the file. */
export function findEventsProblems(
  queues: readonly EventsQueue[],
  accounts: readonly { name: string }[],
): { path: (string | number)[]; message: string }[] {
  return queues.flatMap(({ account }, index) => {
    if (account === null || accounts.some(({ name }) => name === account)) return [];
    const names = accounts.map(({ name }) => name).join(", ") || say("config.thereIsNone");
    return [{ path: ["events", index, "account"], message: fix(say("config.oneOfAccounts", { names })) }];
  });
}
