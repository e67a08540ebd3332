import { createInterface } from 'node:readline/promises'
import { InvalidArgumentError } from 'commander'
import { allClouds, type CloudId, cloudOf } from '../../../probe/clouds.ts'
import { shown } from '../../../probe/schema/mistakes.ts'
import type { LinkQuestion } from '../../starter.ts'
import { clouds } from '../../starters.ts'
import { answerOf, commonQuestions, type GivenValues, readClouds } from './given.ts'
import { type EnvironmentAnswers, mistakesOf, writtenEnvironment } from './written-environment.ts'

/** Thrown when the user ends the questions with Ctrl-C, Ctrl-D or by closing the terminal. */
export class Cancelled extends Error {}

/** Asks one question after the other. */
export interface Asker {
  /**
   * @param check what is wrong with an answer, which is then asked for again; nothing if it is right
   * @returns the answer, without spaces around it
   */
  readonly ask: (message: string, check: (answer: string) => string | undefined) => Promise<string>
  readonly close: () => void
}

/** Opens the terminal of this process for questions. */
export function openAsker(): Asker {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  const ended = new AbortController()
  for (const event of ['SIGINT', 'close'] as const) lines.on(event, () => ended.abort())
  const { signal } = ended
  return {
    ask: async (message, check) => {
      for (;;) {
        const answer = await lines.question(`${message} `, { signal }).catch((error: unknown) => {
          if (!signal.aborted) throw error
          process.stdout.write('\n')
          throw new Cancelled()
        })
        const mistake = check(answer.trim())
        if (mistake === undefined) return answer.trim()
        console.log(`  ${mistake}`)
      }
    },
    close: () => lines.close()
  }
}

/** Whether there is a person to ask. */
export function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true
}

/** Asks for the clouds. */
export async function askClouds({ ask }: Asker): Promise<readonly CloudId[]> {
  const ids = allClouds.map(({ id }) => id)
  const answer = await ask(`On which clouds? ${ids.join(', ')}, or several with commas:`, answer => {
    try {
      readClouds(answer)
      return undefined
    } catch (error) {
      if (error instanceof InvalidArgumentError) return error.message
      throw error
    }
  })
  return readClouds(answer)
}

/** Asks for all that was not given of an environment. An empty answer leaves the default or a placeholder. */
export async function askMissing(asker: Asker, answers: EnvironmentAnswers): Promise<EnvironmentAnswers> {
  const { questions, service } = clouds[answers.cloud]
  const { zone, stateBucket } = commonQuestions
  const withZone = await askInTurn(asker, answers, [zone])
  const chosen = withZone.given.zone ?? zone.initial
  const own = questions.filter(({ onlyWith }) => onlyWith === undefined || onlyWith === chosen)
  const registered = await askRegistration(asker, await askInTurn(asker, withZone, own), service)
  return askInTurn(asker, registered, [stateBucket])
}

async function askRegistration(
  asker: Asker,
  answers: EnvironmentAnswers,
  service: LinkQuestion
): Promise<EnvironmentAnswers> {
  const { given, zillizProject } = answers
  if (given[service.option] !== undefined) return answers
  const isByApi =
    given.clusters !== undefined ||
    zillizProject !== undefined ||
    (await asksByApi(asker, cloudOf(answers.cloud).title))
  if (!isByApi) return askInTurn(asker, answers, [service])
  const project = { option: 'projectId', title: 'Project of Zilliz Cloud', example: 'proj-0a1b2c3d4e5f60718293a4' }
  const projectId = zillizProject ?? ((await askQuestion(asker, answers, project)) || '<project-id>')
  return askInTurn(asker, { ...answers, zillizProject: projectId }, [commonQuestions.clusters])
}

async function asksByApi({ ask }: Asker, title: string): Promise<boolean> {
  const answer = await ask(
    `${title}: Register the endpoint with an API key of Zilliz Cloud (key) or in its console, in two steps (console)? [key]`,
    answer => (['', 'key', 'console'].includes(answer) ? undefined : `must be key or console, got ${shown(answer)}.`)
  )
  return answer !== 'console'
}

async function askInTurn(
  asker: Asker,
  answers: EnvironmentAnswers,
  questions: readonly LinkQuestion[]
): Promise<EnvironmentAnswers> {
  let { given } = answers
  for (const question of questions) {
    if (given[question.option] !== undefined) continue
    const answer = await askQuestion(asker, { ...answers, given }, question)
    if (answer !== '') given = { ...given, [question.option]: answerOf(question, answer) }
  }
  return { ...answers, given }
}

/** @returns an answer that is right by itself and with those before it; empty for none */
function askQuestion({ ask }: Asker, answers: EnvironmentAnswers, question: LinkQuestion): Promise<string> {
  const { title, example, initial, isList } = question
  const hint =
    initial === undefined
      ? `(such as ${example}${isList === true ? '; separate several by commas' : ''})`
      : `[${initial}]`
  return ask(`${cloudOf(answers.cloud).title}: ${title} ${hint}:`, answer => {
    if (answer === '') return undefined
    const mistakes = mistakesOf(writtenEnvironment(withAnswer(answers, question, answer)))
    const line = mistakes.find(({ option }) => option === question.option)?.line
    return line?.slice(line.indexOf(': ') + 2)
  })
}

function withAnswer(answers: EnvironmentAnswers, question: LinkQuestion, answer: string): EnvironmentAnswers {
  if (question.option === 'projectId') return { ...answers, zillizProject: answer }
  const given: GivenValues = { ...answers.given, [question.option]: answerOf(question, answer) }
  return { ...answers, given }
}
