export const ui = {
  copy: "Copy",
  copied: "Copied",
  notCopied: "Not copied: the browser refused",
  close: "Close",
  nameCopy: "{text}, copy {label}",
  pressToCopy: "Press to copy",
  reason: "Reason, for the record (optional)",
  scrollable: "{label}, scrollable",
  notLoaded: "This part of the page could not be loaded",
  loadAgain: "Load again",
  orderOfEntries: "Order of entries",
} as const;
