export const ui = {
  copy: "Copy",
  copied: "Copied",
  notCopied: "Not copied: the browser refused",
  close: "Close",
  nameCopy: "{text}, copy {label}",
  pressToCopy: "Press to copy",
  reason: "Reason, for the record (optional)",
  scrollable: "{label}, scrollable",
} as const;
