import { useSyncExternalStore } from 'react'

/** The place in the page that its address names: `#/agents/4f2a` is the agent `4f2a` in the view `agents`. */
export type PageRoute = { view: string; rest: string }

/** The current view and place of the page, which change with the address. */
export function useRoute(): PageRoute {
  const hash = useSyncExternalStore(subscribe, () => location.hash)
  const [, view = '', rest = ''] = /^#\/([\w-]*)\/?(.*)$/.exec(hash) ?? []
  return { view, rest: decoded(rest) }
}

export function formatRouteAddress(view: string, rest?: string): string {
  return rest === undefined ? `#/${view}` : `#/${view}/${encodeURIComponent(rest)}`
}

export function navigateTo(view: string, rest?: string): void {
  location.hash = formatRouteAddress(view, rest)
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener)
  return () => {
    removeEventListener('hashchange', listener)
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // The address was edited by hand.
    return text
  }
}
