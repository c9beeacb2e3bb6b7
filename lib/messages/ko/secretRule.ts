export const secretRule = {
  privateKey: "PEM과 OpenSSH 개인 키 전체(또는 줄에 있는 만큼)와 본문의 각 줄",
  awsKeyId: "AKIA…와 ASIA…",
  awsSignature: "서명된 URL의 서명 부분",
  jsonWebToken: "eyJ….….…",
  vendorToken:
    "GitHub, GitLab, Slack, Stripe, OpenAI, Google, npm, SendGrid, Hugging Face, Square, Shopify, DigitalOcean, Azure, PyPI, Docker, Vault, New Relic, Atlassian, Linear, Mailgun, Grafana, Databricks, Postman, Telegram 토큰과 SAML 메시지",
  authorization: "Authorization 헤더, 그리고 어디에 있든 bearer 또는 basic 자격 증명",
  cookie: "Cookie와 Set-Cookie 헤더의 내용",
  passwordInAUrl: "JDBC를 포함한 모든 스킴의 user:password@host, 그리고 Oracle의 user/password@",
  passwordInACommand: "curl, mysql, redis-cli, sshpass 옵션에 있는 비밀번호",
  residentNumber: "주민등록번호와 외국인등록번호(하이픈이 있거나, 없으면 검증 번호가 맞는 것)",
  cardNumber: "4자리씩 나뉘거나 카드라는 말 뒤에 있고 검증 숫자가 맞는 결제 카드 번호",
  namedSecret: "텍스트, JSON, XML, URL, 옵션에서 password, secret, key, token 이름 뒤에 오는 값",
} as const;
