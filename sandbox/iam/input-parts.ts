import type { Place } from "../service.ts";
import type { AskedAction } from "./matching.ts";

/** An operation's decoded input. */
export type Input = Readonly<Record<string, unknown>>;

/** What a service's operation asks for; null: the action of its own name, on no single resource. */
export type ActionsOf = (operation: string, input: Input, place: Place) => AskedAction[] | null;

/** The text, or "" for anything else. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The list, or an empty one for anything else. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The object, or an empty one for anything else. */
export function object(value: unknown): Input {
  return typeof value === "object" && value !== null ? (value as Input) : {};
}
