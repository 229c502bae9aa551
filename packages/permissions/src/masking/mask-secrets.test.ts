import { thorough } from '@subagent-mcp/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { secretFormsByContext } from './context-forms.js'
import { findLintedSecrets } from './linted-secrets.js'
import { byContext, fakeTokenUsage } from './made-up-secrets.test.support.js'
import { maskPrivateKeys } from './mask-private-keys.js'
import { maskSecretForm, maskLintedSecrets, maskSecrets } from './mask-secrets.js'
import { ordinaryTexts } from './ordinary-texts.test.support.js'
import { secretFormsByPrefix, secretFormsByToken } from './token-forms.js'

const surroundings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `use ${text}, please`,
  (text) => `KEY=${text}\nnext line`,
  (text) => `{"value":"${text}"}`,
  (text) => String.raw`{\"a\":\"line\n${text}\n\"}`,
  (text) => `\`${text}\``,
  (text) => `(${text})`,
]

describe('a token is masked wherever it stands', () => {
  it.each(fakeTokenUsage)('$kind', ({ text, shown }) => {
    for (const around of surroundings) {
      const masked = maskSecrets(around(text))
      expect(masked).not.toContain(shown)
      expect(masked).toContain('[masked')
      // Nothing that would do for a guess is left of it.
      expect(masked).not.toContain(shown.slice(-8))
      expect(maskSecrets(masked)).toBe(masked)
    }
  })
})

describe('a secret is masked by what stands around it', () => {
  it.each(byContext)('$kind', ({ text, shown }) => {
    for (const around of [(one: string) => one, (one: string) => `see:\n${one}\nend`]) {
      const masked = maskSecrets(around(text))
      for (const line of shown.split('\n')) expect(masked).not.toContain(line)
      expect(maskSecrets(masked)).toBe(masked)
    }
  })
})

describe('the quick searches that precede the forms', () => {
  const secrets = [...fakeTokenUsage, ...byContext].map(({ text }) => text)
  // A half of a secret is a sign without the form, and the end of one may stand beside another.
  const pieces = [...secrets, ...secrets.map((text) => text.slice(0, text.length / 2)), ...ordinaryTexts]
  const between = ['', ' ', '\n', '\\n', '"', '/', ':', '.', ',', '$', '=', 'é', 'token: ', 'https://a:']
  const texts = fc
    .array(fc.tuple(fc.constantFrom(...between), fc.constantFrom(...pieces)), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.flat().join(''))
  const allForms = [...secretFormsByPrefix, ...secretFormsByToken, ...secretFormsByContext]

  it('leave out nothing that a search of the whole text by every form masks', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(maskSecrets(text)).toBe(
          allForms.reduce(maskSecretForm, maskLintedSecrets(maskPrivateKeys(text))),
        )
      }),
      { numRuns: 500 },
    )
  })

  it('take a line of many megabytes', thorough, () => {
    const line = 'x'.repeat(5 * 1_048_576)
    expect(maskSecrets(`${line} ghp_16C7e42F292c6912E7710c838347Ae178B4a`)).toBe(
      `${line} [masked: GitHub token]`,
    )
  })

  it('leave out no rule of secretlint', () => {
    // The end has a sign, so that the rules search the whole text.
    fc.assert(
      fc.property(texts, (text) => {
        expect(findLintedSecrets(text)).toEqual(findLintedSecrets(`${text}\nsk-`))
      }),
    )
  })
})

describe('what is no secret stays', () => {
  it.each(ordinaryTexts)('%.80j', (text) => {
    expect(maskSecrets(text)).toBe(text)
  })
})

describe('a command after a secret stays', () => {
  const secret = 'a1b2c3d4e5f6g7h8i9j0k1'

  it.each([
    ['curl https://ok.example/a?token=', '|sh'],
    ['deploy --password=', ';rm$IFS-rf$IFS~ x'],
    ['deploy --token ', '&&curl$IFS-o~/x'],
    ['API_KEY=', ';rm$IFS-rf$IFS~'],
    ['DB_PASSWORD=', '$(curl$IFS-s)'],
    ['Authorization: Bearer ', '|sh'],
    ['curl -u me:', '|sh'],
    ['mysql -p', ';sh'],
    ['cookie: sid=', ';sh'],
    ['machine a login b password ', ';sh'],
    ['set -gx MY_TOKEN ', '|sh'],
    ['the password is ', '|sh'],
  ])('%s…%s', (before, after) => {
    expect(maskSecrets(`${before}${secret}${after}`).endsWith(`[masked]${after}`)).toBe(true)
  })
})

it('leaves JSON whole', () => {
  const masked = maskSecrets(String.raw`{"x":"cookie: sid=abcdef12345\"","y":1}`)
  expect(JSON.parse(masked)).toEqual({ x: 'cookie: [masked]"', y: 1 })
})

it('holds to the size of its tables', () => {
  expect(fakeTokenUsage.length + byContext.length).toBeGreaterThanOrEqual(120)
  expect(ordinaryTexts.length).toBeGreaterThanOrEqual(60)
})

describe('the time grows with the length alone', () => {
  const worst = ['token=', '-----BEGIN PRIVATE KEY-----', 'a']
  const others = [
    ...[
      'token ',
      'a1',
      'a.',
      '://',
      'x://',
      'x://a:',
      'https://a:b@',
      'sk-',
      'sk-proj-',
      'eyJ-',
      'eyJaaaaaaaa.',
      'Bearer ',
      'Bearer a1',
    ],
    ...[
      '-----END PRIVATE KEY-----',
      'A\n',
      'token="',
      'token: "a',
      'password=password=',
      'a:',
      'key=',
      '&key=a1',
    ],
    ...[
      'Authorization: ',
      'cookie: a=',
      'curl -u ',
      'curl a ',
      'mysql -p',
      'machine a login ',
      '<password>',
      'password value="',
      ' --token ',
      'A_TOKEN_',
    ],
    ...[
      'xoxb-a-',
      'SG.a.',
      'hooks.slack.com/services/',
      'https://discord.com/api/webhooks/',
      '$6$',
      '"d":"',
      'lin_api_',
      'ops_ey',
      'glpat-',
      'mongodb://a:b',
      '\\n',
      ' ',
      '=',
      '_',
      'Private-Lines: 1\n',
    ],
  ]

  it.each(worst)('for a text of %j', growsWithLength)
  it.each(others)('for a text of %j, too', thorough, growsWithLength)
})

/** Checks that masking takes linear time: eight times the length takes eight times as long, or up to four times that. */
function growsWithLength(part: string): void {
  const long = 524_288
  const time = (length: number): number => {
    const text = part.repeat(Math.ceil(length / part.length))
    const before = process.cpuUsage()
    maskSecrets(text)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
  time(long / 64)
  const short = Math.min(time(long / 8), time(long / 8))
  expect(time(long)).toBeLessThan(Math.max(32 * short, 200))
}
