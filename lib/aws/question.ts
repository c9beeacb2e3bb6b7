import { AsyncLocalStorage } from "node:async_hooks";
import { PRIORITIES, type Priority } from "./budget.ts";

const questions = new AsyncLocalStorage<boolean>();

/** Runs `work`, in which nothing is asked of AWS more urgently than as a question: what actions need is kept for them. */
export function asQuestion<T>(work: () => T): T {
  return questions.run(true, work);
}

/** Runs `work` for everybody who waits for it, whoever asked first. */
export function forEverybody<T>(work: () => T): T {
  return questions.run(false, work);
}

/** How urgent a call is here and now. */
export function priorityHere(priority: Priority): Priority {
  const isAbove = PRIORITIES.indexOf(priority) < PRIORITIES.indexOf("question");
  return isAbove && questions.getStore() === true ? "question" : priority;
}
