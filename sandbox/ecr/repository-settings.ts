import type * as Ecr from "@aws-sdk/client-ecr";
import { AwsError, type Call, type Handler } from "../service.ts";
import type { Repository } from "./repository.ts";

type Named = { repositoryName?: string; registryId?: string };

interface Context {
  getRepository(operation: string, input: Named, call: Call): Repository;
  /** Null when no repository has it. */
  findByArn(arn: string): Repository | null;
  now(): Date;
}

/** Policies, tags and settings of repositories: what tools read of every repository before they change anything. */
export function createRepositorySettings({ getRepository, findByArn, now }: Context): Record<string, Handler> {
  const byArn = (arn = ""): Repository => {
    const found = findByArn(arn);
    if (found) return found;
    const message = `The repository with name '${arn.slice(arn.indexOf("/") + 1)}' does not exist`;
    throw new AwsError("RepositoryNotFoundException", message);
  };
  const place = (repository: Repository) => ({
    registryId: repository.registryId,
    repositoryName: repository.name,
  });
  const none = (code: string, what: string, { name, registryId }: Repository) =>
    new AwsError(
      code,
      `${what} does not exist for the repository with name '${name}' in the registry with id '${registryId}'`,
    );
  const policyOf = (repository: Repository): string => {
    if (repository.policyText !== undefined) return repository.policyText;
    throw none("RepositoryPolicyNotFoundException", "Repository policy", repository);
  };
  const lifecycleOf = (repository: Repository) => {
    if (repository.lifecycle) return repository.lifecycle;
    throw none("LifecyclePolicyNotFoundException", "Lifecycle policy", repository);
  };

  return {
    ListTagsForResource(input: Ecr.ListTagsForResourceRequest): Ecr.ListTagsForResourceResponse {
      return { tags: [...byArn(input.resourceArn).tags] };
    },
    TagResource(input: Ecr.TagResourceRequest): Ecr.TagResourceResponse {
      const repository = byArn(input.resourceArn);
      const given = input.tags ?? [];
      const kept = repository.tags.filter(({ Key }) => !given.some((tag) => tag.Key === Key));
      repository.tags = [...kept, ...given];
      return {};
    },
    UntagResource(input: Ecr.UntagResourceRequest): Ecr.UntagResourceResponse {
      const repository = byArn(input.resourceArn);
      repository.tags = repository.tags.filter(({ Key }) => !input.tagKeys?.includes(Key ?? ""));
      return {};
    },

    GetRepositoryPolicy(input: Ecr.GetRepositoryPolicyRequest, call: Call): Ecr.GetRepositoryPolicyResponse {
      const repository = getRepository("GetRepositoryPolicy", input, call);
      return { ...place(repository), policyText: policyOf(repository) };
    },
    SetRepositoryPolicy(input: Ecr.SetRepositoryPolicyRequest, call: Call): Ecr.SetRepositoryPolicyResponse {
      const repository = getRepository("SetRepositoryPolicy", input, call);
      repository.policyText = input.policyText;
      return { ...place(repository), policyText: input.policyText };
    },
    DeleteRepositoryPolicy(input: Ecr.DeleteRepositoryPolicyRequest, call: Call): Ecr.DeleteRepositoryPolicyResponse {
      const repository = getRepository("DeleteRepositoryPolicy", input, call);
      const policyText = policyOf(repository);
      delete repository.policyText;
      return { ...place(repository), policyText };
    },

    GetLifecyclePolicy(input: Ecr.GetLifecyclePolicyRequest, call: Call): Ecr.GetLifecyclePolicyResponse {
      const repository = getRepository("GetLifecyclePolicy", input, call);
      const { text, setAt } = lifecycleOf(repository);
      // No image is ever expired here; AWS answers the time of its last round.
      return { ...place(repository), lifecyclePolicyText: text, lastEvaluatedAt: setAt };
    },
    PutLifecyclePolicy(input: Ecr.PutLifecyclePolicyRequest, call: Call): Ecr.PutLifecyclePolicyResponse {
      const repository = getRepository("PutLifecyclePolicy", input, call);
      repository.lifecycle = { text: input.lifecyclePolicyText ?? "", setAt: now() };
      return { ...place(repository), lifecyclePolicyText: input.lifecyclePolicyText };
    },
    DeleteLifecyclePolicy(input: Ecr.DeleteLifecyclePolicyRequest, call: Call): Ecr.DeleteLifecyclePolicyResponse {
      const repository = getRepository("DeleteLifecyclePolicy", input, call);
      const { text, setAt } = lifecycleOf(repository);
      delete repository.lifecycle;
      return { ...place(repository), lifecyclePolicyText: text, lastEvaluatedAt: setAt };
    },

    PutImageTagMutability(input: Ecr.PutImageTagMutabilityRequest, call: Call): Ecr.PutImageTagMutabilityResponse {
      const repository = getRepository("PutImageTagMutability", input, call);
      repository.tagMutability = input.imageTagMutability ?? "MUTABLE";
      repository.exclusions = (input.imageTagMutabilityExclusionFilters ?? []).map(({ filter = "" }) => filter);
      return {
        ...place(repository),
        imageTagMutability: input.imageTagMutability,
        imageTagMutabilityExclusionFilters: input.imageTagMutabilityExclusionFilters,
      };
    },
    PutImageScanningConfiguration(
      input: Ecr.PutImageScanningConfigurationRequest,
      call: Call,
    ): Ecr.PutImageScanningConfigurationResponse {
      const repository = getRepository("PutImageScanningConfiguration", input, call);
      repository.scanOnPush = input.imageScanningConfiguration?.scanOnPush ?? false;
      return { ...place(repository), imageScanningConfiguration: { scanOnPush: repository.scanOnPush } };
    },
  };
}
