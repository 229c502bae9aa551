import { installFake, type Fake } from '../install-fake.js'
import { behaviourVariable, type FakeCodexBehaviour } from './behaviour.js'

/** Creates an executable of a fake `codex app-server` with this behaviour, without a model. */
export function installFakeCodex(behaviour: FakeCodexBehaviour): Fake {
  const script = new URL('../fakes/codex.cjs', import.meta.url)
  return installFake({ name: 'codex', script, variable: behaviourVariable, behaviour })
}
