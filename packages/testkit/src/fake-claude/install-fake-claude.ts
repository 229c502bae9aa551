import { installFake, type Fake } from '../install-fake.js'
import { behaviourVariable, type FakeClaudeBehaviour } from './behaviour.js'

/** Makes an executable that speaks stream-json without a model, and behaves as told. */
export function installFakeClaude(behaviour: FakeClaudeBehaviour): Fake {
  const script = new URL('../fakes/claude.cjs', import.meta.url)
  return installFake({ name: 'claude', script, variable: behaviourVariable, behaviour })
}
