import { type Sentence, say } from "../sentence/sentence.ts";
import { isCardNumber, isResidentNumber } from "./secret-numbers.ts";

/** One kind of secret that is taken out of a line before it is stored or leaves the server. */
interface SecretRule {
  name: string;
  /** What it finds, in words. */
  about: Sentence;
  /** Everything but the groups `before` and `after`, with or without a number, is masked; no part of it goes back over more than a few hundred characters. */
  pattern: RegExp;
  /** Where the form alone does not tell. */
  isSecret?(found: string): boolean;
}

const value = "[A-Za-z0-9_-]";

/** In the order in which they are looked for. */
export const SECRET_RULES: readonly SecretRule[] = [
  {
    name: "private key",
    about: say("secretRule.privateKey"),
    pattern:
      /(?<before>-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)[\s\S]*?(?<after>-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----|$)|^(?=[^\s]*[A-Z])(?=[^\s]*[a-z])(?=[^\s]*\d)[A-Za-z0-9+/]{64}$/g,
  },
  { name: "AWS key id", about: say("secretRule.awsKeyId"), pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  {
    name: "AWS signature",
    about: say("secretRule.awsSignature"),
    pattern: /(?<before>X-Amz-(?:Signature|Security-Token|Credential)=)[^\s&"']+/gi,
  },
  {
    name: "JSON web token",
    about: say("secretRule.jsonWebToken"),
    pattern: /\beyJ[\w-]{8,}\.(?:[\w-]{8,}(?:\.[\w-]*){0,3}|\.[\w-]+\.[\w-]+\.[\w-]+)/g,
  },
  {
    name: "vendor token",
    about: say("secretRule.vendorToken"),
    pattern: new RegExp(
      [
        "\\bgh[opusr]_[A-Za-z0-9]{20,}|\\bgithub_pat_\\w{20,}",
        `\\bgl(?:pat|dt|rt|cbt)-${value}{16,}|\\bxox[abeoprs]-${value}{10,}|\\bxapp-${value}{10,}`,
        `\\b[rs]k_(?:live|test)_\\w{10,}|\\bwhsec_\\w{16,}|\\bsk-(?=${value}{0,200}\\d)${value}{20,}|\\bAIza${value}{35}|\\bya29\\.${value}{20,}`,
        `\\bswy_${value}{43}|\\bnpm_[A-Za-z0-9]{36}|\\bSG\\.${value}{16,}\\.${value}{16,}|\\bhf_\\w{30,}|\\bdop_v1_[a-f0-9]{64}`,
        `\\bsq0[a-z]{3}-${value}{22,}|\\bshp(?:at|ca|pa|ss)_[a-f0-9]{32}|\\bGOCSPX-${value}{20,}`,
        `\\bpypi-${value}{16,}|\\bdckr_[po]at_${value}{20,}|\\bhv[sbr]\\.${value}{20,}|\\bNRA[KL]-[A-Z0-9]{20,}|\\bATATT3${value}{20,}`,
        `\\blin_api_\\w{20,}|\\bAGE-SECRET-KEY-1[0-9A-Z]{40,}|\\bkey-[0-9a-f]{32}\\b|\\bglsa_\\w{20,}|\\bdapi[a-f0-9]{32}\\b|\\bPMAK-[a-f0-9-]{30,}`,
        `(?<![\\d.])\\d{8,10}:AA${value}{32,}`,
        "(?<before4>\\bSAML(?:Response|Request)=)[\\w%+/=-]{16,}|(?<before5>[?&](?:key|code)=)[\\w-]{24,}",
        "(?<before>https://hooks\\.slack\\.com/(?:services|workflows)/)\\S+",
        "(?<before2>https://discord(?:app)?\\.com/api/webhooks/)\\S+",
        "(?<before3>\\b(?:AccountKey|SharedAccessKey|SharedAccessSignature|sig)=)[\\w%+/=-]{16,}",
      ].join("|"),
      "g",
    ),
  },
  {
    name: "authorization",
    about: say("secretRule.authorization"),
    pattern:
      /(?<before>\b(?:proxy-)?authorization\\{0,3}["']?\s{0,8}[:=]\s{0,8}(?:\[\s{0,8})?\\{0,3}["']?(?:(?:bearer|basic|token|digest|negotiate|apikey|aws4-hmac-sha256)\s+)?)(?!(?:failed|missing|none|null|undefined|denied|required|granted|invalid|error|ok|true|false|success\w*|header)\b)[^\s"'\\,;}]{4,}(?:[^\n"'\\}]*Signature=[a-f0-9]+)?|(?<before2>\b(?:bearer|basic)\s+)(?=[\w.~+/-]*[\d=_.])[\w.~+/-]{12,}={0,2}/gi,
  },
  {
    name: "cookie",
    about: say("secretRule.cookie"),
    pattern:
      /(?<before>\b(?:set-)?cookie\\{0,3}["']?\s{0,8}:\s{0,8}\\{0,3}["']?)(?=[^"'\n\r\\=]{1,200}=)[^"'\n\r\\]{4,}/gi,
  },
  {
    name: "password in a URL",
    about: say("secretRule.passwordInAUrl"),
    pattern:
      /(?<before>\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"'<>]{0,100}:)[^\s"'/<>]{1,200}(?<after>@)|(?<before2>\bjdbc:oracle:\w{1,10}:[^\s/@"']{1,100}\/)[^\s@"']{1,200}(?<after2>@)/gi,
  },
  {
    name: "password in a command",
    about: say("secretRule.passwordInACommand"),
    pattern:
      /(?<before>\bcurl\b[^\n|]{0,300}?\s(?:-u|--user)[ =]?["']?[^\s:"']{1,80}:)[^\s"']{1,200}|(?<before2>\b(?:mysql\w{0,10}|mariadb\w{0,10})\b[^\n|]{0,300}?\s-p)[^\s"']{1,200}|(?<before3>\b(?:redis-cli\b[^\n|]{0,300}?\s-a|sshpass\s{1,4}-p)[ ]?["']?)[^\s"']{1,200}/g,
  },
  {
    name: "resident number",
    about: say("secretRule.residentNumber"),
    pattern: /(?<![\d-])\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s?[-‐–—]?\s?[1-8]\d{6}(?![\d-])/g,
    isSecret: isResidentNumber,
  },
  {
    name: "card number",
    about: say("secretRule.cardNumber"),
    pattern:
      /(?<![\d-])\d{4}[- ]\d{4}[- ]\d{4}[- ]\d{4}(?![\d-])|(?<before>(?:card|카드|\bpan)[^\d\n]{1,20})\d{13,16}(?![\d-])/gi,
    isSecret: isCardNumber,
  },
];
