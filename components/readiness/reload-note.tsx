import { Notice } from "@/components/ui/notice.tsx";
import { Age } from "@/components/ui/time.tsx";

/** What came of the last time switchyard.yaml was read again; why it was refused may name values, which are for admins. */
export function ReloadNote({
  outcome,
  maySeeWhy,
}: {
  outcome: { at: number; isTaken: boolean; words: string } | null;
  maySeeWhy: boolean;
}) {
  if (!outcome) return null;
  const { at, isTaken, words } = outcome;
  if (isTaken)
    return (
      <p className="mb-3 text-sm text-second">
        switchyard.yaml was read again <Age at={at} suffix=" ago" />: {words}.
      </p>
    );
  return (
    <div className="mb-3 max-w-[1100px]">
      <Notice tone="fault" compact title="switchyard.yaml was refused, and what held before goes on">
        {maySeeWhy ? words : "The log says why."} (<Age at={at} suffix=" ago" />)
      </Notice>
    </div>
  );
}
