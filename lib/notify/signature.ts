import { createHmac } from "node:crypto";

/** `t=<epoch seconds>,v1=<hex>`: HMAC-SHA256 over "<t>.<body>", so that neither can be changed nor an old one replayed. */
export function signatureOf(secret: string, body: string, now: number): string {
  const seconds = Math.floor(now / 1000);
  const digest = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return `t=${seconds},v1=${digest}`;
}
