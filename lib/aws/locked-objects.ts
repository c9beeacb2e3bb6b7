import { createHash } from "node:crypto";
import type { ECSClient } from "@aws-sdk/client-ecs";

/** One object of S3 that nobody may change or delete before its time. */
interface LockedObject {
  bucket: string;
  /** Letters, digits and `/ . _ -` alone: nothing in it needs escaping. */
  key: string;
  body: string;
  mode: "COMPLIANCE" | "GOVERNANCE";
  /** Epoch ms. */
  lockedUntil: number;
}

/** Puts such objects. */
export interface LockedObjects {
  /** @throws Error with S3's code, "AccessDenied" or "InvalidRequest" where the bucket has no Object Lock */
  put(object: LockedObject): Promise<void>;
}

/** What of a client is used: its signer, and its connections with their proxy. */
type Client = Pick<ECSClient, "config">;

/** S3 by one signed PUT, for which another client of the SDK lends its credentials and connections. */
export function createLockedObjects(
  client: Client,
  { region, endpoint }: { region: string; endpoint: string | null },
): LockedObjects {
  return {
    async put({ bucket, key, body, mode, lockedUntil }) {
      const url = addressOf(bucket, key, region, endpoint);
      const signer = await client.config.signer();
      const request = await signer.sign(
        {
          method: "PUT",
          protocol: url.protocol,
          hostname: url.hostname,
          ...(url.port === "" ? {} : { port: Number(url.port) }),
          path: url.pathname,
          query: {},
          headers: {
            host: url.host,
            "content-type": "application/json",
            "content-length": String(Buffer.byteLength(body)),
            // S3 takes a lock only with what the body's integrity can be told by.
            "content-md5": digest("md5", body, "base64"),
            "x-amz-content-sha256": digest("sha256", body, "hex"),
            "x-amz-checksum-sha256": digest("sha256", body, "base64"),
            "x-amz-object-lock-mode": mode,
            "x-amz-object-lock-retain-until-date": new Date(lockedUntil).toISOString(),
          },
          body,
        },
        { signingService: "s3", signingRegion: region },
      );
      const { response } = await client.config.requestHandler.handle(request as never);
      const answer = await textOf(response.body);
      if (response.statusCode < 200 || response.statusCode > 299)
        throw new Error(
          `S3 answered ${response.statusCode} ${/<Code>([A-Za-z]{1,60})<\/Code>/.exec(answer)?.[1] ?? ""}`.trim(),
        );
    },
  };
}

/** By the bucket's own host where that is a name of TLS's: a dot in it is none of the certificate's. */
function addressOf(bucket: string, key: string, region: string, endpoint: string | null): URL {
  if (endpoint !== null) return new URL(`/${bucket}/${key}`, endpoint);
  const host = `s3.${region}.${suffixOf(region)}`;
  return new URL(bucket.includes(".") ? `https://${host}/${bucket}/${key}` : `https://${bucket}.${host}/${key}`);
}

function suffixOf(region: string): string {
  if (region.startsWith("cn-")) return "amazonaws.com.cn";
  return region.startsWith("eusc-") ? "amazonaws.eu" : "amazonaws.com";
}

function digest(algorithm: "md5" | "sha256", body: string, encoding: "hex" | "base64"): string {
  return createHash(algorithm).update(body).digest(encoding);
}

/** The beginning of an answer: only S3's code in it is of interest. */
async function textOf(body: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of body ?? []) if (parts.length < 4) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}
