import { installFake, type Fake } from '../install-fake.js'
import { behaviourVariable, type FakeAcpBehaviour } from './behaviour.js'

/** Creates an executable of a fake ACP agent with this behaviour, without a model. */
export function installFakeAcp(behaviour: FakeAcpBehaviour): Fake {
  const script = new URL('../fakes/acp.cjs', import.meta.url)
  return installFake({ name: 'gemini', script, variable: behaviourVariable, behaviour })
}
