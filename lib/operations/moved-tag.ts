import type { Aws } from "../aws/aws.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { Application } from "../domain/application/application.ts";
import { parseRepository } from "../domain/observation/image-repository.ts";
import { parseImage } from "../domain/observation/image-tag.ts";
import { inEnglish } from "../domain/sentence/in-language.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Receipt } from "../domain/snapshot/receipt.ts";

/** The receipt with a warning where the tag that is shown names another image by now; what runs stays what its digest says. */
export async function withMovedTag(
  aws: Pick<Aws, "images">,
  application: Application,
  receipt: Receipt,
): Promise<Receipt> {
  const { repository, tag, digest } = parseImage(receipt.revisions[receipt.to]?.image ?? "");
  if (tag === null || digest === null) return receipt;
  try {
    const found = await aws.images.find(application, parseRepository(repository), { tag }, "observer");
    if (found.state !== "found" || found.digest === digest) return receipt;
    const moved = say("caution.movedTag", { tag, now: short(found.digest), side: receipt.to, digest: short(digest) });
    const { warnings, warningsSaid } = receipt;
    return {
      ...receipt,
      warnings: [...warnings, inEnglish(moved)],
      ...(warningsSaid ? { warningsSaid: [...warningsSaid, moved] } : {}),
    };
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return receipt;
  }
}

function short(digest: string): string {
  return digest.slice(0, 19);
}
