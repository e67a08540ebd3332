import { z } from 'zod'
import { mustBe, shown } from '../schema/mistakes.ts'
import { EnvironmentName } from '../schema/names.ts'
import type { shapedText } from '../schema/shaped-text.ts'
import { targetNameForm, targetNamePattern } from '../target-name.ts'

/** A name in the DNS, as a client looks it up. */
export const dnsName = (is: string, error: ReturnType<typeof mustBe> = mustBe(is)) =>
  z
    .string()
    .regex(/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/, { error })

const nameForm =
  'a DNS name in lower case and without a last dot, such as in01-….aws-us-west-2.vectordb.zillizcloud.com'
const HostName = dnsName(nameForm)

/** A private link in place of its host: `https://host:port`. */
const linkForm = /^(?:https:\/\/)?([a-z0-9.-]{1,253}):(\d{1,5})\/?$/
const TargetHost = dnsName(nameForm, issue => {
  const [link, host, port] = linkForm.exec(String(issue.input)) ?? []
  if (link === undefined) return mustBe(nameForm)(issue)
  return `must be the host alone, got ${shown(link)}. Write host ${shown(host)} and port ${port}, or the private link in place of the whole target.`
})

/** What a target has on every cloud; its region is spelled as that cloud does. */
export const commonTarget = (region: ReturnType<typeof shapedText>) => ({
  name: z
    .string()
    .regex(targetNamePattern, {
      error: mustBe(`${targetNameForm} in lower case, such as prod/search/in01-840ec44485bf25d`)
    })
    .describe(`Unique across environments: \`${targetNameForm}\`.`),
  environment: EnvironmentName.describe('The environment that deploys the link.'),
  stack: z
    .string()
    .regex(/^[\w./-]{1,100}$/, { error: mustBe('the id of a stack of cdktf, such as network') })
    .describe('The stack that deploys the link, if no environment does. Remedies then deploy this stack.')
    .optional(),
  region: region.describe("The cloud's own spelling of the endpoint's region."),
  host: TargetHost.describe('The name that clients connect to.'),
  port: z.int().min(1).max(65535).describe('The TCP port that Zilliz Cloud allocated to the host.'),
  canaries: z
    .array(HostName)
    .max(4)
    .describe(
      'Names that must resolve in the same network, such as the name of a public cluster. A parent zone may hide them.'
    )
    .optional()
})
