/** What follows an ARN's last slash: "library" of a cluster's, "library:42" of a task definition's. A plain name stays as it is. */
export function shortName(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
}
