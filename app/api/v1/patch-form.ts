import { say } from "@/lib/domain/sentence/sentence.ts";
import { cutText } from "@/lib/domain/text/cut-text.ts";
import { refuse } from "@/lib/request/refusal.ts";
import type { PatchForm } from "@/lib/streams/snapshot-stream.ts";
import { problemResponse } from "./problem.ts";

/** Since when and until when changes come in the form that this API had first; docs/api.md says so as well. */
const DEPRECATED_AT = Date.UTC(2026, 10, 30);
const ENDS_AT = Date.UTC(2027, 11, 1);

/** How a stream of snapshots tells changes, by `?patch=`; a refusal for a form that there is not. */
export function patchFormOf(request: Request): PatchForm | Response {
  const asked = new URL(request.url).searchParams.get("patch");
  if (asked === null || asked === "patch") return "patch";
  if (asked === "json-patch") return asked;
  return problemResponse(
    refuse(
      "INVALID_INPUT",
      say("refusal.memberIs", { member: "patch", value: cutText(asked, 40) }),
      say("rest.giveOrLeave", { member: "patch", value: "json-patch" }),
    ),
  );
}

/** The stream with what RFC 9745 and RFC 8594 say of a form that ends. */
export function withItsEnd(form: PatchForm, response: Response): Response {
  if (form !== "patch") return response;
  response.headers.set("deprecation", `@${DEPRECATED_AT / 1000}`);
  response.headers.set("sunset", new Date(ENDS_AT).toUTCString());
  return response;
}
