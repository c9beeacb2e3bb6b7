import { say } from "@/lib/domain/sentence/sentence.ts";
import { cutText } from "@/lib/domain/text/cut-text.ts";
import { refuse } from "@/lib/request/refusal.ts";
import { problemResponse } from "./problem.ts";

/** How much of each application a stream tells, by `?view=`; a refusal for a view that there is not. */
export function viewOf(request: Request): "snapshot" | "summary" | Response {
  const asked = new URL(request.url).searchParams.get("view");
  if (asked === null || asked === "snapshot") return "snapshot";
  if (asked === "summary") return asked;
  return problemResponse(
    refuse(
      "INVALID_INPUT",
      say("refusal.memberIs", { member: "view", value: cutText(asked, 40) }),
      say("rest.giveOrLeave", { member: "view", value: "summary" }),
    ),
  );
}
