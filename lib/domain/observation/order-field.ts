/** Whether the field of a task definition only says that something is in another order. */
export function isOrderField({ field }: { field: string }): boolean {
  return field === "Order of entries";
}
