/** List prices in USD, Linux on x86, without taxes, free tiers and savings plans. */
export interface Prices {
  loadBalancerHour: number;
  fargateCpuHour: number;
  fargateGbHour: number;
  /** Of an interface endpoint in one zone. */
  endpointHour: number;
}

/** When the table was written down; AWS changes prices without asking. */
export const PRICES_AS_OF = "2025-11-01";

/**
 * By Region. Those of Fargate in us-east-1 are AWS's published ones; the others are an assumption until somebody has compared them:
 * https://aws.amazon.com/fargate/pricing/, /elasticloadbalancing/pricing/ and /privatelink/pricing/ have today's.
 */
export const PRICES: Readonly<Record<string, Prices>> = {
  "us-east-1": { loadBalancerHour: 0.0225, fargateCpuHour: 0.04048, fargateGbHour: 0.004445, endpointHour: 0.01 },
  "us-west-2": { loadBalancerHour: 0.0225, fargateCpuHour: 0.04048, fargateGbHour: 0.004445, endpointHour: 0.01 },
  "eu-west-1": { loadBalancerHour: 0.0252, fargateCpuHour: 0.04048, fargateGbHour: 0.004445, endpointHour: 0.011 },
  "ap-northeast-2": { loadBalancerHour: 0.0225, fargateCpuHour: 0.04656, fargateGbHour: 0.00511, endpointHour: 0.013 },
};
