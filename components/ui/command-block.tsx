import { CopyButton } from "./copy-button.tsx";

/** Commands to paste, with a button that copies them. */
export function CommandBlock({ text, label }: { text: string; label: string }) {
  return (
    <div className="flex items-start gap-2">
      <pre className="min-w-0 flex-1 overflow-x-auto rounded-control border border-line bg-ground px-3 py-2 font-mono text-xs whitespace-pre-wrap break-words">
        {text}
      </pre>
      <CopyButton text={text} label={label} isSmall />
    </div>
  );
}
