/** A time in which nothing is sent forward: quiet hours that come again, or a freeze. Rollback stays possible. Times are epoch ms. */
export interface MaintenanceWindow {
  kind: "quietHours" | "freezeWindow";
  name: string;
  from: number;
  /** Null when it has no end that can be told. */
  until: number | null;
  /** The zone it is defined in, for words. */
  timeZone: string;
}
