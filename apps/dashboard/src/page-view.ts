import type { ReactNode } from 'react'

/** A view of the page: `path` is its place in the address, `Badge` a figure beside its name. */
export type PageView = {
  path: string
  title: string
  Content: () => ReactNode
  Badge?: () => ReactNode
}
