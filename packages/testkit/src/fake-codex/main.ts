import { createInterface } from 'node:readline'
import { recordReceivedLine } from '../received-file.js'
import { answerRequest } from './answer-request.js'
import { behaviourVariable, readBehaviour, type FakeCodexBehaviour } from './behaviour.js'
import { createFakeThreads } from './fake-threads.js'
import { ClientAnswer, Request } from './received.js'
import { refusal, answerLine, type WriteLine } from './lines.js'

/** This file is the script of a fake `codex`, which reads its behaviour first: see `installFakeCodex`. */
const behaviour = readBehaviour(process.env[behaviourVariable])

if (behaviour === 'dies-before-first-line') dieEarly()
else serve()

function dieEarly(): void {
  process.stderr.write('fake codex: cannot start\n')
  process.exitCode = 3
}

function serve(): void {
  const write = writer(behaviour)
  const threads = createFakeThreads({ behaviour, write })
  const ask = (request: Request) => {
    const answer = answerRequest(request, { behaviour, threads })
    if (answer === undefined) return
    const line = typeof answer === 'string' ? refusal(request.id, answer) : answerLine(request.id, answer)
    const isLate = behaviour === 'late-second-thread' && request.method === 'thread/start'
    if (isLate && threads.started() > 1) setTimeout(write, 150, line)
    else write(line)
  }
  createInterface({ input: process.stdin }).on('line', (line) => {
    recordReceivedLine(line)
    const heard: unknown = JSON.parse(line)
    const [request, answer] = [Request.safeParse(heard).data, ClientAnswer.safeParse(heard).data]
    if (request !== undefined) ask(request)
    else if (answer !== undefined) threads.answer(answer.id, answer.result?.decision === 'accept')
  })
}

/** Creates the writer of messages: as they are, or each after some lines without a meaning. */
function writer(behaviour: FakeCodexBehaviour): WriteLine {
  const rubbish = [
    '',
    'Warning: old',
    '[1]',
    'null',
    '{"method":"news"}',
    '{"id":9e9,"result":{}}',
    '{"method":1',
  ]
  const before = behaviour === 'rubbish' ? rubbish.map((line) => `${line}\n`).join('') : ''
  return (line) => {
    process.stdout.write(before + (typeof line === 'string' ? line : `${JSON.stringify(line)}\n`))
  }
}
