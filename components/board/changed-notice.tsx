import { Notice } from "@/components/ui/notice.tsx";

/** Says at once what has changed under somebody who was about to act; nothing while nothing has. */
export function ChangedNotice({ title, changes }: { title: string; changes: readonly string[] }) {
  if (changes.length === 0) return null;
  return (
    <div role="alert">
      <Notice tone="warning" title={title}>
        <ul className="list-disc pl-4">
          {changes.map((change) => (
            <li key={change}>{change}</li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
