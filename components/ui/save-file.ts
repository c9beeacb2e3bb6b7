const KEPT_MS = 60_000;

/** Hands the reader's browser a file to save. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser may read it a little later than it was clicked.
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
