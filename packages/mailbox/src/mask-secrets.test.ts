import { startLimit } from '@subagent-mcp/testkit'
import { describe, expect, it } from 'vitest'
import { maskSecrets } from './mask-secrets.js'

// In pieces, so that no scanner takes this file for a leak.
const letters = 'aB3dE5gH7jK9'
const long = letters.repeat(4)

describe('a secret is masked', () => {
  it.each([
    [
      '-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY----- end',
      '[masked: private key] end',
    ],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\ncut off', '[masked: private key]'],
    [`id AKIA${'Z9'.repeat(8)}.`, 'id [masked: AWS key].'],
    [`push with ghp_${long.slice(0, 36)}`, 'push with [masked: GitHub token]'],
    [`github_pat_${letters.repeat(3)}_x`, '[masked: GitHub token]'],
    [`glpat-${letters}${letters}`, '[masked: GitLab token]'],
    [`use sk-ant-api03-${long}`, 'use [masked: API key]'],
    [`use sk-proj-${long}`, 'use [masked: API key]'],
    [`use sk-${long}`, 'use [masked: API key]'],
    [`sk_live_${letters}${letters}`, '[masked: API key]'],
    [`xoxb-123456789012-${letters}`, '[masked: Slack token]'],
    [`AIza${long.slice(0, 35)}`, '[masked: Google key]'],
    [`npm_${long.slice(0, 36)}`, '[masked: npm token]'],
    [`eyJhbGciOiJI.eyJzdWIiOiIx.${letters}`, '[masked: JWT]'],
    [`Authorization: Bearer ${long}=`, 'Authorization: Bearer [masked]'],
    [`authorization: basic ${long}==`, 'authorization: basic [masked]'],
    ['postgres://app:hunter2@db:5432/x', 'postgres://app:[masked]@db:5432/x'],
    [`DB_PASSWORD=${letters}1`, 'DB_PASSWORD=[masked]'],
    [`"client_secret": "${letters}1",`, '"client_secret": "[masked]",'],
    [`api_key: '${letters}1'`, "api_key: '[masked]'"],
    [`S${'UA3CSSL7'.repeat(7)}U`, '[masked: NATS seed]'],
    [`hf_${long.slice(0, 34)}`, '[masked: token]'],
    [`{\\"token\\": \\"${letters}1 `, '{\\"token\\": \\"[masked] '],
    [`passphrase => '${letters}1'`, "passphrase => '[masked]'"],
    [`export GITHUB_TOKEN="${letters}1"; ls`, 'export GITHUB_TOKEN="[masked]"; ls'],
  ])('%j', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked)
    expect(maskSecrets(masked)).toBe(masked)
  })
})

describe('what is no secret stays', () => {
  it.each([
    'sk-learn-compatible-estimators-and-pipelines',
    'use sk-learn or scikit-learn 1.5 for it',
    'fixed in 3403ec1c9f2d4b6a8e0f1a2b3c4d5e6f7a8b9c0d',
    'task 123e4567-e89b-12d3-a456-426614174000',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    `data:image/png;base64,iVBORw0KGgo${'AAAANSUhEUgAAAAUA'.repeat(8)}`,
    '/home/me/projects/token-service/src/password-reset-2024.ts',
    'https://example.com/a?b=c and ssh://git@github.com/me/it.git',
    'mail me@example.com at 10:30',
    'token = await readTokenFromKeychain2(account)',
    'password: string',
    'credentials: /etc/nats/fleet-2.creds',
    'token = tokens[index12345]',
    'tokens: 1234567890123',
    'const apiKey = process.env.OPENAI_API_KEY_2',
    'PASSWORD=$DATABASE_PASSWORD_V2',
    'the Bearer of bad news came at noon',
    'Basic understanding of distributed systems',
    '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----',
  ])('%j', (text) => {
    expect(maskSecrets(text)).toBe(text)
  })

  it.each([
    'token ',
    'a1',
    'a.',
    '://',
    'x://',
    'sk-',
    'eyJ-',
    'Bearer ',
    '-----BEGIN PRIVATE KEY-----',
    'token=',
    'a:',
  ])('and a long text of %j takes no time', async (part) => {
    const limit = startLimit(2_000)
    maskSecrets(part.repeat(65_536 / part.length))
    expect(await limit.isOver()).toBe(false)
  })
})
