/** A form that the test's host was asked to show. */
export type ShownForm = {
  message: string
  params: object
  /** Whether the server has withdrawn the form. */
  isGone: boolean
  answer(result: object): void
  /** Answers with the error of a host that cannot show the form. */
  refuse(): void
}

/** The forms of a host, oldest first. */
export type ManualForms = {
  onMessage(message: Heard): void
  all(): readonly ShownForm[]
  /** The nth form of the host, counted from 1, once it is shown. */
  form(number: number): Promise<ShownForm>
}

type Heard = {
  method?: string | undefined
  id?: number | string | null | undefined
  params?: { message?: string | undefined; requestId?: number | undefined } | undefined
}

/** Creates the forms of a host that shows none yet. */
export function createManualForms(write: (line: string) => void): ManualForms {
  const forms = new Map<number, ShownForm>()
  return {
    onMessage: ({ method, id, params = {} }) => {
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

function manualForm(params: { message?: string | undefined }, reply: (body: object) => void): ShownForm {
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
