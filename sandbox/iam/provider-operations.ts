import type * as Iam from "@aws-sdk/client-iam";
import { AwsError, type Handler, type SandboxBase } from "../service.ts";

/** OpenID Connect providers whose tokens roles may trust. */
export function providerOperations(
  { clock, place }: SandboxBase,
  providers: Map<string, Iam.GetOpenIDConnectProviderResponse>,
): Readonly<Record<string, Handler>> {
  return {
    CreateOpenIDConnectProvider(
      input: Iam.CreateOpenIDConnectProviderRequest,
    ): Iam.CreateOpenIDConnectProviderResponse {
      const url = /^https:\/\/([^?#]+?)\/?$/.exec(input.Url ?? "")?.[1];
      if (!url) throw new AwsError("ValidationError", "Invalid Open ID Connect Provider URL");
      const arn = `arn:aws:iam::${place.accountId}:oidc-provider/${url}`;
      if (providers.has(arn))
        throw new AwsError("EntityAlreadyExistsException", `Provider with url ${input.Url} already exists.`, 409);
      providers.set(arn, {
        Url: url,
        ClientIDList: input.ClientIDList ?? [],
        ThumbprintList: input.ThumbprintList ?? [],
        CreateDate: new Date(clock.now()),
        Tags: [],
      });
      return { OpenIDConnectProviderArn: arn };
    },

    ListOpenIDConnectProviders(): Iam.ListOpenIDConnectProvidersResponse {
      return { OpenIDConnectProviderList: [...providers.keys()].map((Arn) => ({ Arn })) };
    },

    GetOpenIDConnectProvider(input: Iam.GetOpenIDConnectProviderRequest): Iam.GetOpenIDConnectProviderResponse {
      const found = providers.get(input.OpenIDConnectProviderArn ?? "");
      if (found) return found;
      const message = `OpenIDConnect Provider not found for arn ${input.OpenIDConnectProviderArn}`;
      throw new AwsError("NoSuchEntityException", message, 404);
    },
  };
}
