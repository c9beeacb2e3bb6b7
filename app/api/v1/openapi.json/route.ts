import { currentConfig } from "@/lib/config/current-config.ts";
import { chooseMediaType } from "@/lib/request/media-type.ts";
import packageJson from "@/package.json";
import { notAcceptable } from "../handle.ts";
import { openApiDocument } from "../openapi-document.ts";

export const dynamic = "force-dynamic";

/** For anybody: it is the same for every installation of a version, and says nothing of what is in this one. */
export function GET(request: Request): Response {
  const offered = ["application/json"] as const;
  if (chooseMediaType(request.headers.get("accept"), offered) === null) return notAcceptable(offered);
  return Response.json(openApiDocument(packageJson.version, currentConfig().auth.url), {
    headers: { "cache-control": "no-cache" },
  });
}
