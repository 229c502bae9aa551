/** A form that a host was asked to show its user. */
export type Form = {
  message: string
  params: object
  /** It was taken away from the user. */
  isGone: boolean
  answer(result: object): void
  /** Answers as a host does that cannot show it. */
  refuse(): void
}

/** The forms of a host, oldest first. */
export type ManualForms = {
  hear(message: Heard): void
  all(): readonly Form[]
  /** The nth form, from 1, once it is shown. */
  form(number: number): Promise<Form>
}

type Heard = {
  method?: string | undefined
  id?: number | string | null | undefined
  params?: { message?: string | undefined; requestId?: number | undefined } | undefined
}

/** Creates an empty set. */
export function createManualForms(write: (line: string) => void): ManualForms {
  const forms = new Map<number, Form>()
  return {
    hear: ({ method, id, params = {} }) => {
      const reply = (body: object): void => {
        write(JSON.stringify({ jsonrpc: '2.0', id, ...body }))
      }
      if (method === 'elicitation/create' && typeof id === 'number') forms.set(id, manualForm(params, reply))
      const gone = method === 'notifications/cancelled' ? forms.get(params.requestId ?? -1) : undefined
      if (gone) gone.isGone = true
    },
    all: () => [...forms.values()],
    form: async (number) => {
      for (;;) {
        const form = [...forms.values()][number - 1]
        if (form) return form
        await new Promise(setImmediate)
      }
    },
  }
}

function manualForm(params: { message?: string | undefined }, reply: (body: object) => void): Form {
  return {
    message: params.message ?? '',
    params,
    isGone: false,
    answer: (result) => {
      reply({ result })
    },
    refuse: () => {
      reply({ error: { code: -32601, message: 'Method not found' } })
    },
  }
}
