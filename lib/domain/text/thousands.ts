/**
 * A whole number with commas between its thousands: 12345 is "12,345", as English and Korean both write it. `toLocaleString` makes
 * a new formatter each time that it is asked, which took a sixth of the time that the log page needs to wake up on a phone.
 */
export function thousands(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
