import { expect, test } from 'vitest'
import { checkCodexModelAndEffort, translateCodexEffort } from './choose-model.js'
import { readCodexModels } from './models.js'
import { readRecording } from '../recordings.test.support.js'
import { ModelsAnswer } from '../session/wire.js'

/** Reads the models that codex 0.169.0 lists without a network, from a recording. */
function recorded() {
  const answers = readRecording('model-list').flatMap((entry) =>
    entry.from === 'codex' ? (ModelsAnswer.safeParse(entry.line.result).data?.data ?? []) : [],
  )
  return readCodexModels(answers)
}

const names = (ids: readonly string[], isDefault = '') =>
  readCodexModels(ids.map((id) => ({ id, isDefault: id === isDefault, supportedReasoningEfforts: [] }))).map(
    ({ id, aliases }) => [id, ...aliases].join(' '),
  )

test('the recorded list has the current lines by alias, and efforts of our scale', () => {
  expect(recorded().map(({ id, aliases, efforts }) => [id, aliases.join(' '), efforts?.at(-1)])).toEqual([
    ['gpt-6.1-sol', 'gpt gpt-sol', 'max'],
    ['gpt-6-astra', 'gpt-astra', 'max'],
    ['gpt-6-sol', '', 'max'],
    ['gpt-6-luna', 'gpt-luna', 'max'],
    ['gpt-5.6-sol', '', 'max'],
    ['gpt-6.1-terra', 'gpt-terra', 'max'],
    ['gpt-5.6-terra', '', 'max'],
    ['gpt-5.6-luna', '', 'max'],
    ['gpt-5.5', '', 'xhigh'],
  ])
})

test('an alias goes to the newest version, by number', () => {
  expect(names(['gpt-5.9-codex', 'gpt-5.10-codex', 'gpt-5-codex', 'gpt-5.1-codex-mini', 'o3'], 'o3')).toEqual(
    [
      'gpt-5.9-codex',
      'gpt-5.10-codex gpt-codex',
      'gpt-5-codex',
      'gpt-5.1-codex-mini gpt-codex-mini',
      'o3 gpt',
    ],
  )
})

const models = [
  { id: 'gpt-9-sol', aliases: ['gpt'], efforts: ['low', 'high'] as const },
  { id: 'gpt-8-mute', aliases: [], efforts: [] },
]

test.each([
  [{}, { settings: {}, notes: [] }],
  [{ model: 'gpt' }, { settings: { model: 'gpt-9-sol' }, notes: [] }],
  [
    { model: 'gpt', effort: 'high' },
    { settings: { model: 'gpt-9-sol', effort: 'high' }, notes: [] },
  ],
  [{ effort: 'high' }, { settings: { effort: 'high' }, notes: [] }],
  [{ effort: 'max' }, { failure: { reason: 'bad-request', hint: 'it takes: low, high' } }],
  [
    { model: 'gpt-8-mute', effort: 'high' },
    { settings: { model: 'gpt-8-mute' }, notes: ['gpt-8-mute takes no effort: it was left out'] },
  ],
  [
    { model: 'gpt-1' },
    { failure: { reason: 'model-unavailable', hint: 'there are: gpt-9-sol = gpt, gpt-8-mute' } },
  ],
  [{ model: 'gpt', effort: 'max' }, { failure: { reason: 'bad-request', hint: 'it takes: low, high' } }],
  [{ effort: 'ultracode' }, { failure: { reason: 'bad-request' } }],
] as const)('%o is chosen or refused', (asked, choice) => {
  expect(checkCodexModelAndEffort(models, asked)).toMatchObject(choice)
})

test('every effort has a word but the mode of Claude models', () => {
  expect(translateCodexEffort('max')).toEqual({ type: 'word', word: 'max' })
  expect(translateCodexEffort('ultracode')).toMatchObject({ type: 'refused' })
})
