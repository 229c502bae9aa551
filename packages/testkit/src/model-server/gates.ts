/** Gates at which replies of the model server wait until a test opens them. An opened gate stays open. */
export type Gates = {
  open(name: string): void
  /** Resolves when the named gate is open. */
  passed(name: string): Promise<void>
}

/** Creates gates that are all closed. */
export function createGates(): Gates {
  const gates = new Map<string, Gate>()
  const gate = (name: string): Gate => {
    const known = gates.get(name) ?? closedGate()
    gates.set(name, known)
    return known
  }
  return { open: (name) => gate(name).open(), passed: (name) => gate(name).passed }
}

type Gate = { open: () => void; passed: Promise<void> }

function closedGate(): Gate {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, passed }
}
