import { Notice } from "./notice.tsx";

/** Why a view has nothing to show, with what to do about it and the code to search for. */
export function Problem({
  title,
  problem,
}: {
  title: string;
  problem: { code: string; message: string; fix?: string };
}) {
  return (
    <Notice tone="fault" title={title}>
      <p>{problem.message}</p>
      {problem.fix ? <p className="text-ink">{problem.fix}</p> : null}
      <p className="mt-1 font-mono text-xs">{problem.code}</p>
    </Notice>
  );
}
