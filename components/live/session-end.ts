const CHANNEL = "switchyard-session";

/** Tells this browser's other tabs that the session has ended. */
export function tellSessionEnded(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("ended");
  channel.close();
}

/** Calls back when another tab has signed out; the answer stops listening. */
export function onSessionEnded(listener: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = () => listener();
  return () => channel.close();
}

/** Whether the session is gone, as far as the server can be asked. */
export async function isSignedOut(): Promise<boolean> {
  try {
    const response = await fetch("/api/auth/session", { cache: "no-store" });
    if (!response.ok) return false;
    const session: unknown = await response.json();
    return session === null || (typeof session === "object" && Object.keys(session).length === 0);
  } catch {
    return false;
  }
}
