import { useSaid } from "#translations";
import { Notice } from "@/components/ui/notice.tsx";
import type { Sentence } from "@/lib/domain/sentence/sentence.ts";

/** Says at once what has changed under somebody who was about to act; nothing while nothing has. */
export function ChangedNotice({ title, changes }: { title: string; changes: readonly Sentence[] }) {
  const said = useSaid();
  if (changes.length === 0) return null;
  return (
    <div role="alert">
      <Notice tone="warning" title={title}>
        <ul className="list-disc pl-4">
          {changes.map((change) => (
            <li key={JSON.stringify(change)}>{said(change)}</li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
