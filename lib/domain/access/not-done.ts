/** How every answer begins that was given before anything was looked at: whoever reads it may try again. */
export const NOT_DONE = "Nothing was done";

/** Why a process that was told to end refuses what is new: another one answers in a moment. */
export const STOPPING = "Switchyard is stopping; ask again in a moment, when another replica or the next start answers";

/** What such an answer says, of what a page caught; null for any other failure, after which something may have been done. */
export function notDoneWords(error: unknown): string | null {
  return error instanceof Error && error.message.startsWith(`${NOT_DONE}:`) ? error.message.slice(0, 600) : null;
}
