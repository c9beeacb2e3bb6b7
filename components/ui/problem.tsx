import { useSaid } from "#translations";
import type { Blocker } from "@/lib/domain/verb/blocker.ts";
import { Notice } from "./notice.tsx";

/** Why a view has nothing to show, with what to do about it and the code to search for. */
export function Problem({
  title,
  problem,
}: {
  title: string;
  problem: Pick<Blocker, "message" | "fix" | "said" | "fixSaid"> & { code: string };
}) {
  const said = useSaid();
  return (
    <Notice tone="fault" title={title}>
      <p>{said(problem.said, problem.message)}</p>
      {problem.fix ? <p className="text-ink">{said(problem.fixSaid, problem.fix)}</p> : null}
      <p className="mt-1 font-mono text-xs">{problem.code}</p>
    </Notice>
  );
}
