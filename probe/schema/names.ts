import { shapedText } from './shaped-text.ts'

/** The name of an environment, and of the stack that deploys it. */
export const EnvironmentName = shapedText({
  pattern: /^[a-z](?:[a-z0-9-]{0,18}[a-z0-9])?$/,
  is: 'a name of up to 20 lower-case letters, digits and hyphens such as prod',
  find: 'It names the stack that cdktf deploys.'
})

/** The name of a private link in its environment. */
export const LinkName = shapedText({
  pattern: /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
  is: 'a name of up to 40 lower-case letters, digits and hyphens such as search',
  find: "It keys the link's resources, so keep it once it is deployed."
})
