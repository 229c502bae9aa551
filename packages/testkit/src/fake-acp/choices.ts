import type { FakeAcpBehaviour } from './behaviour.js'
import type { Line } from './lines.js'

/** Creates the answer of a fake ACP agent to `initialize`. */
export function initializeAnswer(behaviour: FakeAcpBehaviour): Line {
  const isNewer = behaviour === 'newer'
  const sessionCapabilities = isNewer ? { close: {} } : {}
  const promptCapabilities = { image: isNewer }
  return {
    protocolVersion: 1,
    authMethods: [{ id: 'fake-key', name: 'A key' }],
    agentInfo: { name: 'fake', version: '0.61.0' },
    agentCapabilities: { loadSession: behaviour !== 'plain', sessionCapabilities, promptCapabilities },
  }
}

/** Returns the modes and models that a fake ACP agent lists for a session. */
export function listedChoices(behaviour: FakeAcpBehaviour): Line {
  if (behaviour === 'plain') return {}
  if (behaviour === 'newer') return { modes: modesOf(['ask', 'full-access'], 'full-access'), configOptions }
  return { modes: modesOf(['default', 'autoEdit', 'yolo', 'plan'], 'default'), models }
}

function modesOf(ids: readonly string[], currentModeId: string): Line {
  return { currentModeId, availableModes: ids.map((id) => ({ id, name: id })) }
}

const models = {
  currentModelId: 'auto',
  availableModels: ['auto', 'gemini-3.1-pro-preview', 'gemini-2.5-pro', 'gemini-3.8-flash'].map(
    (modelId) => ({
      modelId,
      name: modelId,
    }),
  ),
}

const configOptions = [
  {
    ...{ id: 'brain', name: 'Model', category: 'model', type: 'select', currentValue: 'small-1' },
    options: [{ name: 'All', options: ['small-1', 'large-1'].map((value) => ({ value, name: value })) }],
  },
]
