import { installFake, type Fake } from '../install-fake.js'
import { behaviourVariable, type FakeAcpBehaviour } from './behaviour.js'

/** Makes an executable that speaks ACP without a model, and behaves as told. */
export function installFakeAcp(behaviour: FakeAcpBehaviour): Fake {
  const script = new URL('../fakes/acp.cjs', import.meta.url)
  return installFake({ name: 'gemini', script, variable: behaviourVariable, behaviour })
}
