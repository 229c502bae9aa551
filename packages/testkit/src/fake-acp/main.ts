import { createInterface } from 'node:readline'
import { recordReceivedLine } from '../received-file.js'
import { createAnswering } from './answer-request.js'
import { behaviourVariable, readBehaviour, type FakeAcpBehaviour } from './behaviour.js'
import { createFakeSessions } from './fake-sessions.js'
import { ClientAnswer, Request } from './received.js'
import type { WriteLine } from './lines.js'
import { ignoreTerm } from './misbehave.js'

/** This file is the script of a fake ACP agent, which reads its behaviour first: see `installFakeAcp`. */
const behaviour = readBehaviour(process.env[behaviourVariable])

if (process.argv.includes('--version')) process.stdout.write('0.61.0\n')
else if (behaviour === 'dies-before-first-line') dieEarly()
else serve()

function dieEarly(): void {
  process.stderr.write('fake acp: cannot start\n')
  process.exitCode = 3
}

function serve(): void {
  if (behaviour === 'ignores-term') ignoreTerm()
  const write = writer(behaviour)
  const sessions = createFakeSessions(behaviour, write)
  const respond = createAnswering({ behaviour, sessions, write })
  createInterface({ input: process.stdin }).on('line', (line) => {
    recordReceivedLine(line)
    const heard: unknown = JSON.parse(line)
    const [request, answer] = [Request.safeParse(heard).data, ClientAnswer.safeParse(heard).data]
    if (request !== undefined) respond(request)
    else if (answer !== undefined) sessions.answer(answer.result?.outcome.optionId === 'once')
  })
}

/** Creates the writer of messages: one per line, or each after some lines without a meaning. */
function writer(behaviour: FakeAcpBehaviour): WriteLine {
  const rubbish = [
    '',
    'Warning: something is old',
    '[1,2]',
    'null',
    '{"jsonrpc":"2.0","method":"session/update"}',
    '{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":1,"update":{}}}',
    '{"jsonrpc":"2.0","id":99999,"result":{}}',
    '{"jsonrpc":"2.0","id"',
  ]
  const before = behaviour === 'rubbish' ? rubbish.map((line) => `${line}\n`).join('') : ''
  return (line) => {
    process.stdout.write(before + (typeof line === 'string' ? line : `${JSON.stringify(line)}\n`))
  }
}
