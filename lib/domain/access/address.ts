/**
 * An e-mail address as it is kept and compared: capitals are small, and no letter becomes another alphabet's. JavaScript's own
 * small letter of the Kelvin sign is an ASCII "k", so that "\u212aim@example.com" would be Kim.
 */
export function foldAddress(address: string): string {
  return [...address]
    .map((letter) => {
      const small = letter.toLowerCase();
      return isAscii(letter) === isAscii(small.charAt(0)) ? small : letter;
    })
    .join("");
}

/** Whether an address, as `foldAddress` gives it, is the pattern or of its domain. */
export function matchesAddress(address: string, pattern: string): boolean {
  return pattern.startsWith("*@") ? address.endsWith(pattern.slice(1)) : address === pattern;
}

function isAscii(letter: string): boolean {
  return letter.charCodeAt(0) < 0x80;
}
