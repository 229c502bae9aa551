import type { ReactNode } from 'react'

/** Stands for a page without a session: it was opened without a code, or its session has ended. */
export function ClosedPage({ why }: { why: string }): ReactNode {
  return (
    <main className="closed">
      <h1>This page is closed</h1>
      {why === '' ? null : <p role="alert">{why}.</p>}
      <p>
        Open it with <code>subagent-mcp ui</code>. The address that it prints works once, within a minute.
      </p>
    </main>
  )
}
