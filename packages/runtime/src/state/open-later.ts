/** Something that the first `open` opens and later ones return. `close` closes it if it is open. */
export type OpenedLater<Opened> = { open(): Opened; close(): void }

export function openLater<Opened extends { close(): void }>(open: () => Opened): OpenedLater<Opened> {
  let opened: Opened | undefined
  return {
    open: () => (opened ??= open()),
    close: () => {
      opened?.close()
      opened = undefined
    },
  }
}
