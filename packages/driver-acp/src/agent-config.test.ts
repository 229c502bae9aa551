import { expect, test } from 'vitest'
import { AcpAgentConfig, createAcpProfile } from './agent-config.js'

test('an agent of a user is a few lines', () => {
  const profile = createAcpProfile({
    id: 'opencode',
    command: 'opencode',
    args: ['acp'],
    env: { A: '1' },
    auth: 'login',
  })
  expect(profile).toMatchObject({
    ...{
      id: 'opencode',
      label: 'opencode',
      command: 'opencode',
      args: ['acp'],
      env: { A: '1' },
      auth: 'login',
    },
  })
  expect(profile.signedIn({})).toBe('unknown')
  expect(profile.defaultModel).toBeUndefined()
})

test.each([
  [{ id: 'goose' }, 'command'],
  [{ id: 'Goose!', command: 'goose' }, 'id'],
  [{ id: 'goose', command: 'goose', modell: 'x' }, 'modell'],
])('%j is refused for its %s', (config, key) => {
  expect(JSON.stringify(AcpAgentConfig.safeParse(config).error?.issues)).toContain(key)
})
