/** What of a task definition says which platform its tasks have. */
export interface PlatformSource {
  cpuArchitecture: string | null;
  operatingSystemFamily: string | null;
  requiresFargate: boolean;
}

/**
 * The platform of a task as images name it, "linux/amd64". Fargate takes x86 and Linux where nothing is said; on instances the
 * machine decides, which is null here.
 */
export function taskPlatform({
  cpuArchitecture,
  operatingSystemFamily,
  requiresFargate,
}: PlatformSource): string | null {
  if (cpuArchitecture === null && !requiresFargate) return null;
  const os = operatingSystemFamily?.startsWith("WINDOWS") ? "windows" : "linux";
  return `${os}/${cpuArchitecture === "ARM64" ? "arm64" : "amd64"}`;
}

/** Whether tasks of this platform cannot run an image that was built for those; false where nobody knows. */
export function isOtherPlatform(platforms: readonly string[] | null, wanted: string): platforms is readonly string[] {
  return platforms !== null && platforms.length > 0 && !platforms.includes(wanted);
}
