export const dynamic = "force-dynamic";

/** For whatever starts the process anew: whether it answers at all. Nothing that a new start would not mend makes it fail. */
export function GET(): Response {
  return new Response("live\n", { headers: { "cache-control": "no-store" } });
}
