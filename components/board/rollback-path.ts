/** Where a rollback that was sent without the page's script is answered. */
export function rollbackPath(application: string): string {
  return `/${encodeURIComponent(application)}/rollback`;
}

/** The same with what was accepted. */
export function acceptedPath({ application, id }: { application: string; id: string }): string {
  return `${rollbackPath(application)}?deployment=${encodeURIComponent(id)}`;
}
