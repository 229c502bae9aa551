import { installFake, type Fake } from '../install-fake.js'
import { behaviourVariable, type FakeCodexBehaviour } from './behaviour.js'

/** Makes an executable that works as `app-server` without a model, and behaves as told. */
export function installFakeCodex(behaviour: FakeCodexBehaviour): Fake {
  const script = new URL('../fakes/codex.cjs', import.meta.url)
  return installFake({ name: 'codex', script, variable: behaviourVariable, behaviour })
}
