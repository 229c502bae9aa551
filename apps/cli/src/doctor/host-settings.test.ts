import { expect, test } from 'vitest'
import { checkHosts } from './check-hosts.js'
import { useDoctorHome } from './doctor-home.test.support.js'

const machine = useDoctorHome()
const troubles = async () => (await machine().look(checkHosts)).filter((finding) => 'mend' in finding)

test.each([
  ['claude', '.claude/settings.json', { disableAllHooks: true }, 'warning'],
  ['claude', '.claude/settings.json', { permissions: { deny: ['mcp__subagent-mcp'] } }, 'error'],
  ['claude', 'project/.claude/settings.local.json', { disableAllHooks: true }, 'warning'],
  ['gemini', '.gemini/settings.json', { hooksConfig: { enabled: false } }, 'warning'],
] as const)('%s is turned off in %s by %j', async (host, path, off, severity) => {
  const { wire, write, home } = machine()
  write(path, JSON.stringify(off))
  wire(host)
  expect(await troubles()).toMatchObject([
    {
      severity,
      what: matching(/are turned off by/),
      mend: matching(new RegExp(`^take .* out of ${home}/${path}$`)),
    },
  ])
})

test('codex is turned off by a feature', async () => {
  const { wire, write, read } = machine()
  wire('codex')
  write('.codex/config.toml', `${read('.codex/config.toml')}\n[features]\nhooks = false\n`)
  expect(await troubles()).toMatchObject([{ what: matching(/turned off by features.hooks = false/) }])
})

/** The matcher `stringMatching` of vitest with a type, which vitest does not give it. */
function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}
