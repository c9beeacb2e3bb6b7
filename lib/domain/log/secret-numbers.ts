/** Weights of a Korean resident number's first twelve digits. */
const RESIDENT_WEIGHTS = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5] as const;

/**
 * Whether what has the form of a Korean resident number is one. With a hyphen it is taken as one: those given since October
 * 2020 have no checksum. Without, epoch times and ids look alike, so that the checksum has to hold.
 */
export function isResidentNumber(found: string): boolean {
  const digits = found.replace(/\D/g, "");
  if (digits.length !== 13) return false;
  if (digits.length < found.length) return true;
  const sum = RESIDENT_WEIGHTS.reduce((total, weight, at) => total + weight * Number(digits[at]), 0);
  const check = (11 - (sum % 11)) % 10;
  // Foreigners' numbers, which begin their second half with 5 to 8, have two added.
  const last = /[5-8]/.test(digits[6] ?? "") ? (check + 2) % 10 : check;
  return last === Number(digits[12]);
}

/** Whether the last digit is the one that Luhn's rule asks for. */
export function isCardNumber(found: string): boolean {
  const digits = [...found.replace(/\D/g, "")].reverse().map(Number);
  const sum = digits.reduce((total, digit, at) => total + (at % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)), 0);
  return digits.length >= 12 && sum % 10 === 0;
}
