import type {
  AddListenerCertificatesInput,
  AddListenerCertificatesOutput,
  Certificate,
  DescribeListenerCertificatesInput,
  DescribeListenerCertificatesOutput,
  RemoveListenerCertificatesInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError, type Handler } from "../service.ts";
import type { ElbState, ListenerRecord } from "./elb-state.ts";
import { page } from "./paging.ts";

/** The certificates of a listener beside its default one, which clients get by the host that they name. */
export function certificateOperations(state: ElbState): Readonly<Record<string, Handler>> {
  const secure = (arn = ""): ListenerRecord => {
    const listener = state.getListener(arn);
    if (listener.certificates) return listener;
    throw new AwsError("InvalidConfigurationRequest", "Certificates cannot be specified for HTTP listeners");
  };
  const further = (listener: ListenerRecord): Certificate[] =>
    (state.certificates.get(listener.arn) ?? []).map((CertificateArn) => ({ CertificateArn, IsDefault: false }));

  return {
    DescribeListenerCertificates(input: DescribeListenerCertificatesInput): DescribeListenerCertificatesOutput {
      const listener = state.getListener(input.ListenerArn ?? "");
      const own = (listener.certificates ?? []).map(({ CertificateArn }) => ({ CertificateArn, IsDefault: true }));
      const { items, NextMarker } = page([...own, ...further(listener)], input);
      return { Certificates: items, NextMarker };
    },
    AddListenerCertificates(input: AddListenerCertificatesInput): AddListenerCertificatesOutput {
      const listener = secure(input.ListenerArn);
      const given = (input.Certificates ?? []).map(({ CertificateArn = "" }) => CertificateArn);
      state.certificates.set(listener.arn, [...new Set([...(state.certificates.get(listener.arn) ?? []), ...given])]);
      return { Certificates: further(listener) };
    },
    RemoveListenerCertificates(input: RemoveListenerCertificatesInput) {
      const listener = secure(input.ListenerArn);
      const gone = (input.Certificates ?? []).map(({ CertificateArn }) => CertificateArn);
      if (listener.certificates?.some(({ CertificateArn }) => gone.includes(CertificateArn)))
        throw new AwsError("OperationNotPermitted", "Default certificate cannot be removed");
      const kept = (state.certificates.get(listener.arn) ?? []).filter((arn) => !gone.includes(arn));
      state.certificates.set(listener.arn, kept);
      return {};
    },
  };
}
