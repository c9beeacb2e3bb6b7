/** What each rule masks in log lines; the rules' names stand in the lines and stay as they are. */
export const secretRule = {
  privateKey: "PEM and OpenSSH private keys: whole, up to the end of the line, or single lines of their bodies",
  awsKeyId: "AKIA… and ASIA…",
  awsSignature: "the signed parts of pre-signed URLs",
  jsonWebToken: "eyJ….….…",
  vendorToken:
    "tokens of GitHub, GitLab, Slack, Stripe, OpenAI, Google, npm, SendGrid, Hugging Face, Square, Shopify, DigitalOcean, Azure, PyPI, Docker, Vault, New Relic, Atlassian, Linear, Mailgun, Grafana, Databricks, Postman and Telegram, and SAML messages",
  authorization: "Authorization headers, and bearer or basic credentials anywhere",
  cookie: "the contents of Cookie and Set-Cookie headers",
  passwordInAUrl: "user:password@host of any scheme, JDBC's among them, and Oracle's user/password@",
  passwordInACommand: "passwords in the options of curl, mysql, redis-cli and sshpass",
  residentNumber:
    "Korean resident and foreigner registration numbers, with a hyphen or, where their checksum holds, without",
  cardNumber: "payment cards whose check digit holds, in groups of four or behind the word card",
  namedSecret: "what follows the name of a password, secret, key or token in text, JSON, XML, a URL or an option",
} as const;
