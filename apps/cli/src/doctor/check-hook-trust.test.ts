import { expect, test } from 'vitest'
import { checkHosts } from './check-hosts.js'
import { checkHookTrust } from './check-hook-trust.js'
import { usePatient } from './patient.test.support.js'

const patient = usePatient()
const look = () => patient().look(checkHookTrust)
const change = (path: string, edit: (text: string) => string) => {
  patient().write(path, edit(patient().read(path)))
}

test('says nothing where there are no hooks', async () => {
  expect(await look()).toEqual([])
  patient().wire('codex', { hooks: false })
  expect(await look()).toEqual([])
})

test('finds them trusted as setup left them', async () => {
  patient().wire('codex')
  expect(await look()).toEqual([
    { severity: 'ok', what: `Codex trusts our 3 hooks: ${patient().home}/.codex/hooks.json` },
  ])
})

test('finds those that nobody trusted', async () => {
  patient().wire('codex')
  change('.codex/config.toml', (text) => text.replaceAll(/\[hooks[^[]*/g, ''))
  expect(await look()).toMatchObject([
    {
      what: matching(/^Codex passes by 3 hooks of ours that it was not told/),
      mend: 'subagent-mcp setup --host codex',
    },
  ])
})

test('leaves to the user what setup was told to leave to the user', async () => {
  patient().wire('codex', { trust: false })
  const [finding] = await look()
  expect(finding).toEqual({
    severity: 'warning',
    what: matching(/^Codex passes by 3 hooks/),
    mend: 'codex, and in it /hooks',
  })
  patient().write('.codex/config.toml', '')
  const hosts = await patient().look(checkHosts)
  expect(hosts).toContainEqual(objectContaining({ mend: 'subagent-mcp setup --host codex --no-trust' }))
})

test('finds one that has changed, and one that was turned off', async () => {
  patient().wire('codex')
  change('.codex/hooks.json', (text) => text.replace('"timeout": 10', '"timeout": 11'))
  change('.codex/config.toml', (text) => text.replace(/(user_prompt_submit:0:0"\]\n)/, '$1enabled = false\n'))
  expect(await look()).toMatchObject([
    { what: matching(/1 hook of ours that it trusts only as they were/), mend: 'codex, and in it /hooks' },
    { what: matching(/1 hook of ours, as somebody turned them off/) },
  ])
})

/** vitest's own has no type. */
function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}

function objectContaining(finding: object): unknown {
  return expect.objectContaining(finding)
}
