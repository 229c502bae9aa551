import type { TestExpression, Word as SyntaxWord } from 'unbash'
import { readWord, type Variables, type Word } from './word.js'

/**
 * The words of `[[ -f a ]]` as `test` would have them: what looks at a file or compares two texts is the same in all
 * shells, also to one that takes `[[` for a program. `undefined` for all else.
 */
export function testWords(expression: TestExpression, variables?: Variables): readonly Word[] | undefined {
  if (expression.type === 'TestNot') return testWords(expression.operand, variables)
  const isFileTest =
    expression.type === 'TestUnary' && /^-[abcdefghknprsuwxzLOGSN]$/.test(expression.operator)
  if (isFileTest) return wordsOf(expression.operator, [expression.operand], variables)
  const compares = expression.type === 'TestBinary' && /^(==?|!=)$/.test(expression.operator)
  return compares ? wordsOf(expression.operator, [expression.left, expression.right], variables) : undefined
}

function wordsOf(
  operator: string,
  operands: readonly SyntaxWord[],
  variables?: Variables,
): readonly Word[] | undefined {
  // In a pattern zsh may run a command, as in `*(#qe:'x':)`.
  if (!operands.every(({ text }) => /^[\w./@%+:,~"'${}-]+$/.test(text))) return undefined
  return ['test', operator].map(plain).concat(operands.map((operand) => readWord(operand, variables)))
}

function plain(text: string): Word {
  return { text, kind: 'plain' }
}
