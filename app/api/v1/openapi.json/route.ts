import { currentConfig } from "@/lib/config/current-config.ts";
import packageJson from "@/package.json";
import { openApiDocument } from "../openapi-document.ts";

export const dynamic = "force-dynamic";

/** For anybody: it is the same for every installation of a version, and says nothing of what is in this one. */
export function GET(): Response {
  return Response.json(openApiDocument(packageJson.version, currentConfig().auth.url), {
    headers: { "cache-control": "no-cache" },
  });
}
