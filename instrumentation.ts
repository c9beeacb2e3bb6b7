import type { Instrumentation } from "next";

/** Next calls it once a server process, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { boot } = await import("./lib/process/boot.ts");
  await boot();
}

/** Every error that a page, route or action did not handle itself. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { log } = await import("./lib/log.ts");
  const requestId = request.headers["x-request-id"];
  log.error("A request failed", {
    error,
    ...(typeof requestId === "string" ? { requestId } : {}),
    method: request.method,
    path: request.path.split("?")[0],
    route: context.routePath,
  });
};
