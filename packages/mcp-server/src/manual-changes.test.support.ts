import type { ChangeActionAnswer, ChangeCount, AgentChanges } from '@subagent-mcp/api'
import type { ChangeAction, ChangesPort, SharedFileEdit } from './ports/changes-port.js'

/** Changes of agents that a test sets, by agent. `acted` has the actions, whose answer the test sets, too. */
export type ManualChanges = ChangesPort & {
  found: Map<string, AgentChanges>
  edited: SharedFileEdit[]
  acted: (readonly [string, ChangeAction])[]
  answer: ChangeActionAnswer
}

export function createManualChanges(): ManualChanges {
  const found = new Map<string, AgentChanges>()
  const edited: SharedFileEdit[] = []
  const manual: ManualChanges = {
    ...{ found, edited, acted: [], answer: {} },
    show: (id) => Promise.resolve(found.get(id) ?? changesOf(id)),
    act: (id, action) => {
      manual.acted.push([id, action])
      return Promise.resolve(manual.answer)
    },
    counts: () => Promise.resolve(new Map([...found].map(([id, { files }]) => [id, countOf(files)]))),
    shared: () => edited,
  }
  return manual
}

/** Changes of an agent in a worktree; the parts that a test names replace the others. */
export function changesOf(id: string, parts: Partial<AgentChanges> = {}): AgentChanges {
  return {
    id,
    folder: `/trees/${id}`,
    source: '/p',
    files: [],
    patch: '',
    tree: 'f'.repeat(40),
    left: [],
    ...parts,
  }
}

function countOf(files: AgentChanges['files']): ChangeCount {
  const [added, removed] = [files.map((file) => file.added ?? 0), files.map((file) => file.removed ?? 0)]
  const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0)
  return { files: files.length, added: sum(added), removed: sum(removed) }
}
