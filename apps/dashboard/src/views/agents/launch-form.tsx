import { daemonApi } from '@subagent-mcp/api'
import { permissionPresets } from '@subagent-mcp/contract'
import { useState, type ReactNode } from 'react'
import type { AgentSummary } from '../../data/agents.js'
import { usePageAction, usePageParts } from '../../data/page-context.js'
import { Choice } from '../../parts/choice.js'
import { ErrorMessage } from '../../parts/error-message.js'

type LaunchProps = { agents: readonly AgentSummary[]; onEnd: (launched: string | undefined) => void }
type Fields = Record<'prompt' | 'cwd' | 'name' | 'provider' | 'model', string> & {
  permissions: '' | (typeof permissionPresets)[number]
  isCopy: boolean
}

/** Launches an agent in a folder, on the provider that routing or the person chooses. */
export function LaunchForm({ agents, onEnd }: LaunchProps): ReactNode {
  const { session } = usePageParts()
  const [fields, setFields] = useState<Fields>({
    ...{ prompt: '', cwd: session.cwd, name: '', provider: '', model: '', permissions: '', isCopy: false },
  })
  const launch = usePageAction(async (request) => {
    const { agent } = await request(daemonApi.launchAgent, { body: launchBody(fields) })
    onEnd(agent.id)
  })
  const text = (field: 'cwd' | 'name' | 'provider' | 'model', label: string, list?: string): ReactNode => (
    <label>
      {label}
      <input
        type="text"
        list={list}
        value={fields[field]}
        onChange={(event) => {
          setFields({ ...fields, [field]: event.target.value })
        }}
      />
    </label>
  )
  const submit = (event: { preventDefault(): void }): void => {
    event.preventDefault()
    if (fields.prompt.trim() !== '') launch.mutate()
  }
  return (
    <form className="launch" aria-label="Launch an agent" onSubmit={submit}>
      <h2>Launch an agent</h2>
      <label>
        Task: the agent knows nothing else
        <textarea
          rows={6}
          required
          value={fields.prompt}
          onChange={(event) => {
            setFields({ ...fields, prompt: event.target.value })
          }}
        />
      </label>
      {text('cwd', 'Folder')}
      {text('name', 'Name')}
      {text('provider', 'Provider (empty: the best for the task)', 'known-providers')}
      {text('model', 'Model (needs a provider)')}
      <datalist id="known-providers">
        {[...new Set(agents.map(({ provider }) => provider))].map((provider) => (
          <option key={provider} value={provider} />
        ))}
      </datalist>
      <label>
        May do without asking
        <Choice
          value={fields.permissions}
          options={[['', 'as configured'], ...permissionPresets.map((preset) => [preset, preset] as const)]}
          onChoose={(value) => {
            const permissions = permissionPresets.find((preset) => preset === value) ?? ''
            setFields({ ...fields, permissions })
          }}
        />
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={fields.isCopy}
          onChange={(event) => {
            setFields({ ...fields, isCopy: event.target.checked })
          }}
        />{' '}
        In a copy of the repository, whose changes are applied later
      </label>
      <div className="actions">
        <button type="submit" className="primary" disabled={launch.isPending || fields.prompt.trim() === ''}>
          Launch
        </button>
        <button
          type="button"
          onClick={() => {
            onEnd(undefined)
          }}
        >
          Cancel
        </button>
      </div>
      <ErrorMessage error={launch.error} />
    </form>
  )
}

function launchBody({ prompt, permissions, isCopy, ...texts }: Fields) {
  const given = (name: 'cwd' | 'name' | 'provider' | 'model') => {
    const text = texts[name].trim()
    return text === '' ? {} : { [name]: text }
  }
  return {
    prompt,
    ...given('cwd'),
    ...given('name'),
    ...given('provider'),
    ...given('model'),
    ...(permissions !== '' && { permissions }),
    ...(isCopy && { isolation: 'worktree' as const }),
  }
}
