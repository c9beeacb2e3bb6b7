import { type Sentence, say } from "../sentence/sentence.ts";
import { cutText } from "../text/cut-text.ts";
import { parseImage } from "./image-tag.ts";

const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** A host (what comes first and has a dot, a port or the name localhost), and a path of lower case: https://github.com/distribution/reference. */
const HOST =
  /^(?:(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:.]+\])(?::\d+)?$/;
const PATH = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/;
const LONGEST_NAME = 255;

/** What of an image reference no container runtime can read, with what to give; null when it can be pulled by. */
export function findMalformed(image: string): { said: Sentence; fixSaid: Sentence } | null {
  const { repository, tag, digest } = parseImage(image);
  const [name = "", ...others] = image.split("@");
  if (digest !== null ? !DIGEST.test(digest) : others.length > 0)
    return {
      said: say("refusal.noDigest", { value: JSON.stringify(cutText(digest ?? "", 80)) }),
      fixSaid: say("refusal.giveDigest"),
    };
  if (tag !== null ? !TAG.test(tag) : name.endsWith(":"))
    return {
      said: say("refusal.noImageTag", { value: JSON.stringify(cutText(tag ?? "", 80)) }),
      fixSaid: say("refusal.giveTag"),
    };
  if (isRepository(repository)) return null;
  return {
    said: say("refusal.noImage", { value: JSON.stringify(cutText(image, 80)) }),
    fixSaid: say("refusal.giveRepositoryTag"),
  };
}

function isRepository(name: string): boolean {
  const [first = "", ...rest] = name.split("/");
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const path = hasHost ? rest : [first, ...rest];
  return name.length <= LONGEST_NAME && (!hasHost || HOST.test(first)) && path.every((part) => PATH.test(part));
}
