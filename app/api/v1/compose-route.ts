import type { Result } from "@/lib/domain/verb/blocker.ts";
import { handleChange, handleRead, idempotencyKeyOf, type RouteContext, resultResponse } from "./handle.ts";

/** A method of a route; one with names in its address is given them by Next. */
type Method<Names> = (
  request: Request,
  ...address: Names extends undefined ? [] : [{ params: Promise<Names> }]
) => Promise<Response>;

/** A method that answers one query, as JSON; `show` says which part of the answer is sent. */
export function answerQuery<T, Names = undefined>(
  query: (ctx: RouteContext, names: Names, search: URLSearchParams) => Promise<Result<T>>,
  show?: (value: T) => unknown,
): Method<Names> {
  return (request, ...address) =>
    handleRead(request, async (ctx) => {
      const { searchParams } = new URL(request.url);
      return resultResponse(await query(ctx, await namesOf(address), searchParams), 200, show);
    });
}

/** A method that is one operation: its input is the body with what the address names. */
export function runOperation<T, Names = undefined>(
  operation: (ctx: RouteContext, input: Record<string, unknown>) => Promise<Result<T>>,
  {
    named = () => ({}),
    status = 200,
    withKey = false,
    show,
  }: {
    /** Members of the input that the address gives. */
    named?: (names: Names) => Record<string, unknown>;
    status?: 200 | 201 | 202;
    /** Whether a repeat is known by its Idempotency-Key. */
    withKey?: boolean;
    show?: (value: T) => unknown;
  } = {},
): Method<Names> {
  return (request, ...address) =>
    handleChange(
      request,
      async (ctx, input) => resultResponse(await operation(ctx, input), status, show),
      async () => ({ ...(withKey ? idempotencyKeyOf(request) : {}), ...named(await namesOf(address)) }),
    );
}

/** Safe because Next gives the names exactly where the address has some, which is what `Method` asks for. */
async function namesOf<Names>([address]: [] | [{ params: Promise<Names> }]): Promise<Names> {
  return (await address?.params) as Names;
}

/** What `/applications/{name}/…` names. */
export const ofApplication = ({ name }: { name: string }) => ({ application: name });

/** What `/deployments/{id}/…` names. */
export const ofDeployment = ({ id }: { id: string }) => ({ deploymentId: id });
