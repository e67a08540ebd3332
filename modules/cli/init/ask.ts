import { isCancel, multiselect, select, text } from '@clack/prompts'
import { allClouds, type CloudId, cloudOf } from '../../../probe/clouds.ts'
import type { LinkQuestion } from '../../starter.ts'
import { clouds } from '../../starters.ts'
import { answerOf, commonQuestions, type GivenValues } from './given.ts'
import { type EnvironmentAnswers, mistakesOf, writtenEnvironment } from './written-environment.ts'

/** Thrown when the user ends the questions with Ctrl-C or Escape. */
export class Cancelled extends Error {}

/** Asks for the clouds on the terminal. */
export async function askClouds(): Promise<readonly CloudId[]> {
  return answered(
    await multiselect({
      message: 'On which clouds? Space selects, Enter continues.',
      options: allClouds.map(({ id, title }) => ({ value: id, label: title })),
      required: true
    })
  )
}

/** Asks for all that was not given of an environment. An empty answer leaves a placeholder. */
export async function askMissing(answers: EnvironmentAnswers): Promise<EnvironmentAnswers> {
  const { cloud } = answers
  const { title } = cloudOf(cloud)
  const { questions, service } = clouds[cloud]
  const before = { ...answers, given: { ...answers.given, zone: answers.given.zone ?? (await askZone(title)) } }
  const after = await inTurn(
    before,
    questions.filter(({ onlyWith }) => onlyWith === undefined || onlyWith === before.given.zone)
  )
  const registered = await askRegistration(after, service)
  return inTurn(registered, [commonQuestions.stateBucket])
}

async function askZone(title: string): Promise<string> {
  return answered(
    await select({
      message: `${title}: which DNS zone?`,
      options: [
        { value: 'per-host', label: 'per-host', hint: 'a zone for each host, recommended by Zilliz Cloud' },
        { value: 'parent', label: 'parent', hint: 'one zone, which hides all other Zilliz Cloud names' },
        { value: 'existing', label: 'existing', hint: 'records in a private zone that you have' },
        { value: 'none', label: 'none', hint: 'no zone and no records' }
      ]
    })
  )
}

async function askRegistration(answers: EnvironmentAnswers, service: LinkQuestion): Promise<EnvironmentAnswers> {
  const { given, zillizProject } = answers
  const isSettled = given.clusters !== undefined || zillizProject !== undefined || given[service.option] !== undefined
  const { title } = cloudOf(answers.cloud)
  const isByApi = isSettled
    ? given[service.option] === undefined
    : answered(
        await select({
          message: `${title}: how do you register the endpoint with Zilliz Cloud?`,
          options: [
            { value: true, label: 'With an API key', hint: 'the deploy does it' },
            { value: false, label: 'By hand', hint: 'in the Add Private Link dialog, in two steps' }
          ]
        })
      )
  if (!isByApi) return inTurn(answers, [service])
  const project = { option: 'projectId', title: 'Project of Zilliz Cloud', example: 'proj-0a1b2c3d4e5f60718293a4' }
  const withProject = {
    ...answers,
    zillizProject: zillizProject ?? ((await askText(answers, project)) || '<project-id>')
  }
  return inTurn(withProject, [commonQuestions.clusters])
}

async function inTurn(answers: EnvironmentAnswers, questions: readonly LinkQuestion[]): Promise<EnvironmentAnswers> {
  let { given } = answers
  for (const question of questions) {
    if (given[question.option] !== undefined) continue
    const answer = await askText({ ...answers, given }, question)
    if (answer !== '') given = { ...given, [question.option]: answerOf(question, answer) }
  }
  return { ...answers, given }
}

/** @returns the answer, of which nothing is wrong with what was answered before; empty for none */
async function askText(answers: EnvironmentAnswers, question: LinkQuestion): Promise<string> {
  const check = (answer: string | undefined) => {
    if (answer === undefined || answer.trim() === '') return undefined
    const mistakes = mistakesOf(writtenEnvironment(withAnswer(answers, question, answer)))
    const [own] = mistakes.filter(({ option }) => option === question.option)
    return own === undefined ? undefined : own.line.slice(own.line.indexOf(': ') + 2)
  }
  const answer = answered(
    await text({
      message: `${cloudOf(answers.cloud).title}: ${question.title}?${question.isList === true ? ' Separate several by commas.' : ''}`,
      placeholder: question.initial ?? question.example,
      ...(question.initial === undefined ? {} : { defaultValue: question.initial }),
      validate: check
    })
  )
  return (answer ?? '').trim()
}

function withAnswer(answers: EnvironmentAnswers, question: LinkQuestion, answer: string): EnvironmentAnswers {
  if (question.option === 'projectId') return { ...answers, zillizProject: answer.trim() }
  const given: GivenValues = { ...answers.given, [question.option]: answerOf(question, answer) }
  return { ...answers, given }
}

function answered<Value>(answer: Value): Exclude<Value, symbol> {
  if (isCancel(answer)) throw new Cancelled()
  return answer as Exclude<Value, symbol>
}

/** Whether there is a person to ask. */
export function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true
}
