import type { Driver, EffortChoice, Failure, Model, ModelList, Probe } from '@subagent-mcp/contract'

/** A CLI with these models, which takes no `max`. */
export function driverOf(id: string, models: readonly Model[], parts: Partial<Driver> = {}): Driver {
  const installed: Probe = { installed: true, executable: `/bin/${id}`, version: '1.2.3', signedIn: 'yes' }
  return {
    id,
    abilities: {
      resume: true,
      fork: true,
      steer: true,
      approve: true,
      interrupt: true,
      reset: true,
      configure: true,
      rewind: true,
      toolChoice: true,
      maxTurns: true,
      ownMcpServers: true,
      confines: false,
      usage: true,
    },
    preflight: () => undefined,
    installation: () => `/bin/${id} 1.2.3`,
    probe: () => Promise.resolve(installed),
    models: () => Promise.resolve<ModelList>({ type: 'listed', models }),
    effort: (effort): EffortChoice =>
      effort === 'max' ? { type: 'refused', message: `${id} takes no max` } : { type: 'word', word: effort },
    open: () => Promise.reject(new Error('nothing is opened here')),
    ...parts,
  }
}

/** A machine on which codex is missing. */
export function machine(): ReadonlyMap<string, Driver> {
  const opus: Model = { id: 'claude-opus-5-5', aliases: ['opus'], efforts: ['low', 'high'] }
  const flash: Model = { id: 'gemini-3.8-flash', aliases: ['flash'], efforts: [] }
  const noEffort: EffortChoice = { type: 'none', note: 'gemini takes no effort' }
  return new Map([
    ['claude', driverOf('claude', [opus])],
    ['codex', driverOf('codex', [], { preflight: () => codexMissing })],
    ['gemini', driverOf('gemini', [flash], { effort: () => noEffort })],
  ])
}

/** The failure of its driver. */
export const codexMissing: Failure = {
  reason: 'not-installed',
  message: 'codex was not found',
  hint: 'install Codex: npm install -g @openai/codex',
}
