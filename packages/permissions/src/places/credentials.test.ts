import { startLimit } from '@subagent-mcp/testkit'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parseToolCall } from '../call/parse-tool-call.js'
import { decideToolCall } from '../rules/preset.js'
import { project } from '../project.test.support.js'
import { noPermissionRules } from '../rules/rule.js'

const { place, remove } = project()
afterAll(remove)
const { cwd, home } = place

const verdict = (tool: string, input: unknown) => {
  const policy = { preset: 'read-only', rules: noPermissionRules, testCommands: [] } as const
  return decideToolCall(policy, parseToolCall('claude', { tool, input }, place), place)
}
const secret = { verdict: 'deny', by: 'credentials' }
const words = (text: string): string[] => text.trim().split(/\s+/)

const secretNames = words(`
  .env .ENV .env.local .env.production .env~ .env.bak .env.old .env.save .env.1 .env.gz .env_backup .env-prod #.env# .#.env
  .env.swp ..env.swp prod.env prod.env.bak config/staging.env env.local .envrc .env.vault .dev.vars
  terraform.tfvars prod.auto.tfvars secrets.tfvars terraform.tfvars.json terraform.tfstate terraform.tfstate.backup
  service-account.json service_account.json my-service-account.json service-account-prod.json sa-key.json app-firebase-adminsdk-1.json
  credentials.json client_secret_1.json credentials.yml.enc aws-credentials.csv rootkey_accessKeys.csv secrets.yml secrets.yaml secrets.json secret.toml
  id_rsa id_ed25519 id_ed25519_work id_rsa.bak deploy_rsa server.key tls.pem cert.p12 release.keystore app.jks key.p8 vpn.ovpn fleet.creds pass.kdbx
  .npmrc .netrc _netrc .pgpass .pypirc .my.cnf .git-credentials .gitconfig .git/config .htpasswd .dockercfg kubeconfig
  prod.kubeconfig api_key.txt api-key.txt access_token passwords.txt local.settings.json .vault-token .vault_pass .s3cfg .boto
  wallet.dat cookies.sqlite logins.json HEAD:.env HEAD:config/prod.env :.env`)

const secretPlaces = words(`
  .config/github-copilot/apps.json .config/github-copilot/hosts.json .local/share/opencode/auth.json .local/share/opencode/mcp-auth.json
  .claude/.credentials.json .claude.json .codex/auth.json .gemini/oauth_creds.json .gemini/.env .qwen/oauth_creds.json .config/goose/secrets.yaml
  .local/share/amp/secrets.json .factory/auth.json .aider.conf.yml .cursor/cli-config.json .grok/user-settings.json .local/share/crush/crush.json
  .ssh/config .ssh/known_hosts .SSH/id .aws/credentials .aws/sso/cache/a.json .azure/msal_token_cache.json .config/gcloud/credentials.db .kube/config
  .docker/config.json .config/gh/hosts.yml .config/glab-cli/config.yml .config/op/config .config/rclone/rclone.conf .config/doctl/config.yaml .fly/config.yml
  .config/heroku/a .terraform.d/credentials.tfrc.json .pulumi/credentials.json .databrickscfg .snowsql/config .kaggle/kaggle.json .cache/huggingface/token
  .cargo/credentials.toml .gem/credentials .m2/settings.xml .gradle/gradle.properties .composer/auth.json .config/pip/pip.conf .yarnrc.yml
  .gnupg/private-keys-v1.d/a .password-store/a.gpg .local/share/keyrings/login.keyring .mozilla/firefox/a/logins.json .config/google-chrome/Default/a
  .bash_history .zsh_history .local/share/fish/fish_history .python_history .psql_history .msmtprc .config/neomutt/neomuttrc .smbcredentials .Xauthority
  Library/Keychains/login.keychain-db Library/Cookies/a AppData/Roaming/gcloud/a AppData/Local/github-copilot/apps.json AppData/Roaming/Microsoft/Credentials/a
  .subagent-mcp/token`)

const systemPlaces = words(`
  /etc/shadow /etc/sudoers.d/a /etc/ssh/ssh_host_rsa_key /etc/ssl/private/a.pem /etc/letsencrypt/live/a /run/secrets/db /var/run/secrets/kubernetes.io/a
  /home/somebody/.ssh/id_rsa /home/somebody/.gradle/gradle.properties /root/.aws/credentials /Users/ada/.m2/settings.xml
  /mnt/c/Users/ada/AppData/Roaming/gcloud/a /backup/me/.kube/config`)

describe('a credential is read by no tool unasked', () => {
  test.each([...secretNames, ...secretPlaces.map((path) => `~/${path}`), ...systemPlaces])('%s', (path) => {
    expect(verdict('Read', { file_path: path })).toEqual(secret)
    expect(verdict('Grep', { pattern: 'x', path })).toEqual(secret)
    expect(verdict('Glob', { pattern: path })).toEqual(secret)
    const quoted = path.startsWith('~/') ? `~/'${path.slice(2)}'` : `'${path}'`
    expect(verdict('Bash', { command: path.includes(':') ? `git show ${path}` : `cat ${quoted}` })).toEqual(
      secret,
    )
  })
})

const readable = words(`
  .env.example .env.sample .env.template .env.dist .env.local.example example.env .env.example.bak env.ts .env.d.ts id_rsa.pub
  src/index.ts package.json pnpm-lock.yaml tsconfig.json config.yml src/auth.json locales/en/auth.json src/token.ts src/credentials.ts
  src/token src/credentials docs/secrets.md src/secrets/index.ts src/api-keys.ts src/private-key.ts src/apiKey.test.ts src/password.py tokens.json
  design/tokens.json Makefile Dockerfile .gitignore .gitattributes .dockerignore .editorconfig .github/workflows/ci.yml .vscode/settings.json
  README.md docs/keys.md src/keystore.go keys.ts src/environment.ts environments/prod.ts .envoy.yaml main.tf variables.tf terraform.lock.hcl
  .claude/settings.json .codex/config.toml .gemini/settings.json .qwen/settings.json opencode.json .mcp.json .cursor/mcp.json .openhands/microagents/repo.md
  .circleci/config.yml .travis.yml src/.hidden data.db cert.crt server.csr report.csv history.txt src/history.ts a.key.md`)

test.each(readable)('%s is read', (path) => {
  expect(verdict('Read', { file_path: path }).verdict).toBe('allow')
  expect(verdict('Bash', { command: `cat ${path}` }).verdict).toBe('allow')
})

describe('a pattern is judged by what it takes', () => {
  const files = [
    'config/prod.env',
    'keys/tls.key',
    'service-account.json',
    '.npmrc',
    'data/a.json',
    'data/b.yml',
  ]
  for (const file of files) {
    mkdirSync(`${cwd}/tree/${dirname(file)}`, { recursive: true })
    writeFileSync(`${cwd}/tree/${file}`, '')
  }

  test.each([
    ...words(
      '.en* **/.e?v .en[v] .[e]nv .E* *.env **/*.env {.env,x} {x,.e{n,m}v} .en{v,x} *env .??? prod.* **/prod* ./**/.env*',
    ),
    ...words('*.pem *.k?y **/*.tfvars **/*.tfv* id_* id_r?a .npm* .ne* secrets.* .aws/* .ss?/** **/.ssh/**'),
    ...['*.ts .env', '*.ts,.env', 'x {.env,y}', String.raw`\.env*`],
  ])('%s, by Grep', (glob) => {
    expect(verdict('Grep', { pattern: 'x', glob })).toEqual(secret)
    expect(verdict('Bash', { command: `rg -g '${glob}' x` }).verdict).toBe('deny')
  })

  test.each([
    '*',
    '**/*',
    '*.json',
    '**/*.json',
    'service*',
    '*count*',
    '.n*',
    'tree/*.json',
    'config/*',
    '*.*',
  ])('%s, as there is one', (glob) => {
    expect(verdict('Grep', { pattern: 'x', glob, path: 'tree' })).toEqual(secret)
  })

  test.each([
    '*.ts',
    '**/*.{ts,tsx}',
    'src/**/*.ts',
    '*.md',
    '*.test.ts',
    '!.env',
    '!*.lock',
    'package.json',
    '*.go',
    '*Token*.tsx',
    '*.rs',
    '*token*',
    '*auth*',
  ])('%s takes none', (glob) => {
    expect(verdict('Grep', { pattern: 'x', glob }).verdict).toBe('allow')
    expect(verdict('Glob', { pattern: glob }).verdict).toBe('allow')
  })

  test.each(['*.json', '*.yml', '*', '**/*', '.g*'])('%s takes none of src', (glob) => {
    expect(verdict('Grep', { pattern: 'x', glob, path: 'src' }).verdict).toBe('allow')
  })

  test.each([
    ...[
      'cat .en*',
      'cat .en?',
      'cat .en[v]',
      'head .e*',
      'cat {.env,x}',
      'cat .e{n,}v',
      'cat "$PWD"/.env',
      'cat tree/config/p*',
      'cat tree/*.json',
    ],
    ...[
      'rg --glob .env x',
      'rg --glob=.en* x',
      'rg -g.en* x',
      "rg -g '*' x tree",
      'rg --iglob .ENV x',
      "grep -r --include='.en*' x .",
      'grep -r --include .env x .',
    ],
    ...[
      "git grep x -- '*.env'",
      "git log -p -- '.en*'",
      "git grep x -- ':(glob)**/.e?v'",
      "git diff -- ':/.env'",
      'git show HEAD:./.env',
      'git show HEAD~2:prod.env',
    ],
    ...[
      "find . -name '.en*' -exec cat {} +",
      "find . -type f -name '*.pem' -print0 | xargs -0 cat",
      'sed -n 1p prod.env',
      'jq . tree/service-account.json',
      'diff .env .env.example',
    ],
    ...[
      'cat < prod.env',
      'while read -r l; do echo "$l"; done < .env',
      'cat ./././.env',
      'cat src/../.env',
      'cat "$HOME"/.config/github-copilot/apps.json',
      'cat ~/.local/share/opencode/auth.json',
    ],
    ...['rg x ~/.config', 'grep -r x ~/.local/share', 'rg x ~/.local', 'grep -r x /etc', 'grep -rn x /run'],
  ])('%s', (command) => {
    expect(verdict('Bash', { command }).verdict).toBe('deny')
  })

  test.each([
    ...[
      'rg process.env src',
      "grep -rn 'process.env' src",
      'rg .env',
      "grep -rn '.env' src",
      'rg -n id_rsa src',
      'grep -rn -e prod.env src',
      'git grep process.env',
    ],
    ...[
      "rg -g '*.ts' x",
      "rg -g '!.env' foo",
      "grep -rn --include='*.ts' x src",
      "find src -type f -name '*.ts' -exec grep -n x {} +",
      "find . -name '*.json'",
      'rg x ~/.config/nvim',
    ],
    ...["git log -- '*.ts'", 'git show HEAD:src/index.ts', 'git diff HEAD~1 -- src', 'cat .env.example'],
  ])('%s passes', (command) => {
    expect(verdict('Bash', { command }).verdict).toBe('allow')
  })
})

describe('settings of git', () => {
  test.each([
    ...[
      'git config --get sendemail.smtppass',
      'git config sendemail.smtppass',
      'git config --get http.https://a.example.extraheader',
      'git config --list',
      'git config -l',
    ],
    ...[
      'git config --get-regexp .',
      'git config --get-all http.proxy',
      'git config get sendemail.smtppass',
      'git config list',
      'git -C . config -l',
      'git -c a=b config --get x.password',
    ],
    ...[
      'git var -l',
      'git credential fill',
      'git config --get credential.helper',
      'git config --lis',
      'git config --get url.https://a:b@c.insteadof',
      'git config -f .git/config --list',
      'git config --get imap.pass',
    ],
  ])('%s may print a secret', (command) => {
    expect(verdict('Bash', { command })).toMatchObject({ verdict: 'deny' })
    const asked = parseToolCall('claude', { tool: 'Bash', input: { command } }, place)
    const policy = { preset: 'ask', rules: noPermissionRules, testCommands: [] } as const
    expect(decideToolCall(policy, asked, place)).toEqual({
      verdict: 'ask',
      by: 'credentials',
      humanOnly: true,
    })
  })

  test.each([
    'git config --get user.name',
    'git config --get user.email',
    'git config --get core.autocrlf',
    'git config --get remote.origin.url',
    'git config --global --get init.defaultBranch',
  ])('%s passes', (command) => {
    expect(verdict('Bash', { command }).verdict).toBe('allow')
  })
})

test('no pattern takes long', async () => {
  const limit = startLimit(4_000)
  for (const glob of [
    '{a,'.repeat(2000),
    '{a,b}'.repeat(500),
    '*a'.repeat(1000),
    '[['.repeat(2000),
    '**/'.repeat(1000),
  ]) {
    verdict('Grep', { pattern: 'x', glob })
    verdict('Read', { file_path: `${home}/${glob}` })
  }
  expect(await limit.isOver()).toBe(false)
})
