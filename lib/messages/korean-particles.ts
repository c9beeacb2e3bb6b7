/* Korean particles differ by the sound before them, which in a template is a value's: "이(가)" in a sentence becomes one of the two. */

/** After a final consonant, and after a vowel; "(으)로" takes the second after ㄹ as well. */
const PARTICLES: Readonly<Record<string, readonly [string, string]>> = {
  "이(가)": ["이", "가"],
  "(이)가": ["이", "가"],
  "을(를)": ["을", "를"],
  "은(는)": ["은", "는"],
  "과(와)": ["과", "와"],
  "와(과)": ["과", "와"],
  "(으)로": ["으로", "로"],
};
const MARKS = /이\(가\)|\(이\)가|을\(를\)|은\(는\)|과\(와\)|와\(과\)|\(으\)로/g;

type FinalSound = "none" | "rieul" | "other";

const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
/** Syllables that differ in their final consonant alone. */
const FINALS = 28;
const RIEUL = 8;
/** 영, 일, 이, 삼, 사, 오, 육, 칠, 팔, 구. */
const DIGITS: readonly FinalSound[] = [
  "other",
  "rieul",
  "none",
  "other",
  "none",
  "none",
  "other",
  "rieul",
  "rieul",
  "none",
];

/** The sound is the last letter's or digit's; what stands longer before a mark is not looked at. */
const LOOKED_AT = 64;

/** How a text ends when it is read aloud in Korean; null where that is not plain. */
export function finalSound(text: string): FinalSound | null {
  const word = text
    .slice(-LOOKED_AT)
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}]+$/u, "");
  const last = word.charCodeAt(word.length - 1);
  if (last >= FIRST_SYLLABLE && last <= LAST_SYLLABLE) {
    const final = (last - FIRST_SYLLABLE) % FINALS;
    return final === 0 ? "none" : final === RIEUL ? "rieul" : "other";
  }
  if (/\d$/.test(word)) return DIGITS[Number(word.at(-1))] ?? null;
  if (/(?:l|le)$/i.test(word)) return "rieul";
  if (/(?:[mn]|[mn]e|ng)$/i.test(word)) return "other";
  // Of "web" the last letter is a final consonant, of "task" a syllable of its own.
  return /[adefghijoqrsuvwxyz]$/i.test(word) ? "none" : null;
}

/** The sentence with the particle that each value takes; `before` is what stands in front of it. Both stay where the sound is not plain. */
export function withParticles(sentence: string, before = ""): string {
  const chosen = sentence.replaceAll(MARKS, (mark, at: number) => {
    const sound = finalSound(`${before}${sentence.slice(0, at)}`);
    const [afterConsonant, afterVowel] = PARTICLES[mark] ?? [mark, mark];
    if (sound === null) return mark;
    return sound === "none" || (sound === "rieul" && mark === "(으)로") ? afterVowel : afterConsonant;
  });
  // People have an honorific, machines have none.
  return chosen.replaceAll("토큰 님", "토큰");
}
