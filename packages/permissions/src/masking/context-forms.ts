import { hasDigit, hasRandomLetters, isTokenLike, type SecretForm } from './secret-form.js'

/** Ends of names of secrets, in any case and with any separator: `dbPassword`, `X-Api-Key`. */
const secretName = [
  '(?:password|passwd|passphrase|passcode|secret|token|credential)s?|pwd|(?<![a-z])pass|(?:smtp|db|mysql|pg|admin|imap|ftp|mail|ssh)_?pass',
  '(?:api|access|private|secret|auth|account|encryption|encrypt|signing|signature|master|license|session|service|storage|shared[_-]?access|subscription|consumer|deploy|admin|application|app|host|client|server|service[_-]?role|anon|publish|write|read|webhook|instrumentation|integration)[_-]?keys?(?:[_-]?base64)?',
  '(?:account|shared)[_-]?key[_-]?\\d?|(?:auth|connection)[_-]?string|shared[_-]?access[_-]?signature|secret[_-]?key[_-]?base|cookie[_-]?secret|_auth|authToken|PGPASSWORD|bearer',
].join('|')

/** The signs of `secretName`: each of its alternatives has one of them. */
const nameSigns = /pass|pwd|secret|token|credential|key|string|signature|auth|bearer/i

const quotes = String.raw`["'\x60]`
/** Excludes from masking: references such as `$NAME`, `<name>`, `{name}`, and texts that are already masked. */
const noReference = String.raw`(?![$<{([%*]|\.\.\.|x{4,}|process\.env|os\.environ|import\.meta|env\.|secrets\.|vars\.|var\.|local\.|data\.|module\.)`

/** Excludes from masking: tokens that only name the next page or event. */
const noCursor = String.raw`(?<!(?:page|resume|next|continuation|cursor|sync|cancel|cancellation)[_-]?)`
/** Matches a character of a secret without quotes, which ends where a shell would begin another command, a file or a variable. */
const bare = String.raw`(?:[^\s"'\x60\\;|&<>()$]|\$\$|\$(?![\w({!?#*@-]))`
/** Returns a pattern for the value of a secret, without quotes or in quotes. */
const value = (least: number, most: number): string =>
  String.raw`(?:(?<=["'])(?:[^\s"'\x60\\$]|\$(?![({])){${least},${most}}(?=\\*["'])|${bare}{${least},${most}})`

export const secretFormsByContext: readonly SecretForm[] = [
  {
    form: /(?<before>\b(?:proxy-)?authorization\\*["'\x60]?\s{0,5}[:=,]\s{0,5}\\*["'\x60]?(?:(?:Basic|Bearer|Token|ApiKey|Digest|Negotiate|NTLM|Key|GenieKey|SSWS|OAuth|Splunk|DPoP|PVEAPIToken)[ =]{1,5})?)(?<secret>(?![$<{([%*])[^\s"'\x60\\,;|&<>()$]{6,256})/gi,
    when: (secret) => hasDigit(secret) || /[a-z][A-Z]|=$/.test(secret) || hasRandomLetters(secret),
  },
  {
    form: /(?<before>\b(?:Bearer|Basic|Token)\s{1,5})(?<secret>(?![$<{([%*])[\w.~+/-]{16,256}=*)/gi,
    when: hasDigit,
  },
  {
    form: /(?<before>\b(?:set-)?cookie\\*["']?:\s{0,5}\\*["']?)(?<secret>(?!\[masked)[\w.!#%*+^~-]{1,100}=[^\s"'\x60\\;|&<>()$]{0,4000}(?:(?:; ?|&)[\w.!#%*+^~-]{1,100}=[^\s"'\x60\\;|&<>()$]{0,4000}){0,50})/gi,
    when: (secret) => hasDigit(secret) && secret.length >= 10,
  },
  // A password or token in an address, up to the last `@` before the host.
  {
    form: /(?<before>\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@"'<>\x60]{0,200}:)(?<secret>(?![$<{([%*]|\d{1,5}[?#])(?:[^\s/"'<>\x60\\;|&()$]|\$(?![({])){1,500})(?=@)/gi,
    signs: /:\/\//,
  },
  {
    form: /(?<before>\b[a-z][a-z0-9+.-]{0,30}:\/\/)(?<secret>(?![$<{([%*])[^\s/:@"'<>\x60\\;|&()$]{12,500})(?=@)/gi,
    signs: /:\/\//,
    when: (secret) => secret.length >= 32 || isTokenLike(secret),
  },
  {
    form: /(?<before>[?&;](?:sig|signature|x-(?:amz|goog)-(?:signature|security-token|credential)|(?:access|auth|refresh|id|session|api|private|csrf|bot)?_?-?token|(?:api|subscription|auth|access|app|secret)?[_-]?key|secret|client_secret|password|passwd|pwd|code|auth|sas|sv_sig|jwt|apikey)=)(?<secret>(?![$<{([*])[^\s"'&#<>;\x60\\|()$]{8,256})/gi,
    when: (secret) =>
      isTokenLike(secret) || (hasDigit(secret) && secret.length >= 20) || /%[0-9A-F]{2}/.test(secret),
  },
  {
    form: /(?<before>[?&;](?:password|passwd|pwd|pass|secret|client_secret)=)(?<secret>(?![$<{([*])[^\s"'&#<>;\x60\\|()$]{6,256})/gi,
    when: isPassword,
  },
  {
    form: new RegExp(
      String.raw`(?<before>${noCursor}(?:${secretName})\\*${quotes}?\]?\s{0,20}(?:=>|:=|\?=|\+=|={1,3}|:)\s{0,20}\\*${quotes})(?<secret>${noReference}[^\s"'\x60\\]{6,256})`,
      'gi',
    ),
    signs: nameSigns,
    when: (secret, before) => isPassword(secret, before) || hasRandomLetters(secret),
  },
  {
    form: new RegExp(
      String.raw`(?<before>${noCursor}(?:${secretName})\\*${quotes}?\s{0,20}(?:=>|:=|={1,3}|:)\s{0,20})(?<secret>${noReference}(?![~.]?/[a-z._-]{1,40}(?:/|\b))(?:[^\s"'\x60,;&<>|\\()\]}$]|\$\$){6,256})`,
      'gi',
    ),
    signs: nameSigns,
    when: isBareSecret,
  },
  // Assignments in a shell, a `.env` file or a connection string, where any text is the value.
  {
    form: new RegExp(
      String.raw`(?<before>(?:^|[\s;"'(])(?:export )?[A-Z0-9_]{0,80}(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY|_PASS|_PWD|CREDENTIALS|(?:APP|AUTH|MASTER|SIGNING|ENCRYPTION|ACCOUNT|SESSION|STORAGE|SERVICE|SERVICE_ROLE|DEPLOY|LICENSE|WEBHOOK|ADMIN|SECRET|JWT)_KEY)=["']?)(?<secret>${noReference}(?![~.]?/)${value(6, 256)})`,
      'g',
    ),
    signs: nameSigns,
    when: (secret) => isShellValue(secret) || hasRandomLetters(secret),
  },
  {
    form: /(?<before>(?:^|[\s;"'(])[A-Z][A-Z0-9_]{0,60}(?:(?:PASSWORD|SECRET|TOKEN|API_?KEY)_[A-Z0-9_]{1,30}|_PAT|_AUTH|_CREDS?|_SAS|_DSN)=["']?)(?<secret>(?![$<{([%*~./])[^\s"'\x60\\;|&<>()$]{16,256})/g,
    when: isTokenLike,
  },
  {
    form: /(?<before>[;"'\s](?:Password|Pwd|AccountKey|SharedAccessKey|AccessKey)\s{0,3}=\s{0,3})(?<secret>(?![$<{([%*])[^;"'\s\\|&<>()\x60]{3,1000})(?=;|["'])/gi,
  },
  {
    form: new RegExp(
      String.raw`(?<before>(?<![\w-])--?(?:[\w-]{0,40}-)?(?:password|passwd|pass|passphrase|token|secret|api-?key|access-?key|secret-?key|auth-?key|client-?secret|authtoken|storepass|keypass|apikey)[ =]["']?)(?<secret>(?![$<{([%*./~-])${value(6, 256)})`,
      'gi',
    ),
    when: isPassword,
  },
  {
    form: /(?<before>\b(?:curl|wget|https?|xh)\s[^\n|;&]{0,160}?(?<=\s)(?:-u|-U|--user|--proxy-user|-a|--auth)[ =]?["']?[^\s:"'/]{1,100}:)(?<secret>(?![$<{([%*])[^\s"'@\\;|&<>()$\x60]{3,300})/g,
  },
  {
    form: /(?<before>\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump|sshpass|7z|7za|unrar|(?:docker|podman|helm|skopeo|buildah|crane|oras)(?: registry)? login)\s[^\n|;&]{0,160}?(?<=\s)-p ?["']?)(?<secret>(?![$<{([%*-])[^\s"'\\;|&<>()$\x60]{3,300})/g,
    signs: /mysql|mariadb|sshpass|7z|unrar|login/,
  },
  // The sign-in for an image registry: a name and a password in base64.
  {
    form: /(?<before>"auth"\s{0,3}:\s{0,3}")(?<secret>[A-Za-z0-9+/]{6,2000}={0,2})(?=")/g,
    when: (secret) => /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(Buffer.from(secret, 'base64').toString('latin1')),
  },
  // A line of `.pgpass`, recognized by its port.
  {
    form: /(?<before>^[\w.*-]{1,200}:(?:5432|5433|6432):[\w*-]{1,80}:[\w.*-]{1,80}:)(?<secret>(?!\[masked)[^\s:"'\\;|&<>()$\x60]{3,200})$/gm,
  },
  {
    form: /(?<before>\b(?:machine\s{1,5}\S{1,200}|default)\s{1,10}login\s{1,5}\S{1,200}\s{1,10}password\s{1,5})(?<secret>(?!\[masked)[^\s"'\\;|&<>()$\x60]{3,300})/g,
    signs: /login/,
  },
  {
    form: /(?<before>\b(?:identified\s{1,5}(?:with\s{1,5}\w{1,40}\s{1,5})?by|with\s{1,5}(?:encrypted\s{1,5})?password|set\s{1,5}password[^'\n]{0,80})\s{1,5}')(?<secret>(?!\[masked)[^\s"'\\;|&<>()\x60]{3,300})/gi,
  },
  {
    form: new RegExp(
      String.raw`(?<before><(?:[\w-]{1,40}:)?[\w.-]{0,40}?(?:password|passwd|passphrase|secret|token|api-?key|secretkey|accesskey)>)(?<secret>${noReference}[^<\s"'\\|\x60]{6,256})(?=<)`,
      'gi',
    ),
    when: hasDigit,
  },
  {
    form: new RegExp(
      String.raw`(?<before>(?:${secretName})["']\s{1,5}value\s{0,5}=\s{0,5}["'])(?<secret>${noReference}[^"'\s\\\x60]{6,256})`,
      'gi',
    ),
    signs: nameSigns,
    when: hasDigit,
  },
  {
    form: /(?<before>\b(?:password|passphrase|passcode|api key|access key|secret key|secret|token)\s(?:is|was|be|to):?\s{1,3}["'\x60]?)(?<secret>(?![$<{([%*])[^\s"'\x60,;\\|&<>()$]{8,256})/gi,
    when: (secret) => isTokenLike(secret) || (isMixed(secret) && !/^v?\d+\./.test(secret)),
  },
  {
    form: /(?<before>\b(?:set -g?x|set -Ux|setenv|setx)\s{1,3}\w{0,60}(?:TOKEN|SECRET|PASSWORD|KEY)\s{1,3}["']?)(?<secret>(?![$<{([%*])[^\s"'\\;|&<>()$\x60]{8,256})/g,
    when: hasDigit,
  },
  {
    form: /(?<before>"(?:d|p|q|dp|dq|qi|k)"\s{0,3}:\s{0,3}")(?<secret>[\w-]{32,256})(?=")/g,
    when: isTokenLike,
  },
]

/** Whether a quoted value may be a password: it has a digit and other characters, and is no code or numbered name. */
function isPassword(value: string, before = ''): boolean {
  if (value.length < 6 || !hasDigit(value) || !/[^\d.,:_-]/.test(value) || isCode(value)) return false
  return /pass|pwd/i.test(before) || !isNumberedName(value)
}

/** Whether a value is made of words and numbers, as names of models, buckets and tests are. Some passwords are too. */
function isNumberedName(value: string): boolean {
  return (
    value.length < 64 &&
    value.split(/[-_./:]/).every((part) => /^(?:[A-Za-z]{0,11}\d{0,3}|\d{4})$/.test(part))
  )
}

/** Whether a value without quotes may be a secret, and not code such as `settings.key2`, `readToken2(x)`, `base64`. */
function isBareSecret(value: string, before: string): boolean {
  if (!isPassword(value, before) || /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+$/.test(value)) return false
  const isLong = value.length >= 12 || /[^\w.:/-]/.test(value)
  return (isLong && !isName(value)) || /^[A-Za-z]+\d+[A-Za-z][\w!#%+-]*$/.test(value)
}

/** Whether a value looks like the name of a variable, perhaps with a number in it, and not like a secret. */
function isName(value: string): boolean {
  return /^[A-Za-z_$]+(?:[A-Z_-]?[a-z]+)*\d{0,3}[A-Za-z]{0,3}$/.test(value) && !isTokenLike(value)
}

function isShellValue(value: string): boolean {
  if (
    /^(?:true|false|null|none|undefined|string|changeme|password|secret|optional|required|your[_-].*|\[masked.*)$/i.test(
      value,
    )
  )
    return false
  return hasDigit(value) ? /[^\d]/.test(value) && !isCode(value) : /[^\w.:/-]/.test(value) && !isCode(value)
}

function isMixed(value: string): boolean {
  return /[a-z]/.test(value) && /[A-Z]/.test(value) && hasDigit(value)
}

function isCode(value: string): boolean {
  return /^[\w$.?]{1,200}[([]|^(?:[~.]{0,2}\/[\w.@-]+)+\/?$|^\w+:\/\/[^@]*$|^[\w.-]+\.(?:json|ya?ml|toml|txt|pem|key|crt|creds|ts|js|py|env)$/.test(
    value,
  )
}
