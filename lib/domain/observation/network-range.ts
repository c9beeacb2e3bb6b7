/** Whether a CIDR block holds all of another one; never where they are of two families, or one cannot be read. */
export function hasNetwork(wide: string, narrow: string): boolean {
  const [a, b] = [networkOf(wide), networkOf(narrow)];
  return (
    a !== null &&
    b !== null &&
    a.bits === b.bits &&
    a.prefix <= b.prefix &&
    b.address >> shift(a) === a.address >> shift(a)
  );
}

interface Network {
  address: bigint;
  /** 32 or 128. */
  bits: number;
  prefix: number;
}

function shift({ bits, prefix }: Network): bigint {
  return BigInt(bits - prefix);
}

function networkOf(cidr: string): Network | null {
  const [address = "", length = ""] = cidr.split("/");
  const prefix = Number(length);
  if (!/^\d{1,3}$/.test(length)) return null;
  if (!address.includes(":")) {
    const parts = address.split(".").map(Number);
    if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255)) || prefix > 32) return null;
    return { address: parts.reduce((all, part) => (all << 8n) | BigInt(part), 0n), bits: 32, prefix };
  }
  const url = `http://[${address}]/`;
  if (!URL.canParse(url) || prefix > 128) return null;
  const [head = "", tail] = new URL(url).hostname.slice(1, -1).split("::");
  const groups = (part: string | undefined) => (part ? part.split(":") : []);
  const [first, last] = [groups(head), groups(tail)];
  const filled = tail === undefined ? first : [...first, ...Array(8 - first.length - last.length).fill("0"), ...last];
  return {
    address: filled.reduce((all: bigint, group: string) => (all << 16n) | BigInt(`0x${group}`), 0n),
    bits: 128,
    prefix,
  };
}
