import packageJson from "@/package.json";
import { handleRead } from "../handle.ts";
import { openApiDocument } from "../openapi-document.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return handleRead(request, async () => Response.json(openApiDocument(packageJson.version)));
}
