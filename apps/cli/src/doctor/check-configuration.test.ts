import { expect, test } from 'vitest'
import { checkConfiguration } from './check-program.js'
import { useDoctorHome } from './doctor-home.test.support.js'

const machine = useDoctorHome()

/** Returns the findings of a check with these agents in the user's configuration. */
async function found(acpAgents: readonly object[]): Promise<string[]> {
  machine().write('ours/config.jsonc', JSON.stringify({ acpAgents }))
  return (await machine().look(checkConfiguration)).map(({ what }) => what)
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
