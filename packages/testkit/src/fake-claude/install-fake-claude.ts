import { installFake, type Fake } from '../install-fake.js'
import { behaviourVariable, type FakeClaudeBehaviour } from './behaviour.js'

/** Creates an executable of a fake `claude` with this behaviour, without a model. */
export function installFakeClaude(behaviour: FakeClaudeBehaviour): Fake {
  const script = new URL('../fakes/claude.cjs', import.meta.url)
  return installFake({ name: 'claude', script, variable: behaviourVariable, behaviour })
}
