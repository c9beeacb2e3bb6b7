const range = (from: number, to: number, step: number) =>
  Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);

/** Memory in MiB that Fargate offers for each CPU size. */
const SIZES: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: range(1024, 4096, 1024),
  1024: range(2048, 8192, 1024),
  2048: range(4096, 16384, 1024),
  4096: range(8192, 30720, 1024),
  8192: range(16384, 61440, 4096),
  16384: range(32768, 122880, 8192),
};

/** Task CPU as ECS stores it: units; "1 vCPU" becomes 1024. Null when it is no size. */
export function cpuUnits(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(vcpu)?$/i.exec(text.trim());
  return match ? Number(match[1]) * (match[2] ? 1024 : 1) : null;
}

/** Task memory as ECS stores it: MiB; "2 GB" becomes 2048. Null when it is no size. */
export function memoryMib(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(gb)?$/i.exec(text.trim());
  return match ? Number(match[1]) * (match[2] ? 1024 : 1) : null;
}

/** Whether Fargate runs tasks of this size. */
export function isFargateSize(cpu: number, memory: number): boolean {
  return SIZES[cpu]?.includes(memory) ?? false;
}
