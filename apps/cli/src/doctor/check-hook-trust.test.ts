import { expect, test } from 'vitest'
import { checkHosts } from './check-hosts.js'
import { checkHookTrust } from './check-host-entries.js'
import { useDoctorHome } from './doctor-home.test.support.js'

const machine = useDoctorHome()
const look = () => machine().look(checkHookTrust)
const change = (path: string, edit: (text: string) => string) => {
  machine().write(path, edit(machine().read(path)))
}

test('reports nothing without hooks', async () => {
  expect(await look()).toEqual([])
  machine().wire('codex', { hooks: false })
  expect(await look()).toEqual([])
})

test('finds hooks trusted after setup', async () => {
  machine().wire('codex')
  expect(await look()).toEqual([
    { severity: 'ok', what: `Codex trusts our 3 hooks: ${machine().home}/.codex/hooks.json` },
  ])
})

test('finds hooks that were never trusted', async () => {
  machine().wire('codex')
  change('.codex/config.toml', (text) => text.replaceAll(/\[hooks[^[]*/g, ''))
  expect(await look()).toMatchObject([
    {
      what: matching(/^Codex skips 3 hooks of ours \(not trusted yet\)/),
      mend: 'subagent-mcp setup --host codex',
    },
  ])
})

test('after setup --no-trust the fix leaves the trust to the user', async () => {
  machine().wire('codex', { trust: false })
  const [finding] = await look()
  expect(finding).toEqual({
    severity: 'warning',
    what: matching(/^Codex skips 3 hooks/),
    mend: 'codex, and in it /hooks',
  })
  machine().write('.codex/config.toml', '')
  const hosts = await machine().look(checkHosts)
  expect(hosts).toContainEqual(objectContaining({ mend: 'subagent-mcp setup --host codex --no-trust' }))
})

test('finds a changed hook and a disabled hook', async () => {
  machine().wire('codex')
  change('.codex/hooks.json', (text) => text.replace('"timeout": 10', '"timeout": 11'))
  change('.codex/config.toml', (text) => text.replace(/(user_prompt_submit:0:0"\]\n)/, '$1enabled = false\n'))
  expect(await look()).toMatchObject([
    {
      what: matching(/1 hook of ours \(changed after being trusted\)/),
      mend: 'codex, and in it /hooks',
    },
    { what: matching(/1 hook of ours \(turned off\)/) },
  ])
})

/** The matcher `stringMatching` of vitest with a type, which vitest does not give it. */
function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}

function objectContaining(finding: object): unknown {
  return expect.objectContaining(finding)
}
