/** A database of RDS: a cluster, or an instance that is in none. */
export interface DatabaseFact {
  name: string;
  /** Null while it is being made. */
  port: number | null;
  groupIds: readonly string[];
  /** Whether it has an address that the internet knows. */
  isPublic: boolean;
}

/** Whom one rule of a security group lets in, or where it lets out to. */
export interface IngressFact {
  /** "-1" is every protocol, with every port. */
  protocol: string;
  fromPort: number;
  toPort: number;
  cidrs: readonly string[];
  groupIds: readonly string[];
  /** Of addresses that somebody keeps, such as CloudFront's. */
  prefixLists: readonly string[];
}

export interface SecurityGroupFact {
  id: string;
  name: string;
  vpcId: string;
  ingress: readonly IngressFact[];
  egress: readonly IngressFact[];
}

/** A way to one of AWS's services that does not leave the network. */
export interface EndpointFact {
  /** The end of its service's name: "ecr.api", "s3". */
  name: string;
  /** Null for a gateway, which stands in route tables and has none. */
  groupIds: readonly string[] | null;
  /** A gateway: the subnets whose route tables have it. */
  subnetIds: readonly string[];
  /** Whether the service's usual name leads to it. */
  hasPrivateDns: boolean;
}

export interface NetworkFact {
  subnets: readonly {
    id: string;
    vpcId: string;
    zone: string;
    cidr: string;
    hasInternet: boolean;
    hasNat: boolean;
  }[];
  endpoints: readonly EndpointFact[];
}
