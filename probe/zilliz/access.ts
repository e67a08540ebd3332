import { isLoopbackHost } from '../facts/loopback-host.ts'
import { ApiError } from './api-error.ts'

/** Where the API is and what opens it. */
export interface ApiAccess {
  readonly key: string
  /** Ends in `/v2`. */
  readonly address: string
}

/** The variables of the environment that say so, by the names that Zilliz Cloud's Terraform provider reads. */
export interface ApiVariables {
  readonly ZILLIZCLOUD_API_KEY?: string | undefined
  readonly ZILLIZCLOUD_HOST_ADDRESS?: string | undefined
}

const zillizCloud = 'https://api.cloud.zilliz.com/v2'

/**
 * Reads what is needed to ask the API.
 *
 * @throws ApiError with what is wrong; it never holds the key
 */
export function readAccess({ ZILLIZCLOUD_API_KEY, ZILLIZCLOUD_HOST_ADDRESS }: ApiVariables): ApiAccess {
  return { key: readKey(ZILLIZCLOUD_API_KEY), address: readAddress(ZILLIZCLOUD_HOST_ADDRESS) }
}

function readKey(given = ''): string {
  const refuse = (happened: string, remedy: string) => new ApiError({ fault: 'no-key', happened, remedy })
  if (given === '') {
    throw refuse(
      'ZILLIZCLOUD_API_KEY is not set',
      'Create a key on the API Keys page of the Zilliz Cloud console, and set the variable to it.'
    )
  }
  if (!/^[!-~]+$/.test(given)) {
    throw refuse('ZILLIZCLOUD_API_KEY holds what no key holds, such as a space or a line break', 'Copy the key again.')
  }
  return given
}

function readAddress(given = ''): string {
  if (given === '') return zillizCloud
  const refuse = (happened: string, remedy: string) =>
    new ApiError({ fault: 'wrong-address', happened: `ZILLIZCLOUD_HOST_ADDRESS ${happened}`, remedy })
  const like = `Give one like ${zillizCloud}.`
  const url = URL.parse(given)
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw refuse('is not the address of an API', like)
  }
  // Over plain HTTP everybody on the way reads the key.
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHost(url.hostname))) {
    throw refuse('must begin with https://', like)
  }
  const path = url.pathname.replace(/\/+$/, '')
  if (!path.endsWith('/v2')) throw refuse('must end in /v2', like)
  return `${url.origin}${path}`
}
