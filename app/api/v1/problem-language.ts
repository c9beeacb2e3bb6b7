import { inLanguage } from "@/lib/domain/sentence/in-language.ts";
import type { Blocker } from "@/lib/domain/verb/blocker.ts";
import { findMessage } from "@/lib/messages/catalogues.ts";
import { formatText } from "@/lib/messages/format.ts";
import { type Language, languageOf } from "@/lib/messages/language.ts";

/** The members of a problem that are read by people, with the sentences that they come from. */
type Problem = Omit<Blocker, "message"> & { title: string; status: number; detail: string; blockers?: Blocker[] };

/** The answer with its problem in the language that the request asks for; anything but a problem stays as it is. */
export async function inReadersLanguage(request: Request, response: Response): Promise<Response> {
  if (response.headers.get("content-type") !== "application/problem+json") return response;
  const language = languageOf(request.headers);
  response.headers.append("vary", "accept-language, cookie");
  response.headers.set("content-language", language);
  if (language === "en") return response;
  const { status, headers } = response;
  const body = translated((await response.json()) as Problem, language);
  return new Response(JSON.stringify(body), { status, headers });
}

function translated(problem: Problem, language: Language): Problem {
  const { title, detail, said, blockers } = problem;
  const titleIn = findMessage(language, "problem", `title.${problem.status}`);
  return {
    ...problem,
    title: titleIn === null ? title : formatText(titleIn, language),
    detail: (said && inLanguage(said, language)) ?? detail,
    ...fixIn(problem, language),
    ...(blockers ? { blockers: blockers.map((blocker) => translatedBlocker(blocker, language)) } : {}),
  };
}

function translatedBlocker(blocker: Blocker, language: Language): Blocker {
  const message = (blocker.said && inLanguage(blocker.said, language)) ?? blocker.message;
  return { ...blocker, message, ...fixIn(blocker, language) };
}

function fixIn({ fix, fixSaid }: Pick<Blocker, "fix" | "fixSaid">, language: Language): { fix?: string } {
  const fixed = (fixSaid && inLanguage(fixSaid, language)) ?? fix;
  return fixed === undefined ? {} : { fix: fixed };
}
