import { describe, expect, test } from 'vitest'
import { said, talk } from './talk.test.support.js'

const prompt = { type: 'prompt', turnId: 't1', text: 'go' } as const
const steer = { type: 'steer', messageId: 'm1', text: 'left' } as const
const interrupt = { type: 'interrupt' } as const
const completed = { type: 'completed', answer: '' }

describe('an interrupt', () => {
  test('waits until the turn has begun, as before there is none to end', () => {
    const { tell, hear, answer, sent, outcomes } = talk()
    tell(prompt)
    tell(interrupt)
    answer('turn/start', said.accepted)
    expect(sent()).toEqual([])
    hear('turn/started', said.turn())
    expect(sent()).toEqual(['turn/interrupt'])
    hear('turn/completed', said.turn('interrupted'))
    expect(outcomes()).toEqual([{ type: 'interrupted' }])
  })

  test('that came too late for the turn leaves no answer behind', () => {
    const { tell, hear, outcomes } = talk()
    tell(prompt)
    tell(interrupt)
    hear('turn/completed', said.turn('completed'))
    expect(outcomes()).toEqual([{ type: 'interrupted' }])
  })

  test('goes out once', () => {
    const { tell, hear, sent } = talk()
    tell(interrupt)
    tell(prompt)
    hear('turn/started', said.turn())
    tell(interrupt)
    tell(interrupt)
    expect(sent()).toEqual(['turn/start', 'turn/interrupt'])
  })
})

describe('a steering message', () => {
  test('is held until the turn has an id', () => {
    const { tell, answer, calls } = talk()
    tell(prompt)
    tell(steer)
    answer('turn/start', said.accepted)
    expect(calls).toMatchObject([
      { method: 'turn/steer', params: { expectedTurnId: 'c1', clientUserMessageId: 'm1' } },
    ])
  })

  test.each([
    ['before', ['answer', 'complete']],
    ['after', ['complete', 'answer']],
  ] as const)('that is refused gets a run of its own: %s the end of the first', (_, order) => {
    const { tell, hear, answer, calls, outcomes } = talk()
    tell(prompt)
    answer('turn/start', said.accepted)
    tell(steer)
    const acts = {
      answer: () => answer('turn/steer', said.refused),
      complete: () => hear('turn/completed', said.turn('completed')),
    }
    for (const act of order) acts[act]()
    expect(outcomes()).toEqual([])
    expect(calls).toMatchObject([{ method: 'turn/start', params: { clientUserMessageId: 'm1' } }])
    answer('turn/start', { type: 'result', result: { turn: { id: 'c2' } } })
    hear('turn/completed', { turn: { id: 'c2', status: 'completed' } })
    expect(outcomes()).toEqual([completed])
  })

  test('that was taken in lets the turn end', () => {
    const { tell, hear, answer, outcomes } = talk()
    tell(prompt)
    answer('turn/start', said.accepted)
    tell(steer)
    hear('turn/completed', said.turn('completed'))
    expect(outcomes()).toEqual([])
    answer('turn/steer', said.accepted)
    expect(outcomes()).toEqual([completed])
  })

  test('is not sent without a turn', () => {
    const { tell, sent, notices } = talk()
    tell(steer)
    expect([sent(), notices()]).toEqual([[], ['no turn is running: the message was not sent']])
  })
})

describe('a turn', () => {
  test('that cannot be started fails; the next can', () => {
    const { tell, answer, outcomes, sent } = talk()
    tell(prompt)
    answer('turn/start', said.refused)
    expect(outcomes()).toMatchObject([{ type: 'failed', failure: { reason: 'bad-request' } }])
    tell({ ...prompt, turnId: 't2' })
    expect(sent()).toEqual(['turn/start'])
  })

  test('is known by its beginning, whose answer may come later', () => {
    const { tell, hear, answer, outcomes, now } = talk()
    tell(prompt)
    hear('turn/started', said.turn())
    hear('turn/completed', said.turn('completed'))
    tell({ ...prompt, turnId: 't2' })
    answer('turn/start', said.accepted)
    expect(outcomes()).toEqual([completed])
    expect(now().turn).toMatchObject({ id: 't2', codexId: undefined })
  })

  test('is refused while another runs', () => {
    const { tell, outcomes, sent } = talk()
    tell(prompt)
    tell({ ...prompt, turnId: 't2' })
    expect(outcomes()).toMatchObject([{ failure: { reason: 'bad-request' } }])
    expect(sent()).toEqual(['turn/start'])
  })

  test('ends the session when its request is not answered', () => {
    const { tell, answer, faults } = talk()
    tell(prompt)
    answer('turn/start', said.late)
    expect(faults).toEqual(['timed-out'])
  })
})

describe('configure', () => {
  test('is for the turns after it', () => {
    const { tell, calls } = talk()
    tell({ type: 'configure', model: 'gpt', effort: 'high' })
    tell(prompt)
    expect(calls).toMatchObject([{ params: { model: 'gpt-9-sol', effort: 'high' } }])
  })

  test.each([
    [{ model: 'gpt-1' }, 'codex lists no model gpt-1; there are: gpt-9-sol = gpt, gpt-8-luna = gpt-luna'],
    [{ model: 'gpt-luna', effort: 'high' }, 'gpt-8-luna does not take the effort high; it takes: low'],
    [{ effort: 'ultracode' }, expect.stringContaining('Claude')],
  ] as const)('changes nothing that is not there: %o', (asked, words) => {
    const { tell, now, notices } = talk()
    tell({ type: 'configure', ...asked })
    expect([now().settings, notices()]).toEqual([{}, [words]])
  })
})

describe('leaving', () => {
  test('comes after the end of the turn', () => {
    const { tell, hear, leave, left, sent, endings, now } = talk()
    tell(prompt)
    hear('turn/started', said.turn())
    leave()
    expect(sent().slice(1)).toEqual(['turn/interrupt', 'thread/backgroundTerminals/clean'])
    hear('turn/completed', said.turn('interrupted'))
    expect(sent().slice(3)).toEqual(['thread/backgroundTerminals/clean'])
    expect(endings).toEqual([{ threadId: 'thread', thread: 'goes' }])
    left()
    expect(now().leaving).toBe('left')
  })

  test('is not done when the server does not put the thread away', () => {
    const { leave, left, now } = talk()
    leave()
    left({ reason: 'timed-out', message: 'no' })
    expect(now().leaving).toBe('asked')
  })
})
