import { expect, test } from 'vitest'
import { checkConfiguration } from './check-configuration.js'
import { usePatient } from './patient.test.support.js'

const patient = usePatient()

/** What is found with these agents in the user's configuration. */
async function found(acpAgents: readonly object[]): Promise<string[]> {
  patient().write('ours/config.jsonc', JSON.stringify({ acpAgents }))
  return (await patient().look(checkConfiguration)).map(({ what }) => what)
}

test('says in which agents a project could start programs', async () => {
  const known = [
    { id: 'mine', command: '/opt/opencode' },
    { id: 'qwen', command: 'qwen' },
  ]
  expect(await found(known)).toEqual([expect.stringContaining('config.jsonc')])
  const [, unprevented] = await found([...known, { id: 'goose', command: 'goose' }])
  expect(unprevented).toMatch(/may start programs in goose: /)
})
