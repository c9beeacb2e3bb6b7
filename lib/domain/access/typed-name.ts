import { foldAddress } from "./address.ts";

/** Code points that are in a pasted text and that nobody sees. */
const UNSEEN = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** A person's name or address as somebody types or pastes it, as it is kept: composed, without what nobody sees. */
export function typedName(text: string | null | undefined): string {
  const name = (text ?? "").replaceAll(UNSEEN, "").trim();
  // Composing would make the Kelvin sign a "K", and one person's address another's.
  return name.includes("@") ? foldAddress(name) : name.normalize("NFC");
}
