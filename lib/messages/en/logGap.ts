/** Why lines of a log are missing, or arrive more slowly, and where a download of them was cut. */
export const logGap = {
  catchUp: "More lines than could be caught up on",
  polling: "More lines than polling can read",
  instead: "{why}. Reading every {seconds} s instead",
  noLiveTail: "AWS has no live tail for this log group, as for the class infrequent access ({code})",
  tooLate: "Older lines took longer than {seconds} s to read, and the search was given up",
  tooMany: "More lines than are read at once",
  nothingIn: "AWS found nothing in {pages} pages, and the search was given up there",
  lookedAt: "Looked at {count, number} lines, back to {at} UTC, and no further",
  manyReaders: "Too many readers have not taken their first lines yet",
  slowReader: "This viewer read more slowly than lines arrived",
  cut: "Cut at {at}: {why}",
  downloadHolds: "a download holds {lines, number} lines or {megabytes} MB",
  nothingMore: "nothing more was found there in {reads} reads",
} as const;
