import { describe, expect, test } from 'vitest'
import { findAcpModelId, readAcpModels } from './choices.js'
import { geminiProfile } from '../gemini/gemini-profile.js'
import { sessionAnswer } from '../recordings.test.support.js'

const gemini = readAcpModels(sessionAnswer('turn'), geminiProfile)

describe('the models of a session', () => {
  test('have the names of their families, and the one that is shown', () => {
    expect(gemini.models).toEqual([
      { id: 'auto', aliases: [] },
      { id: 'gemini-3.1-pro-preview-customtools', aliases: ['pro', 'gemini-3.1-pro-preview'] },
      { id: 'gemini-3-flash-preview', aliases: [] },
      { id: 'gemini-2.5-pro', aliases: [] },
      { id: 'gemini-3.8-flash', aliases: ['flash'] },
      { id: 'gemini-3.5-flash-lite', aliases: ['flash-lite'] },
    ])
    expect(gemini.current).toBe('auto')
  })

  test.each([
    [['gemini-2.5-pro', 'gemini-10-pro', 'gemini-9.9-pro'], 'gemini-10-pro'],
    [['gemini-3-pro-preview', 'gemini-3-pro'], 'gemini-3-pro'],
    [['gemini-3.10-pro', 'gemini-3.9-pro'], 'gemini-3.10-pro'],
    [['gemini-pro-latest'], undefined],
  ])('%j: the newest pro is %s', (ids, newest) => {
    const models = { availableModels: ids.map((modelId) => ({ modelId })) }
    const listed = readAcpModels({ models }, geminiProfile)
    expect(listed.models.find(({ aliases }) => aliases.includes('pro'))?.id).toBe(newest)
  })

  test('may be missing', () => {
    expect(readAcpModels({}, geminiProfile)).toMatchObject({ models: [], modelConfigId: undefined })
  })
})

describe('a model that is asked for', () => {
  test.each([
    ['pro', { model: 'gemini-3.1-pro-preview-customtools' }],
    ['gemini-3.1-pro-preview', { model: 'gemini-3.1-pro-preview-customtools' }],
    ['auto', { model: 'auto' }],
    ['opus', { failure: { reason: 'model-unavailable', message: 'gemini has no model named opus' } }],
  ])('%s', (name, expected) => {
    expect(findAcpModelId(gemini.models, name, 'gemini')).toMatchObject(expected)
  })

  test('is passed on where none is listed', () => {
    expect(findAcpModelId([], 'opus', 'other')).toEqual({ model: 'opus' })
  })
})
