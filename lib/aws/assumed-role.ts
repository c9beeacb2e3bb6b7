import { actorHere } from "./acting.ts";

/** Credentials of a role's session. */
export interface SessionCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/** What a session is begun with. */
export interface SessionRequest {
  roleArn: string;
  externalId: string | null;
  sessionName: string;
  sourceIdentity: string | null;
  tags: Readonly<Record<string, string>>;
}

/** The role of another account, and how much its sessions say of whoever acts. */
export interface RoleToAssume {
  roleArn: string;
  externalId: string | null;
  sourceIdentity: boolean;
  sessionTags: boolean;
}

/** What the SDK's clients sign with: asked for at every call, and `memoized` so that no client keeps what one person's call got. */
export type CredentialsProvider = (() => Promise<SessionCredentials>) & { memoized: true };

/** Of what nobody asked for. */
const OWN_SESSION = "switchyard";
/** Sessions last an hour, the longest that a role assumed by a role may have. New ones are asked for this long before, beside the calls. */
const REFRESH_BEFORE_MS = 15 * 60_000;
/** Only from here on calls wait for the new one. */
const LEAST_LEFT_MS = 60_000;
/** A role that cannot be assumed is not asked for with every call: other accounts' sessions come out of the same budget. */
const FAILED_FOR_MS = 10_000;

/**
 * Sessions of one role, one for each person who acts and one for everything else, each kept until shortly before its end. Where a
 * person's own cannot be had, the common one is used: what was clicked is made, and Switchyard's audit tells whose it was.
 */
export function createAssumedRole(
  role: RoleToAssume,
  assume: (request: SessionRequest) => Promise<SessionCredentials>,
  now: () => number,
): CredentialsProvider {
  interface Session {
    credentials: SessionCredentials | null;
    asking: Promise<SessionCredentials> | null;
    failed: { at: number; error: unknown } | null;
  }
  const sessions = new Map<string, Session>();
  const leftMs = ({ credentials }: Session) => (credentials ? credentials.expiration.getTime() - now() : 0);

  function ask(name: string, session: Session): Promise<SessionCredentials> {
    if (session.failed && now() - session.failed.at < FAILED_FOR_MS) return Promise.reject(session.failed.error);
    session.asking ??= assume({
      roleArn: role.roleArn,
      externalId: role.externalId,
      sessionName: name,
      sourceIdentity: role.sourceIdentity ? name : null,
      tags: role.sessionTags ? { "switchyard-actor": name } : {},
    })
      .then(
        (credentials) => {
          Object.assign(session, { credentials, failed: null });
          return credentials;
        },
        (error: unknown) => {
          session.failed = { at: now(), error };
          throw error;
        },
      )
      .finally(() => {
        session.asking = null;
      });
    return session.asking;
  }

  function credentialsOf(name: string): Promise<SessionCredentials> {
    for (const [old, session] of sessions) if (session.credentials && leftMs(session) <= 0) sessions.delete(old);
    const session = sessions.get(name) ?? { credentials: null, asking: null, failed: null };
    sessions.set(name, session);
    if (!session.credentials || leftMs(session) <= LEAST_LEFT_MS) return ask(name, session);
    // The old one holds meanwhile; a failure is told once it does no more.
    if (leftMs(session) <= REFRESH_BEFORE_MS) ask(name, session).catch(() => undefined);
    return Promise.resolve(session.credentials);
  }

  const provide = () => {
    const actor = actorHere();
    const name = actor === null ? OWN_SESSION : sessionName(actor);
    return name === OWN_SESSION ? credentialsOf(name) : credentialsOf(name).catch(() => credentialsOf(OWN_SESSION));
  };
  return Object.assign(provide, { memoized: true as const });
}

/** As AWS lets a session be called: 2 to 64 of these characters. */
export function sessionName(actor: string): string {
  return actor
    .replaceAll(/[^\w+=,.@-]/g, "-")
    .slice(0, 64)
    .padEnd(2, "-");
}
